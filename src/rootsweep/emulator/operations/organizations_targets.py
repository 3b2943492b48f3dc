"""What policies are attached to and tags are put on: the root, units, accounts."""

from dataclasses import dataclass
from typing import Literal

from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.operations.call import Answer, Call
from rootsweep.emulator.operations.organizations_scope import account_of, arn
from rootsweep.emulator.state.organization import Organization


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
    """Give the error for a target that there is not."""
    return ServiceError("TargetNotFoundException", "You specified a target that doesn't exist.")


def summary(organization: Organization, target: Target) -> Answer:
    """Describe a target."""
    kind = {"ROOT": "root", "ORGANIZATIONAL_UNIT": "ou", "ACCOUNT": "account"}[target.type]
    resource = f"{kind}/{organization.id}/{target.id}"
    return {"TargetId": target.id, "Arn": arn(organization, resource), "Name": target.name, "Type": target.type}
