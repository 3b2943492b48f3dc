"""Parts that scenarios are built of."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final, TypeVar

from rootsweep_emulator.errors import ScenarioError
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
    """Give the account an IAM user with one active key."""
    created_at = account.created_at
    key = AccessKey(unique_id("AKIA", account.id, world.seed, name), 1, "Active", created_at)
    account.users = (*account.users, User(name, created_at, Eventual((key,)), actions))


def keys_at(world: World, account: Account, past: tuple[PastKey, ...], ago: float) -> Keys:
    """Give the root user's keys as they were ``ago`` seconds before now; 0 for now."""
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
    """Give the root user its keys, and the account a report of the keys as they were when it was made."""
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


# A table of a scenario file, read key by key; every slip is a sentence that says where.

_DURATION: Final = re.compile(r"(\d+)([smhd])", re.ASCII)
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_FOREVER: Final = "forever"

Value = TypeVar("Value")
Word = TypeVar("Word", bound=str)
_REQUIRED: Final = object()


class Table:
    """A TOML table. Each method reads one key and raises ScenarioError when its value has the wrong type.

    :meth:`finish` raises it for keys that were never read.
    """

    def __init__(self, values: dict[str, Any], where: str) -> None:
        self._values = values
        self._read: set[str] = set()
        self.where = where

    def text(self, name: str, default: object = _REQUIRED) -> str:
        """Read a text."""
        return self._get(name, str, default)

    def integer(self, name: str, default: object = _REQUIRED) -> int:
        """Read a whole number."""
        return self._get(name, int, default)

    def number(self, name: str, default: object = _REQUIRED) -> float:
        """Read a number."""
        found = self._get(name, object, default)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise self._wrong(name, "a number")
        return float(found)

    def flag(self, name: str, *, default: bool) -> bool:
        """Read true or false."""
        return self._get(name, bool, default)

    def duration(self, name: str) -> float | None:
        """Read a duration such as ``90d``, ``2h``, ``30m``, ``10s`` or ``forever``, in seconds; None when absent."""
        text = self.text(name, "")
        if text in {"", _FOREVER}:
            return float("inf") if text else None
        match = _DURATION.fullmatch(text)
        if match is None:
            raise self._wrong(name, "a duration such as 90d, 2h, 30m or 10s")
        return int(match[1]) * _SECONDS[match[2]]

    def ago(self, name: str, now: float) -> float | None:
        """Read a duration, or a date such as 2014-03-17 (its noon, UTC), as seconds before ``now``; None when absent."""
        if not isinstance(self._values.get(name), date):
            return self.duration(name)
        return now - datetime.combine(self._get(name, date, None), time(12), UTC).timestamp()

    def texts(self, name: str, default: object = _REQUIRED) -> tuple[str, ...]:
        """Read a list of texts."""
        found = self._get(name, object, default)
        if not isinstance(found, list | tuple) or not all(isinstance(item, str) for item in found):
            raise self._wrong(name, "a list of texts")
        return tuple(found)

    def texts_by_name(self, name: str) -> dict[str, str]:
        """Read a table of texts; empty when absent."""
        found = self._get(name, dict, {})
        if not all(isinstance(item, str) for item in found.values()):
            raise self._wrong(name, "a table of texts")
        return found

    def choice(self, name: str, allowed: tuple[Word, ...], default: Word) -> Word:
        """Read one of these words."""
        found = self.text(name, default)
        for word in allowed:
            if word == found:
                return word
        raise self._wrong(name, f"one of {', '.join(allowed)}")

    def choices(self, name: str, allowed: tuple[Word, ...]) -> tuple[Word, ...]:
        """Read a list of some of these words; empty when absent."""
        found = self.texts(name, ())
        if not set(found) <= set(allowed):
            raise self._wrong(name, f"a list of some of {', '.join(allowed)}")
        return tuple(word for word in allowed if word in found)

    def table(self, name: str) -> "Table | None":
        """Read a table; None when absent."""
        found = self._get(name, dict, {})
        return Table(found, f"{self.where}: {name}") if name in self._values else None

    def tables(self, name: str) -> list["Table"]:
        """Read a list of tables; empty when absent."""
        found = self._get(name, list, [])
        if not all(isinstance(item, dict) for item in found):
            raise self._wrong(name, "a list of tables")
        return [Table(item, f"{self.where}: {name} {item.get('name', number)}") for number, item in enumerate(found, start=1)]

    def names_within(self, allowed: Collection[str]) -> list[str]:
        """List the keys of this table that are among ``allowed``."""
        return [name for name in self._values if name in allowed]

    def finish(self) -> None:
        """Refuse the keys that nothing has read."""
        unknown = sorted(self._values.keys() - self._read)
        if unknown:
            raise ScenarioError(f"{self.where}: unknown key {unknown[0]!r}")

    def _get(self, name: str, kind: type[Value], default: object) -> Value:
        self._read.add(name)
        found = self._values.get(name, default)
        if found is _REQUIRED:
            raise ScenarioError(f"{self.where}: the key {name!r} is missing")
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            raise self._wrong(name, f"of type {kind.__name__}")
        return found

    def _wrong(self, name: str, wanted: str) -> ScenarioError:
        return ScenarioError(f"{self.where}: {name} must be {wanted}")
