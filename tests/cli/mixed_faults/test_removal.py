"""``rootsweep apply`` under faults drawn by a seed: no key goes that the plan does not name, and what is told is true."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from rootsweep.core.removal.journal import Outcome as Told
from rootsweep.core.removal.result import ResultCode
from rootsweep.storage.journal import Journal, verify
from rootsweep.storage.plan_file import digest_of, read_plan
from rootsweep_emulator import Emulator
from tests.cli.command_line import CommandLine, Outcome
from tests.cli.mixed_faults.drawing import Drawn, draw_organization, draw_removal_rules

SOAK_SECONDS: Final = 300.0
FEW: Final = range(4)
GONE: Final = {ResultCode.DELETED, ResultCode.ALREADY_GONE}

CallAs = Callable[[Emulator, str], None]


@dataclass
class Removal:
    """What became of the keys of a plan that was carried out under faults, and again without."""

    seed: int
    drawn: Drawn
    planned: set[str]
    before: set[str]
    after: set[str]
    told: dict[str, str]
    outcome: Outcome
    is_intact: bool
    again: Outcome
    left: set[str]

    def wrong(self) -> list[str]:
        """Say everything that must not be."""
        gone = self.before - self.after
        untrue = [f"{key} is told {told}, and lives" for key, told in self.told.items() if told in GONE and key in self.after]
        untrue += [
            f"{key} is told {told}, and is gone"
            for key, told in self.told.items()
            if told not in GONE | {ResultCode.NOT_VERIFIED} and key not in self.after
        ]
        checks = (
            (not gone <= self.planned, f"keys are gone that the plan does not name: {gone - self.planned}"),
            (self.outcome.code not in {0, 4, 5}, f"exit code {self.outcome.code}"),
            (self.outcome.code == 0 and not self.planned <= gone, f"exit code 0, and keys live: {self.planned - gone}"),
            (self.outcome.code == 4 and bool(gone), f"exit code 4, and keys are gone: {gone}"),
            (not self.is_intact, "the journal does not verify"),
            (self.again.code != 0, f"without faults exit code {self.again.code}: {self.again.out} {self.again.err}"),
            (self.left != self.before - self.planned, f"without faults keys are left: {self.left & self.planned}"),
        )
        return [*untrue, *(text for applies, text in checks if applies)]

    def __str__(self) -> str:
        rules = "\n".join(f"  {rule}" for rule in self.drawn.rules)
        return f"seed {self.seed}\n{rules}\nexit code {self.outcome.code}\n{self.outcome.out}{self.outcome.err}"


def keys_of(emulator: Emulator) -> set[str]:
    return {key.id for account in emulator.world.accounts for key in emulator.control.root_keys(account)}


def outcomes_in(path: Path) -> dict[str, str]:
    """Give the last outcome of each key."""
    with Journal.open(path, lambda: datetime.now(UTC)) as journal:
        payloads = [entry.payload for entry in journal.entries()]
    return {str(payload.key_id): payload.outcome for payload in payloads if isinstance(payload, Told)}


@pytest.fixture(autouse=True)
def impatient_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_RETRY_MODE", "standard")


def remove(seed: int, rootsweep: CommandLine, call_as: CallAs) -> Removal | None:
    """Plan without faults, carry out under faults drawn by the seed, and again without; None where there is nothing to plan."""
    draw = random.Random(seed)  # noqa: S311  a scenario, not a secret
    drawn = draw_organization(draw, share=0.3, partition="aws")
    path = rootsweep.folder / f"plan-{seed}.json"
    journal = rootsweep.folder / f"plan-{seed}.json.journal.jsonl"
    with Emulator(drawn.world) as emulator:
        for key in emulator.control.root_keys(drawn.management):
            emulator.control.delete_root_key(drawn.management, key.id)
        call_as(emulator, "management")
        planning = ("--organization", "--quiet", "--max-share", "100%", "--timeout", "20s", "--output", str(path))
        rootsweep("plan", *planning)
        plan = read_plan(path)[0]
        if not plan.actions:
            return None
        planned, before = {str(action.key.id) for action in plan.actions}, keys_of(emulator)
        draw_removal_rules(draw, drawn, emulator)
        applying = ("apply", str(path), "--confirm", digest_of(plan), "--timeout")
        outcome = rootsweep(*applying, "2s")
        after, told = keys_of(emulator), outcomes_in(journal) if journal.exists() else {}
        is_intact = not journal.exists() or verify(journal).intact
        emulator.control.clear_faults()
        again = rootsweep(*applying, "20s")
        return Removal(seed, drawn, planned, before, after, told, outcome, is_intact, again, keys_of(emulator))


def check(removal: Removal | None) -> None:
    wrong = [] if removal is None else removal.wrong()
    assert not wrong, "\n".join([*wrong, str(removal)])


@pytest.mark.parametrize("seed", FEW)
def test_whatever_goes_wrong_planned_keys_alone_are_deleted_and_what_is_told_is_true(
    seed: int, rootsweep: CommandLine, call_as: CallAs
) -> None:
    check(remove(seed, rootsweep, call_as))


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_soak_for_some_minutes(rootsweep: CommandLine, call_as: CallAs) -> None:
    began, seed = time.monotonic(), 1000
    while time.monotonic() - began < SOAK_SECONDS:
        check(remove(seed, rootsweep, call_as))
        seed += 1
