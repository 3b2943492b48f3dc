"""A generated organization behind the emulator, in a process of its own, so that its CPU is never counted as a tool's."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from rootsweep_emulator import Emulator, Rule, Shares, generate

KEYED = Shares(active_key=0.03, inactive_key=0.02, two_keys=0.01)
"""Of every hundred member accounts three have an active root key, two an inactive one, one has both."""

ADMINISTRATORS = 2
"""The accounts that come first: the management account and the delegated administrator, which has no audit role."""


@dataclass(frozen=True, slots=True)
class Organization:
    """A running organization.

    Attributes:
        environment: the variables that point AWS's tools at it, as the management account's auditor.
        members: the ids of all accounts but the two administrators', the management account and the delegate.
        keyed: how many of all accounts have a root key.
        pipe: leads to its process.
    """

    environment: dict[str, str]
    members: tuple[str, ...]
    keyed: int
    pipe: Connection

    def set_faults(self, *rules: Rule) -> None:
        """Put these faults in force, and no others; count calls anew."""
        self.pipe.send(("faults", rules))
        self.pipe.recv()

    def calls(self) -> dict[tuple[str, str], int]:
        """Give the number of calls by service and operation since the faults were set."""
        self.pipe.send(("calls", None))
        calls: dict[tuple[str, str], int] = self.pipe.recv()
        return calls


def _serve(pipe: Connection, accounts: int) -> None:
    emulator = Emulator(generate(accounts, shares=KEYED))
    control = emulator.control
    ids = tuple(emulator.world.accounts)
    # Nobody is to be measured while AWS makes a report.
    for account_id in ids:
        control.make_report(account_id)
    emulator.start()
    keyed = sum(bool(control.root_keys(account_id)) for account_id in ids)
    pipe.send((emulator.environment("management"), ids[ADMINISTRATORS:], keyed))
    while True:
        request, rules = pipe.recv()
        if request == "calls":
            pipe.send(control.calls_by_operation())
        else:
            _renew_faults(emulator, rules)
            pipe.send(None)


def _renew_faults(emulator: Emulator, rules: Any) -> None:
    emulator.control.clear_faults()
    emulator.control.reset_calls()
    for rule in rules:
        emulator.control.add_fault(rule)


@contextmanager
def running(accounts: int) -> Iterator[Organization]:
    """Serve an organization of this many accounts, with every credential report made, until the block is left."""
    ours, its = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(its, accounts), daemon=True)
    process.start()
    environment, members, keyed = ours.recv()
    try:
        yield Organization(environment, members, keyed, ours)
    finally:
        process.terminate()
        process.join()
