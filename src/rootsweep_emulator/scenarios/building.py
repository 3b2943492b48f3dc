"""Parts that scenarios are built of."""

from dataclasses import dataclass
from typing import Final

from rootsweep_emulator.state.account import (
    AccessKey,
    Account,
    Eventual,
    Keys,
    KeyStatus,
    LastUse,
    Partition,
    Report,
    RootUser,
    User,
    free_slot,
)
from rootsweep_emulator.state.credential_report import write_report_of
from rootsweep_emulator.state.identifiers import lower_id, unique_id
from rootsweep_emulator.state.organization import IAM_PRINCIPAL, Feature, Organization, OrganizationalUnit
from rootsweep_emulator.state.world import World

DAY: Final = 86400.0
_ROOT_ID_LENGTH: Final = 4
_UNIT_ID_LENGTH: Final = 8
_ORGANIZATION_ID_LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class PastKey:
    """A root key and what became of it; everything in seconds ago, None for what did not happen."""

    created: float
    deactivated: float | None = None
    deleted: float | None = None
    last_used: float | None = None
    region: str = "N/A"
    service: str = "N/A"


def new_account(account_id: str, name: str, partition: Partition, created_at: float) -> Account:
    """Make an account whose root user has no key; GovCloud's has no password and no MFA (GovCloud User Guide, "IAM")."""
    signs_in = partition == "aws"
    return Account(account_id, name, partition, created_at, RootUser(Eventual(()), has_password=signs_in, has_mfa=signs_in))


def add_user(world: World, account: Account, name: str, actions: tuple[str, ...]) -> None:
    """Return the account an IAM user with one active key."""
    created_at = account.created_at
    key = AccessKey(unique_id("AKIA", account.id, world.seed, name), 1, "Active", created_at)
    account.users = (*account.users, User(name, created_at, Eventual((key,)), actions))


def keys_at(world: World, account: Account, past: tuple[PastKey, ...], ago: float) -> Keys:
    """Return the root user's keys as they were ``ago`` seconds before now; 0 for now."""
    now = world.clock.now()
    keys: Keys = ()
    made: Keys = ()
    for number, key in enumerate(past):
        key_id = unique_id("AKIA", account.id, world.seed, "root", "past", number)
        used = key.last_used is not None and key.last_used >= ago
        last_used = LastUse(now - (key.last_used or 0.0), key.region, key.service) if used else None
        status: KeyStatus = "Inactive" if key.deactivated is not None and key.deactivated >= ago else "Active"
        made = (*made, AccessKey(key_id, free_slot(made), status, now - key.created, last_used))
        if key.created >= ago and not (key.deleted is not None and key.deleted >= ago):
            keys = (*keys, made[-1])
    return keys


def set_past(world: World, account: Account, past: tuple[PastKey, ...], report_age: float | None) -> None:
    """Return the root user its keys, and the account a report of the keys as they were when it was made."""
    account.root.keys = Eventual(keys_at(world, account, past, 0.0))
    if report_age is not None:
        made_at = world.clock.now() - report_age
        content = write_report_of(world, account, keys_at(world, account, past, report_age), made_at)
        account.report = Report(made_at, made_at, content)


def new_organization(world: World, management: Account, unit_paths: tuple[str, ...] = ()) -> Organization:
    """Make an organization of the management account, with units of paths such as ``Workloads/Production``."""
    seed = (world.seed, management.id)
    root = lower_id("r-", _ROOT_ID_LENGTH, *seed)
    organization = Organization(lower_id("o-", _ORGANIZATION_ID_LENGTH, *seed), root, management.partition, management.id)
    ids = {"": root}
    for path in unit_paths:
        parent, _, name = path.rpartition("/")
        unit_id = lower_id(f"ou-{root[2:]}-", _UNIT_ID_LENGTH, *seed, path)
        organization.units[unit_id] = OrganizationalUnit(unit_id, name, ids[parent])
        ids[path] = unit_id
    world.organizations[organization.id] = organization
    join(organization, management)
    return organization


def join(organization: Organization, account: Account, unit_path: str = "") -> None:
    """Put an account into the organization: into the unit of this path, or into the root."""
    parent = organization.root_id
    for name in filter(None, unit_path.split("/")):
        parent = next(unit.id for unit in organization.units.values() if unit.name == name and unit.parent_id == parent)
    account.organization_id, account.parent_id = organization.id, parent
    organization.accounts.append(account)


def enable_central_access(
    world: World, organization: Organization, features: frozenset[Feature], delegates: tuple[Account, ...]
) -> None:
    """Enable trusted access for IAM, the features, and delegated administrators, as of a year ago."""
    since = world.clock.now() - 365 * DAY
    organization.trusted_access = Eventual({IAM_PRINCIPAL: since})
    organization.features = Eventual(features)
    if delegates:
        registered = {account.id: since for account in delegates}
        organization.delegated_administrators = Eventual({IAM_PRINCIPAL: registered})
