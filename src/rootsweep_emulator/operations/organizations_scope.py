"""The organization that a call is about, if the caller may act in it; its pages and ARNs (Organizations API reference).

Most operations can be called "only from the management account or a member account that is a delegated administrator": of a
service, for what lists and describes ("grants read-only access to Organizations service data", RegisterDelegatedAdministrator);
or by the organization's resource-based delegation policy, for the actions that it allows. The rest is for the management
account alone.

Also here: accounts and units as Organizations describes them (API reference, Account and OrganizationalUnit), and what policies
are attached to and tags are put on, which is the root, units, and accounts.
"""

from dataclasses import dataclass
from typing import Any, Literal

from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.call import Answer, Call, Item, moment, page_of
from rootsweep_emulator.state.account import Account
from rootsweep_emulator.state.organization import Organization, OrganizationalUnit
from rootsweep_emulator.state.policy_document import matches_action

PAGE = 20
"""The most items of a page; the API's own limit for MaxResults."""


def own_organization(call: Call) -> Organization:
    """Return the organization of the calling account, whichever account it is."""
    organization = call.world.organization_of(call.account)
    if organization is None:
        raise ServiceError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    return organization


def administered(call: Call) -> Organization:
    """Return the organization to its management account, or to a delegated administrator for this operation."""
    organization = own_organization(call)
    account_id = call.account.id
    if account_id == organization.management_account_id:
        return organization
    is_read = call.operation.startswith(("List", "Describe"))
    if is_read and organization.is_delegate(account_id, call.now):
        return organization
    if matches_action(organization.delegation_policy.get(account_id, ()), call.action):
        return organization
    raise _denied()


def managed(call: Call) -> Organization:
    """Return the organization to its management account alone."""
    organization = own_organization(call)
    if call.account.id != organization.management_account_id:
        raise _denied()
    return organization


def _denied() -> ServiceError:
    return ServiceError("AccessDeniedException", "You don't have permissions to access this resource.")


def account_of(call: Call, organization: Organization, account_id: str) -> Account | None:
    """Find an account of the organization."""
    account = call.world.accounts.get(account_id)
    return account if account is not None and account.organization_id == organization.id else None


def existing_account(call: Call, organization: Organization) -> Account:
    """Find the account that the call's AccountId names.

    Raises:
        ServiceError: AccountNotFoundException.
    """
    account = account_of(call, organization, call.parameters["AccountId"])
    if account is None:
        raise ServiceError("AccountNotFoundException", "You specified an account that doesn't exist.")
    return account


def page(call: Call, items: list[Item], *, empty_every: int = 0) -> tuple[list[Item], str | None]:
    """Cut the page that a call asks for, and give the token of the next (see :func:`page_of`)."""
    found, token = page_of(call, items, most=call.parameters.get("MaxResults", PAGE), empty_every=empty_every)
    return list(found), token


def with_token(answer: Answer, token: str | None) -> Answer:
    """Add the token of the next page to an answer; nothing after the last page."""
    return answer if token is None else answer | {"NextToken": token}


def arn(organization: Organization, resource: str) -> str:
    """Return the ARN of a resource of the organization."""
    return f"arn:{organization.partition}:organizations::{organization.management_account_id}:{resource}"


def described_unit(organization: Organization, unit: OrganizationalUnit) -> dict[str, Any]:
    """Describe a unit."""
    return {"Id": unit.id, "Arn": arn(organization, f"ou/{organization.id}/{unit.id}"), "Name": unit.name}


def described_account(organization: Organization, account: Account) -> dict[str, Any]:
    """Describe an account by ``State``; ``Status`` was retired on 2026-09-09 (Organizations API reference, Account).

    A path ends with the account itself, as in ``o-r1e3db1vbq/r-wfup/ou-wfup-7taopy61/111122223333/``.
    """
    described = {
        "Id": account.id,
        "Arn": arn(organization, f"account/{organization.id}/{account.id}"),
        "Email": account.email,
        "Name": account.name,
        "State": account.state,
        "Paths": ["/".join([organization.id, *reversed(list(organization.path(account))), ""])],
        "JoinedMethod": "INVITED" if account.invited else "CREATED",
        "JoinedTimestamp": moment(account.created_at),
    }
    if organization.shows_retired_status and account.state in {"ACTIVE", "SUSPENDED", "PENDING_CLOSURE"}:
        described["Status"] = account.state
    return described


@dataclass(frozen=True, slots=True)
class Target:
    """A root, unit or account, as ListTargetsForPolicy tells of it."""

    id: str
    name: str
    type: Literal["ROOT", "ORGANIZATIONAL_UNIT", "ACCOUNT"]


def target_of(call: Call, organization: Organization, target_id: str) -> Target:
    """Find a target by its id.

    Raises:
        ServiceError: TargetNotFoundException.
    """
    if target_id == organization.root_id:
        return Target(target_id, "Root", "ROOT")
    unit = organization.units.get(target_id)
    if unit is not None:
        return Target(unit.id, unit.name, "ORGANIZATIONAL_UNIT")
    account = account_of(call, organization, target_id)
    if account is None:
        raise target_not_found()
    return Target(account.id, account.name, "ACCOUNT")


def targets(organization: Organization) -> list[Target]:
    """List every target, from the root down."""
    units = [Target(unit.id, unit.name, "ORGANIZATIONAL_UNIT") for unit in organization.units.values()]
    accounts = [Target(account.id, account.name, "ACCOUNT") for account in organization.accounts]
    return [Target(organization.root_id, "Root", "ROOT"), *units, *accounts]


def target_not_found() -> ServiceError:
    """Return the error for a target that there is not."""
    return ServiceError("TargetNotFoundException", "You specified a target that doesn't exist.")


def summary(organization: Organization, target: Target) -> Answer:
    """Describe a target."""
    kind = {"ROOT": "root", "ORGANIZATIONAL_UNIT": "ou", "ACCOUNT": "account"}[target.type]
    resource = f"{kind}/{organization.id}/{target.id}"
    return {"TargetId": target.id, "Arn": arn(organization, resource), "Name": target.name, "Type": target.type}
