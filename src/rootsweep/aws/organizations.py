"""The calls of AWS Organizations (Organizations API reference).

Except DescribeOrganization they answer to the management account and to delegated administrators alone. Lists come in pages of
at most 20, of which some may be empty and anyway not the last.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from rootsweep.aws.call import Response, ask
from rootsweep.aws.paging import Page, every_page, read_page
from rootsweep.aws.session import AccountAccess, Session, partition_of_arn
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import UnavailableReason
from rootsweep.core.organization import Account, AccountState, OrganizationalUnit

T = TypeVar("T")

_ACCOUNT_ID: Final = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization: its id, the id of its management account, and its feature set, None where AWS gives none."""

    id: str
    management_account_id: str
    feature_set: str | None = None


def describe_organization(session: Session, access: AccountAccess) -> Answer[Organization] | Refusal:
    """Ask for the organization of the caller's account (DescribeOrganization)."""
    return ask(
        session,
        access,
        "organizations:DescribeOrganization",
        lambda organizations: organizations.describe_organization(),
        lambda response: _organization(response["Organization"]),
    )


def list_accounts(session: Session, access: AccountAccess, token: str | None) -> Answer[Page[Account]] | Refusal:
    """Ask for a page of all accounts (ListAccounts)."""
    return ask(
        session,
        access,
        "organizations:ListAccounts",
        lambda organizations: organizations.list_accounts(**_from(token)),
        _page("Accounts", _account),
    )


def list_accounts_for_parent(
    session: Session, access: AccountAccess, parent_id: str, token: str | None
) -> Answer[Page[Account]] | Refusal:
    """Ask for a page of the accounts directly in a root or organizational unit (ListAccountsForParent)."""
    return ask(
        session,
        access,
        "organizations:ListAccountsForParent",
        lambda organizations: organizations.list_accounts_for_parent(ParentId=parent_id, **_from(token)),
        _page("Accounts", _account),
    )


def list_organizational_units(
    session: Session, access: AccountAccess, parent_id: str, token: str | None
) -> Answer[Page[OrganizationalUnit]] | Refusal:
    """Ask for a page of the units directly in a root or unit (ListOrganizationalUnitsForParent)."""
    return ask(
        session,
        access,
        "organizations:ListOrganizationalUnitsForParent",
        lambda organizations: organizations.list_organizational_units_for_parent(ParentId=parent_id, **_from(token)),
        _page("OrganizationalUnits", _unit),
    )


def list_tags(session: Session, access: AccountAccess, account_id: str) -> Answer[frozenset[tuple[str, str]]] | Refusal:
    """Ask for the tags of an account, as keys and values (ListTagsForResource, every page)."""
    return ask(
        session,
        access,
        "organizations:ListTagsForResource",
        lambda organizations: every_page(organizations.list_tags_for_resource, "Tags", ResourceId=account_id),
        lambda response: frozenset((tag["Key"], tag["Value"]) for tag in response["Tags"]),
    )


def of_administrators_alone(refusal: Refusal, *, is_management: bool) -> Refusal:
    """Tell a denied caller outside the management account what it may lack besides a permission.

    All but DescribeOrganization answer to the management account and to delegated administrators alone (Organizations API
    reference). Their text then names no permission, and none is advised.
    """
    if refusal.reason is not UnavailableReason.ACCESS_DENIED or is_management:
        return refusal
    call = refusal.origin.api_call
    names_permission = refusal.denial is not None and refusal.denial.principal is not None
    return replace(
        refusal,
        problem=f"{refusal.problem}: AWS answers {call} to the management account and to delegated administrators alone",
        advice="call from one of them" + (f", and {refusal.advice}" if names_permission else ""),
    )


def _organization(entry: Response) -> Organization:
    return Organization(entry["Id"], entry["MasterAccountId"], entry.get("FeatureSet"))


def _from(token: str | None) -> dict[str, str]:
    return {} if token is None else {"NextToken": token}


def _page(member: str, read: Callable[[Response], T]) -> Callable[[Response], Page[T]]:
    return lambda response: read_page(response, member, read)


def _unit(entry: Response) -> OrganizationalUnit:
    unit_id = _text(entry["Id"])
    return OrganizationalUnit(unit_id, _text(entry.get("Name") or unit_id))


def _account(entry: Response) -> Account:
    """Read an account by its ``State``, or where there is none by ``Status``, which was retired on 2026-09-09."""
    account_id = _text(entry["Id"])
    if _ACCOUNT_ID.fullmatch(account_id) is None:
        raise ValueError(account_id)
    name = entry.get("Name")
    state = str(entry.get("State") or entry.get("Status") or "")
    return Account(
        id=account_id,
        name=None if name is None else _text(name),
        partition=partition_of_arn(_text(entry.get("Arn") or "")),
        state=AccountState(state) if state in AccountState.__members__ else None,
        path=_path(entry),
    )


def _text(value: object) -> str:
    """Take a text; ``TypeError`` for anything else, which the SDK hands on as it came."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _path(entry: Response) -> str | None:
    """Return the path of what holds an account: AWS's own ends with the account itself."""
    paths = entry.get("Paths") or ()
    return str(paths[0]).removesuffix("/").removesuffix(entry["Id"]) if paths else None
