"""Accounts and units as Organizations describes them (Organizations API reference, Account and OrganizationalUnit)."""

from typing import Any

from rootsweep.emulator.operations.call import moment
from rootsweep.emulator.operations.organizations_scope import arn
from rootsweep.emulator.state.account import Account
from rootsweep.emulator.state.organization import Organization, OrganizationalUnit


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
