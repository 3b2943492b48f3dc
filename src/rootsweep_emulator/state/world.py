"""Everything that the emulator holds at one moment, and when a key was last used, as IAM comes to know it.

IAM User Guide, "Credential report", access_key_1_last_used_date: the first use within a span of 15 minutes counts. That a key
used seconds before still shows none is captured (commercial partition, September 2026). Assumption: a use shows once its span
of 15 minutes is over.
"""

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
        added: what the services that a caller of the emulator added keep, by its type.
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
    added: dict[type, Any] = field(default_factory=dict)
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
        """Return the organization of the account; None for a standalone one."""
        return None if account.organization_id is None else self.organizations[account.organization_id]

    def visible_at(self) -> float:
        """Return the time (epoch seconds) from which readers see a change that is made now."""
        return self.clock.now() + self.consistency_lag


SPAN: Final = 900
"""Seconds within which only the first use of a key counts."""


def record_use(world: World, key_id: str, use: LastUse) -> None:
    """Keep a use of a key by a caller of the emulator, unless it falls into the span of the one before."""
    uses = world.uses.get(key_id, ())
    if not uses or use.at - uses[-1].at >= SPAN:
        world.uses[key_id] = (*uses[-1:], use)


def last_use(world: World, key: AccessKey, now: float) -> LastUse | None:
    """Return the last use that shows at ``now`` (epoch seconds); None for a key that was never used."""
    shown = [use for use in world.uses.get(key.id, ()) if now - use.at >= SPAN]
    return shown[-1] if shown else key.last_used
