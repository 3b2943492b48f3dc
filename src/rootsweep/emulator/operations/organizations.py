"""What Organizations tells of the organization and its tree (Organizations API reference)."""

from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.operations.call import Answer, Call
from rootsweep.emulator.operations.organizations_attachments import root
from rootsweep.emulator.operations.organizations_entities import described_account, described_unit
from rootsweep.emulator.operations.organizations_scope import (
    account_of,
    administered,
    arn,
    existing_account,
    own_organization,
    page,
    with_token,
)
from rootsweep.emulator.state.organization import Organization


def describe_organization(call: Call) -> Answer:
    """Describe the organization to any of its accounts.

    AvailablePolicyTypes is deprecated and "doesn't provide complete information": it is always empty here.
    """
    organization = own_organization(call)
    management = call.world.accounts[organization.management_account_id]
    return {
        "Organization": {
            "Id": organization.id,
            "Arn": arn(organization, f"organization/{organization.id}"),
            "FeatureSet": "ALL",
            "MasterAccountArn": arn(organization, f"account/{organization.id}/{management.id}"),
            "MasterAccountId": management.id,
            "MasterAccountEmail": management.email,
            "AvailablePolicyTypes": [],
        }
    }


def list_accounts(call: Call) -> Answer:
    """List every account."""
    organization = administered(call)
    accounts, token = page(call, organization.accounts, empty_every=organization.empty_page_every)
    return with_token({"Accounts": [described_account(organization, account) for account in accounts]}, token)


def describe_account(call: Call) -> Answer:
    """Describe an account of the organization."""
    organization = administered(call)
    return {"Account": described_account(organization, existing_account(call, organization))}


def list_roots(call: Call) -> Answer:
    """List the one root."""
    return {"Roots": [root(administered(call))]}


def list_organizational_units_for_parent(call: Call) -> Answer:
    """List the units directly in a root or unit."""
    organization = administered(call)
    parent = _parent(call, organization)
    units, token = page(call, [unit for unit in organization.units.values() if unit.parent_id == parent])
    return with_token({"OrganizationalUnits": [described_unit(organization, unit) for unit in units]}, token)


def list_accounts_for_parent(call: Call) -> Answer:
    """List the accounts directly in a root or unit."""
    organization = administered(call)
    accounts, token = page(call, organization.children(_parent(call, organization)))
    return with_token({"Accounts": [described_account(organization, account) for account in accounts]}, token)


def list_parents(call: Call) -> Answer:
    """List the one root or unit that an account or unit stands in."""
    organization = administered(call)
    child = call.parameters["ChildId"]
    account, unit = account_of(call, organization, child), organization.units.get(child)
    parent = account.parent_id if account is not None else unit.parent_id if unit is not None else None
    if parent is None:
        raise ServiceError(
            "ChildNotFoundException", "We can't find an organizational unit (OU) or AWS account with the ChildId you specified."
        )
    return {"Parents": [{"Id": parent, "Type": "ROOT" if parent == organization.root_id else "ORGANIZATIONAL_UNIT"}]}


def _parent(call: Call, organization: Organization) -> str:
    parent: str = call.parameters["ParentId"]
    if parent != organization.root_id and parent not in organization.units:
        raise ServiceError("ParentNotFoundException", "We can't find a root or OU with the ParentId that you specified.")
    return parent
