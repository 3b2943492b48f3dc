"""Everything that the emulator stands for at one moment."""

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from rootsweep.emulator.calls import Answered, CallCounters
from rootsweep.emulator.errors import UnknownName
from rootsweep.emulator.faults import Faults
from rootsweep.emulator.state.account import Account, LastUse
from rootsweep.emulator.state.clock import VirtualClock
from rootsweep.emulator.state.organization import Organization
from rootsweep.emulator.state.receivers import Receivers
from rootsweep.emulator.trail import Trail


@dataclass(slots=True)
class World:
    """Accounts and organizations, the clock, the faults and the counters.

    One lock guards it: the server holds it for each request, :class:`~rootsweep.emulator.control.Control` for each change.

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
