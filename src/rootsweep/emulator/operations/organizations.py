"""What Organizations tells of the organization and its tree (Organizations API reference).

Except DescribeOrganization, "this operation can be called only from the organization's management account or by a member
account that is a delegated administrator".
"""

from typing import Any, Final

from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.operations.call import Answer, Call, moment
from rootsweep.emulator.operations.paging import Item, page_of
from rootsweep.emulator.state.account import Account
from rootsweep.emulator.state.organization import Organization, OrganizationalUnit

PAGE: Final = 20
"""The most items of a page; the API's own limit for MaxResults."""


def describe_organization(call: Call) -> Answer:
    """Describe the organization to any of its accounts."""
    organization = _organization(call)
    management = call.world.accounts[organization.management_account_id]
    return {
        "Organization": {
            "Id": organization.id,
            "Arn": _arn(organization, f"organization/{organization.id}"),
            "FeatureSet": "ALL",
            "MasterAccountArn": _arn(organization, f"account/{organization.id}/{management.id}"),
            "MasterAccountId": management.id,
            "MasterAccountEmail": management.email,
            "AvailablePolicyTypes": [],
        }
    }


def list_accounts(call: Call) -> Answer:
    """List every account."""
    organization = _administered(call)
    accounts, token = _page(call, organization.accounts, empty_every=organization.empty_page_every)
    return _with_token({"Accounts": [_account(organization, account) for account in accounts]}, token)


def list_roots(call: Call) -> Answer:
    """List the one root."""
    organization = _administered(call)
    arn = _arn(organization, f"root/{organization.id}/{organization.root_id}")
    return {"Roots": [{"Id": organization.root_id, "Arn": arn, "Name": "Root", "PolicyTypes": []}]}


def list_organizational_units_for_parent(call: Call) -> Answer:
    """List the units directly in a root or unit."""
    organization = _administered(call)
    parent = _parent(call, organization)
    units, token = _page(call, [unit for unit in organization.units.values() if unit.parent_id == parent])
    return _with_token({"OrganizationalUnits": [_unit(organization, unit) for unit in units]}, token)


def list_accounts_for_parent(call: Call) -> Answer:
    """List the accounts directly in a root or unit."""
    organization = _administered(call)
    accounts, token = _page(call, organization.children(_parent(call, organization)))
    return _with_token({"Accounts": [_account(organization, account) for account in accounts]}, token)


def list_tags_for_resource(call: Call) -> Answer:
    """List the tags of an account; units and the root have none here."""
    organization = _administered(call)
    resource = call.parameters["ResourceId"]
    account = call.world.accounts.get(resource)
    if account is not None and account.organization_id == organization.id:
        return {"Tags": [{"Key": key, "Value": value} for key, value in account.tags]}
    if resource == organization.root_id or resource in organization.units:
        return {"Tags": []}
    raise ServiceError("TargetNotFoundException", "You specified a target that doesn't exist.")


def list_delegated_administrators(call: Call) -> Answer:
    """List the delegated administrators, of one service or of all."""
    organization = _administered(call)
    registered = organization.delegated_administrators.seen(call.now)
    asked = call.parameters.get("ServicePrincipal")
    since: dict[str, float] = {}
    for principal, accounts in registered.items():
        if asked in {None, principal}:
            for account_id, at in accounts.items():
                since[account_id] = min(at, since.get(account_id, at))
    entries, token = _page(call, sorted(since.items()))
    answer = [
        _account(organization, call.world.accounts[account_id]) | {"DelegationEnabledDate": moment(at)}
        for account_id, at in entries
    ]
    return _with_token({"DelegatedAdministrators": answer}, token)


def list_aws_service_access_for_organization(call: Call) -> Answer:
    """List the services with trusted access."""
    organization = _administered(call)
    entries, token = _page(call, sorted(organization.trusted_access.seen(call.now).items()))
    answer = [{"ServicePrincipal": principal, "DateEnabled": moment(at)} for principal, at in entries]
    return _with_token({"EnabledServicePrincipals": answer}, token)


def _organization(call: Call) -> Organization:
    organization = call.world.organization_of(call.account)
    if organization is None:
        raise ServiceError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    return organization


def _administered(call: Call) -> Organization:
    organization = _organization(call)
    account_id = call.account.id
    if account_id != organization.management_account_id and not organization.is_delegate(account_id, call.now):
        raise ServiceError("AccessDeniedException", "You don't have permissions to access this resource.")
    return organization


def _parent(call: Call, organization: Organization) -> str:
    parent: str = call.parameters["ParentId"]
    if parent != organization.root_id and parent not in organization.units:
        raise ServiceError("ParentNotFoundException", "We can't find a root or OU with the ParentId that you specified.")
    return parent


def _page(call: Call, items: list[Item], *, empty_every: int = 0) -> tuple[list[Item], str | None]:
    page, token = page_of(call, items, most=call.parameters.get("MaxResults", PAGE), empty_every=empty_every)
    return list(page), token


def _with_token(answer: Answer, token: str | None) -> Answer:
    return answer if token is None else answer | {"NextToken": token}


def _arn(organization: Organization, resource: str) -> str:
    return f"arn:{organization.partition}:organizations::{organization.management_account_id}:{resource}"


def _unit(organization: Organization, unit: OrganizationalUnit) -> dict[str, Any]:
    return {"Id": unit.id, "Arn": _arn(organization, f"ou/{organization.id}/{unit.id}"), "Name": unit.name}


def _account(organization: Organization, account: Account) -> dict[str, Any]:
    """Describe an account by ``State``; ``Status`` was retired on 2026-09-09 (Organizations API reference, Account)."""
    described = {
        "Id": account.id,
        "Arn": _arn(organization, f"account/{organization.id}/{account.id}"),
        "Email": account.email,
        "Name": account.name,
        "State": account.state,
        "JoinedMethod": "INVITED" if account.invited else "CREATED",
        "JoinedTimestamp": moment(account.created_at),
    }
    if organization.shows_retired_status and account.state in {"ACTIVE", "SUSPENDED", "PENDING_CLOSURE"}:
        described["Status"] = account.state
    return described
