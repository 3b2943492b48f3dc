"""Which accounts an organization has: all of them, or those that were asked for, page by page as AWS lists them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, TypeVar

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.deadline import within
from rootsweep.aws.organizations import (
    Organization,
    Page,
    list_accounts,
    list_accounts_for_parent,
    list_organizational_units,
    list_tags,
)
from rootsweep.aws.session import Session
from rootsweep.model.organization import Account, OrganizationalUnit

_SECONDS_A_PAGE: Final = 120.0
"""How long a page that is throttled is asked for again."""

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
        """Give the accounts in scope as they are listed; a refusal is the last item and says why there may be more."""
        seen: set[str] = set()
        missing = set(self._selection.accounts)
        for found in self._all_accounts():
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

    def units(self, paths: Iterable[str]) -> Iterator[OrganizationalUnit | Refusal]:
        """Give the units in these paths of accounts, each once with its name; a refusal stands for those of one parent."""
        parents = {node for path in paths for node in path.rstrip("/").split("/")[1:-1]}
        for parent in sorted(parents):
            yield from _every(partial(list_organizational_units, self._session, self._access, parent))

    def _all_accounts(self) -> Iterator[Account | Refusal]:
        if not self._selection.units:
            yield from _every(partial(list_accounts, self._session, self._access))
        for unit in self._selection.units:
            yield from self._below(unit)

    def _below(self, unit: str) -> Iterator[Account | Refusal]:
        """Walk a unit and all below it, without recursion."""
        pending = [unit]
        while pending:
            parent = pending.pop()
            yield from _every(partial(list_accounts_for_parent, self._session, self._access, parent))
            for child in _every(partial(list_organizational_units, self._session, self._access, parent)):
                if isinstance(child, Refusal):
                    yield child
                    return
                pending.append(child.id)

    def _fits(self, account: Account) -> bool | Refusal:
        selection = self._selection
        if account.id in selection.exclude or (selection.accounts and account.id not in selection.accounts):
            return False
        if not selection.tags:
            return True
        tags = list_tags(self._session, self._access, account.id)
        return tags if isinstance(tags, Refusal) else selection.tags <= tags.value


def _every(list_page: Callable[[str | None], Listed[T]]) -> Iterator[T | Refusal]:
    """Follow the tokens to the last page; an empty page is not the last."""
    token: str | None = None
    while True:
        with within(_SECONDS_A_PAGE):
            answer = list_page(token)
        if isinstance(answer, Refusal):
            yield answer
            return
        yield from answer.value.items
        token = answer.value.next_token
        if token is None:
            return
