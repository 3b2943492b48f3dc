"""The organization and its tree, trusted access and delegated administrators (Organizations API reference).

Whoever administers may list trusted access and delegated administrators; only the management account changes them. The
features of centralized root access stay as they are when trusted access is disabled and enabled again (captured AWS answers,
commercial partition, September 2026).
"""

import re
from typing import Final

from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.call import Answer, Call, moment
from rootsweep_emulator.operations.organizations_policies import root
from rootsweep_emulator.operations.organizations_scope import (
    account_of,
    administered,
    arn,
    described_account,
    described_unit,
    existing_account,
    managed,
    own_organization,
    page,
    with_token,
)
from rootsweep_emulator.state.organization import Organization


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


_SERVICE_PRINCIPAL: Final = re.compile(r"[a-z0-9.-]+\.amazonaws\.com")


def list_delegated_administrators(call: Call) -> Answer:
    """List the delegated administrators, of one service or of all."""
    organization = administered(call)
    registered = organization.delegated_administrators.seen(call.now)
    asked = call.parameters.get("ServicePrincipal")
    since: dict[str, float] = {}
    for principal, accounts in registered.items():
        if asked in {None, principal}:
            for account_id, at in accounts.items():
                since[account_id] = min(at, since.get(account_id, at))
    entries, token = page(call, sorted(since.items()))
    answer = [
        described_account(organization, call.world.accounts[account_id]) | {"DelegationEnabledDate": moment(at)}
        for account_id, at in entries
    ]
    return with_token({"DelegatedAdministrators": answer}, token)


def list_aws_service_access_for_organization(call: Call) -> Answer:
    """List the services with trusted access."""
    organization = administered(call)
    entries, token = page(call, sorted(organization.trusted_access.seen(call.now).items()))
    answer = [{"ServicePrincipal": principal, "DateEnabled": moment(at)} for principal, at in entries]
    return with_token({"EnabledServicePrincipals": answer}, token)


def enable_aws_service_access(call: Call) -> Answer:
    """Enable trusted access; where it is enabled, it stays so from its first day (Assumption)."""
    organization, principal = _service(call)
    enabled = {principal: call.now} | organization.trusted_access.truth
    organization.trusted_access.write(enabled, visible_at=call.world.visible_at())
    return {}


def disable_aws_service_access(call: Call) -> Answer:
    """Disable trusted access of a service that has no delegated administrator. Assumption: also where it is not enabled."""
    organization, principal = _service(call)
    if organization.delegated_administrators.truth.get(principal):
        raise _violation(
            "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE",
            "You must deregister all delegated administrators before disabling service access.",
        )
    enabled = {name: at for name, at in organization.trusted_access.truth.items() if name != principal}
    organization.trusted_access.write(enabled, visible_at=call.world.visible_at())
    return {}


def register_delegated_administrator(call: Call) -> Answer:
    """Make a member account delegated administrator of a service with trusted access."""
    organization, principal = _service(call)
    account = existing_account(call, organization)
    if account.id == organization.management_account_id:
        raise _violation(
            "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
            "You cannot register master account/yourself as delegated administrator for your organization.",
        )
    if account.state != "ACTIVE":
        raise _violation(
            "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
            "You cannot register a suspended account as a delegated administrator.",
        )
    if principal not in organization.trusted_access.truth:
        raise _violation(
            "SERVICE_ACCESS_NOT_ENABLED",
            "You attempted to register a delegated administrator before you enabled service access.",
        )
    registered = organization.delegated_administrators.truth
    accounts = registered.get(principal, {})
    if account.id in accounts:
        raise ServiceError(
            "AccountAlreadyRegisteredException",
            "The provided account is already a delegated administrator for your organization.",
        )
    changed = registered | {principal: accounts | {account.id: call.now}}
    organization.delegated_administrators.write(changed, visible_at=call.world.visible_at())
    return {}


def deregister_delegated_administrator(call: Call) -> Answer:
    """Make an account no longer delegated administrator of a service."""
    organization, principal = _service(call)
    account = existing_account(call, organization)
    registered = organization.delegated_administrators.truth
    accounts = registered.get(principal, {})
    if account.id not in accounts:
        raise ServiceError("AccountNotRegisteredException", "The provided account is not a registered delegated administrator.")
    rest = {account_id: at for account_id, at in accounts.items() if account_id != account.id}
    changed = registered | {principal: rest}
    organization.delegated_administrators.write(changed, visible_at=call.world.visible_at())
    return {}


def _service(call: Call) -> tuple[Organization, str]:
    """Return the organization and the service. Assumption: AWS knows its services; here any name of their form will do."""
    organization = managed(call)
    principal: str = call.parameters["ServicePrincipal"]
    if not _SERVICE_PRINCIPAL.fullmatch(principal):
        raise ServiceError(
            "InvalidInputException", "You specified an unrecognized service principal.", reason="UNRECOGNIZED_SERVICE_PRINCIPAL"
        )
    return organization, principal


def _violation(reason: str, message: str) -> ServiceError:
    return ServiceError("ConstraintViolationException", message, reason=reason)
