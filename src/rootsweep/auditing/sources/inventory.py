"""Which accounts an organization has: all of them, or those that were asked for, page by page as AWS lists them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, TypeVar

from rootsweep.aws.call import until_usable
from rootsweep.aws.organizations import (
    Organization,
    list_accounts,
    list_accounts_for_parent,
    list_organizational_units,
    list_tags,
)
from rootsweep.aws.pacing import within
from rootsweep.aws.paging import BrokenListError, Course, Page
from rootsweep.aws.refusals import refusal_of_broken_list, unreadable_entries
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.organization import Account, OrganizationalUnit
from rootsweep.errors import UsageError

_SECONDS_A_PAGE: Final = 120.0
"""How long a page that is throttled, or cannot be used, is asked for again."""

_NO_SUCH_UNIT: Final = frozenset({"ParentNotFoundException", "InvalidInputException"})
"""How ListAccountsForParent refuses an id that names no root or unit (Organizations API reference, ListAccountsForParent)."""

T = TypeVar("T")
Listed = Answer[Page[T]] | Refusal


@dataclass(frozen=True, slots=True)
class Selection:
    """What narrows the scope; what is empty does not.

    ``accounts`` and ``exclude`` are ids, ``units`` the ids of roots and organizational units, which stand for everything below
    them, ``tags`` keys and values of which an account must have every one.
    """

    accounts: frozenset[str] = field(default_factory=frozenset)
    units: tuple[str, ...] = ()
    tags: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    exclude: frozenset[str] = field(default_factory=frozenset)


class Inventory:
    """Lists an organization's accounts, each once."""

    def __init__(self, session: Session, access: AccountAccess, organization: Organization, selection: Selection) -> None:
        self._session = session
        self._access = access
        self._organization = organization
        self._selection = selection

    def accounts(self) -> Iterator[Account | Refusal]:
        """Return the accounts in scope as they are listed; a refusal is the last item and says why there may be more.

        Raises ``UsageError`` for a unit that the organization does not have, before any account is given.
        """
        seen: set[str] = set()
        omissions: list[Refusal] = []
        missing = set(self._selection.accounts)
        for found in self._all_accounts(omissions):
            if isinstance(found, Refusal):
                yield found
                return
            missing.discard(found.id)
            if found.id in seen:
                continue
            seen.add(found.id)
            fits = self._fits(found)
            if isinstance(fits, Refusal):
                yield fits
                return
            if fits:
                yield replace(found, is_management_account=found.id == self._organization.management_account_id)
            if self._selection.accounts and not missing:
                return
        yield from omissions[:1]

    def units(self, paths: Iterable[str]) -> Iterator[OrganizationalUnit | Refusal]:
        """Return the units in these paths of accounts, each once with its name; a refusal stands for those of one parent."""
        parents = {node for path in paths for node in path.rstrip("/").split("/")[1:-1]}
        for parent in sorted(parents):
            yield from _every(partial(list_organizational_units, self._session, self._access, parent), [])

    def _all_accounts(self, omissions: list[Refusal]) -> Iterator[Account | Refusal]:
        if not self._selection.units:
            yield from _every(partial(list_accounts, self._session, self._access), omissions)
        first_pages = {unit: self._first_page(unit) for unit in self._selection.units}
        for unit, first_page in first_pages.items():
            yield from self._below(unit, first_page, omissions)

    def _first_page(self, unit: str) -> Listed[Account]:
        with within(_SECONDS_A_PAGE):
            answer = self._accounts_in(unit, None)
        if isinstance(answer, Refusal) and answer.error_code in _NO_SUCH_UNIT:
            raise UsageError(
                f"the organization has no root or organizational unit {unit!r}",
                "check --ou; the ids are in the console of AWS Organizations",
            )
        return answer

    def _accounts_in(self, parent: str, token: str | None) -> Listed[Account]:
        return list_accounts_for_parent(self._session, self._access, parent, token)

    def _below(self, unit: str, first_page: Listed[Account], omissions: list[Refusal]) -> Iterator[Account | Refusal]:
        """Walk a unit and all below it, each once, without recursion; the first page of the unit itself is there already."""
        at_hand = [first_page]

        def accounts_in_unit(token: str | None) -> Listed[Account]:
            return at_hand.pop() if token is None and at_hand else self._accounts_in(unit, token)

        pending, known = [unit], {unit}
        while pending:
            parent = pending.pop()
            yield from _every(accounts_in_unit if parent == unit else partial(self._accounts_in, parent), omissions)
            for child in _every(partial(list_organizational_units, self._session, self._access, parent), omissions):
                if isinstance(child, Refusal):
                    yield child
                    return
                if child.id not in known:
                    known.add(child.id)
                    pending.append(child.id)

    def _fits(self, account: Account) -> bool | Refusal:
        selection = self._selection
        if account.id in selection.exclude or (selection.accounts and account.id not in selection.accounts):
            return False
        if not selection.tags:
            return True
        with within(_SECONDS_A_PAGE):
            tags = until_usable(partial(list_tags, self._session, self._access, account.id))
        return tags if isinstance(tags, Refusal) else selection.tags <= tags.value


def _every(list_page: Callable[[str | None], Listed[T]], omissions: list[Refusal]) -> Iterator[T | Refusal]:
    """Follow the tokens to the last page; an empty page is not the last.

    A page that cannot be used is asked for again. What stays unreadable in it is skipped, and added to ``omissions``.
    """
    course = Course()
    token: str | None = None
    while True:
        with within(_SECONDS_A_PAGE):
            answer = until_usable(partial(list_page, token), lambda page: page.unusable == 0)
        if isinstance(answer, Refusal):
            yield answer
            return
        page = answer.value
        if page.unusable:
            omissions.append(unreadable_entries(answer.origin, page.unusable))
        yield from page.items
        token = page.next_token
        if token is None:
            return
        try:
            course.go_on(token, map(repr, page.items))
        except BrokenListError as error:
            yield refusal_of_broken_list(error, answer.origin)
            return
