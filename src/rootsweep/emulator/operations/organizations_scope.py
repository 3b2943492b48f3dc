"""The organization that a call is about, if the caller may act in it; its pages and ARNs (Organizations API reference).

Most operations can be called "only from the management account or a member account that is a delegated administrator": of a
service, for what lists and describes ("grants read-only access to Organizations service data", RegisterDelegatedAdministrator);
or by the organization's resource-based delegation policy, for the actions that it allows. The rest is for the management
account alone.
"""

from rootsweep.emulator.access.patterns import matches_action
from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.operations.call import Answer, Call
from rootsweep.emulator.operations.paging import Item, page_of
from rootsweep.emulator.state.account import Account
from rootsweep.emulator.state.organization import Organization

PAGE = 20
"""The most items of a page; the API's own limit for MaxResults."""


def own_organization(call: Call) -> Organization:
    """Give the organization of the calling account, whichever account it is."""
    organization = call.world.organization_of(call.account)
    if organization is None:
        raise ServiceError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    return organization


def administered(call: Call) -> Organization:
    """Give the organization to its management account, or to a delegated administrator for this operation."""
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
    """Give the organization to its management account alone."""
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
    """Give the ARN of a resource of the organization."""
    return f"arn:{organization.partition}:organizations::{organization.management_account_id}:{resource}"
