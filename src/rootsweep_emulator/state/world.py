"""Everything that the emulator stands for at one moment."""

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from rootsweep_emulator.errors import UnknownName
from rootsweep_emulator.faults import Faults
from rootsweep_emulator.state.account import AccessKey, Account, LastUse
from rootsweep_emulator.state.identifiers import VirtualClock
from rootsweep_emulator.state.organization import Organization
from rootsweep_emulator.trail import Answered, CallCounters, Trail

# What accounts have received: findings, messages, events, objects.

Finding = dict[str, Any]


@dataclass(slots=True)
class Hub:
    """Security Hub, enabled in an account and Region.

    Attributes:
        findings: by product ARN and id.
        failing: the error code by finding id, for findings that fail to be imported.
    """

    findings: dict[tuple[str, str], Finding] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Publication:
    """A message of a topic, with the parameters that it was published with."""

    message_id: str
    parameters: dict[str, Any]


@dataclass(slots=True)
class Bus:
    """An event bus.

    Attributes:
        events: the entries that it took, in their order.
        throttled: how many entries it fails from now on.
    """

    events: list[dict[str, Any]] = field(default_factory=list)
    throttled: int = 0


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of a bucket; ``etag`` has its quotes, ``stored_at`` is in epoch seconds."""

    body: bytes
    etag: str
    content_type: str
    stored_at: float
    checksum_crc32: str | None = None


@dataclass(slots=True)
class Bucket:
    """A bucket and its objects by key."""

    account_id: str
    objects: dict[str, StoredObject] = field(default_factory=dict)


@dataclass(slots=True)
class Receivers:
    """Everything that takes something: hubs by account and Region, topics and buses by ARN, buckets by name."""

    hubs: dict[tuple[str, str], Hub] = field(default_factory=dict)
    topics: dict[str, list[Publication]] = field(default_factory=dict)
    buses: dict[str, Bus] = field(default_factory=dict)
    buckets: dict[str, Bucket] = field(default_factory=dict)


@dataclass(slots=True)
class World:
    """Accounts and organizations, the clock, the faults and the counters.

    One lock guards it: the server holds it for each request, :class:`~rootsweep_emulator.control.Control` for each change.

    Attributes:
        seed: the source of every id, secret and random fault.
        named: name to (account id, principal), the credentials that a scenario offers; a principal is ``root``, ``user/NAME``
            or ``role/NAME``.
        consistency_lag: seconds until a change to keys, features or delegation is seen by readers.
        uses: key id to its uses by callers of the emulator, oldest first.
        answered: what was answered, oldest first; None where nobody asked to keep it.
        trail: the events that CloudTrail keeps.
        receivers: what takes findings, messages, events and objects.
        additional_credentials_column: credential reports end with the 23rd column of the documentation; captured AWS answers
            (commercial partition, September 2026) have 22.
    """

    seed: int = 0
    description: str = ""
    clock: VirtualClock = field(default_factory=VirtualClock)
    accounts: dict[str, Account] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    named: dict[str, tuple[str, str]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    calls: CallCounters = field(default_factory=CallCounters)
    consistency_lag: float = 0.0
    answered: list[Answered] | None = None
    uses: dict[str, tuple[LastUse, ...]] = field(default_factory=dict)
    trail: Trail = field(default_factory=Trail)
    receivers: Receivers = field(default_factory=Receivers)
    additional_credentials_column: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)
    serials: Iterator[int] = field(default_factory=itertools.count)

    def account(self, id_or_name: str) -> Account:
        """Find an account by its id, or by its name where that is the only one.

        Raises:
            UnknownName: when there is none.
        """
        found = self.accounts.get(id_or_name)
        if found is None:
            found = next((account for account in self.accounts.values() if account.name == id_or_name), None)
        if found is None:
            raise UnknownName(f"no account has the id or name {id_or_name!r}")
        return found

    def organization_of(self, account: Account) -> Organization | None:
        """Give the organization of the account; None for a standalone one."""
        return None if account.organization_id is None else self.organizations[account.organization_id]

    def visible_at(self) -> float:
        """Give the time (epoch seconds) from which readers see a change that is made now."""
        return self.clock.now() + self.consistency_lag


# When a key was last used, as IAM comes to know it.
#
# IAM User Guide, "Credential report", access_key_1_last_used_date: the first use within a span of 15 minutes counts. That a
# key used seconds before still shows none is captured (commercial partition, September 2026). Assumption: a use shows once
# its span of 15 minutes is over.

SPAN: Final = 900
"""Seconds within which only the first use of a key counts."""


def record_use(world: World, key_id: str, use: LastUse) -> None:
    """Keep a use of a key by a caller of the emulator, unless it falls into the span of the one before."""
    uses = world.uses.get(key_id, ())
    if not uses or use.at - uses[-1].at >= SPAN:
        world.uses[key_id] = (*uses[-1:], use)


def last_use(world: World, key: AccessKey, now: float) -> LastUse | None:
    """Give the last use that shows at ``now`` (epoch seconds); None for a key that was never used."""
    shown = [use for use in world.uses.get(key.id, ()) if now - use.at >= SPAN]
    return shown[-1] if shown else key.last_used
