"""``rootsweep audit --organization`` under faults drawn by a seed, compared with what the emulator knows to be true.

A failure prints its seed, which draws the same organization and the same faults again.
"""

import json
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest

from rootsweep_emulator import Change, Emulator, Latency, Replace, Rule
from tests.cli.command_line import CommandLine, Outcome
from tests.cli.mixed_faults.drawing import ROLE, Drawn, draw_organization, draw_rules
from tests.cli.mixed_faults.told import Shown, told_in

LONGEST: Final = 60.0
"""Seconds that a run may take whose accounts may take two each."""

SOAK_SECONDS: Final = 300.0
FEW: Final = range(6)
CODES: Final = {0, 1, 3, 4, 130}

CallAs = Callable[[Emulator, str], None]


@dataclass
class Run:
    """One run under faults, and what is wrong about it."""

    seed: int
    drawn: Drawn
    emulator: Emulator
    arguments: list[str]
    had_keys: dict[str, bool]
    outcome: Outcome
    seconds: float

    @property
    def rows(self) -> dict[str, Any]:
        return {row["account_id"]: row for row in self.outcome.audit["accounts"]}

    def wrong(self) -> list[str]:
        """Say everything that must not be."""
        outcome = self.outcome
        if outcome.code == 2 and self._is_listed_empty():
            return []
        if outcome.code not in CODES:
            return [f"exit code {outcome.code}: {outcome.err}"]
        wrong = [] if self.seconds < LONGEST else [f"it took {self.seconds:.0f} s"]
        if outcome.code == 4 or not outcome.out:
            return wrong if outcome.code == 4 and outcome.err else [*wrong, f"exit code {outcome.code} without a report"]
        ids = [row["account_id"] for row in outcome.audit["accounts"]]
        if len(ids) != len(set(ids)):
            wrong.append("an account has two rows")
        return [*wrong, *self._wrong_scope(), *self._wrong_code(), *self._wrong_verdicts()]

    def _wrong_scope(self) -> list[str]:
        accounts, rows = set(self.emulator.world.accounts), set(self.rows)
        wrong = [] if rows <= accounts else [f"rows of no account: {rows - accounts}"]
        listings = [one for one in self.emulator.control.answered() if one.operation == "ListAccounts" and one.answer]
        if not self.outcome.audit["scope"]["complete"]:
            return [*wrong, *(f"{account} was listed and has no row" for account in (self._listed() & accounts) - rows)]
        if not any("NextToken" not in (one.answer or {}) for one in listings):
            wrong.append("the scope is complete although no listing came to its end")
        lied = any(isinstance(rule.effect, Replace) and rule.effect.path == ("Accounts",) for rule in self.drawn.rules)
        if rows != accounts and not lied:
            wrong.append(f"the scope is complete, but rows lack: {accounts - rows}")
        return wrong

    def _listed(self) -> set[str]:
        """Give the ids that stand in answers of ListAccounts, as they were sent."""
        answers = (one.answer for one in self.emulator.control.answered() if one.operation == "ListAccounts" and one.answer)
        return {account["Id"] for answer in answers for account in answer.get("Accounts", ()) if account.get("Id")}

    def _is_listed_empty(self) -> bool:
        """Tell whether AWS's answers said that there is no account at all."""
        return not self._listed() and any(
            one.operation == "ListAccounts" and one.answer is not None for one in self.emulator.control.answered()
        )

    def _wrong_code(self) -> list[str]:
        verdicts = {row["verdict"] for row in self.rows.values()}
        is_proven = verdicts <= {"COMPLIANT", "NOT_APPLICABLE"} and self.outcome.audit["scope"]["complete"]
        expected = 1 if "NON_COMPLIANT" in verdicts else 0 if is_proven else 3
        return [] if self.outcome.code in {expected, 130} else [f"exit code {self.outcome.code} instead of {expected}"]

    def _wrong_verdicts(self) -> list[str]:
        told = told_in(self.emulator)
        is_late = any(isinstance(rule.effect, Latency) for rule in self.drawn.rules)
        wrong = []
        for account, row in self.rows.items():
            answers = told.get(account, [])
            shown = {shown for _, shown in answers}
            lied = any(answered.is_altered for answered, _ in answers)
            live = any(
                shown is Shown.KEY and not answered.is_altered and answered.operation != "GetCredentialReport"
                for answered, shown in answers
            )
            had_key, is_changed = self.had_keys.get(account, False), account in self.drawn.changed
            state = self.emulator.world.accounts[account].state if account in self.had_keys else "ACTIVE"
            checks = (
                ("COMPLIANT", Shown.NO_KEY not in shown, "without an answer of the account that shows no key"),
                ("COMPLIANT", had_key and not lied and not is_changed, "though it has a key"),
                ("COMPLIANT", live and not is_late and not is_changed, "though an answer showed its key"),
                ("NON_COMPLIANT", Shown.KEY not in shown, "without an answer of the account that shows a key"),
                ("NON_COMPLIANT", not had_key and not lied and not is_changed, "though it has no key"),
                ("NOT_APPLICABLE", state == "ACTIVE", "though it is active"),
            )
            wrong += [
                f"{account} is {verdict} {text}: {json.dumps(row)}"
                for verdict, applies, text in checks
                if applies and row["verdict"] == verdict
            ]
        return wrong

    def __str__(self) -> str:
        rules = "\n".join(f"  {rule}" for rule in self.drawn.rules)
        return (
            f"seed {self.seed}, {self.drawn.partition}: {' '.join(self.arguments)}\n{rules}\nstandard error: {self.outcome.err}"
        )


@pytest.fixture(autouse=True)
def impatient_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_RETRY_MODE", "standard")


def draw_arguments(draw: random.Random, drawn: Drawn) -> list[str]:
    arguments = ["audit", "--organization", "--format", "json", "--quiet", "--timeout", "2s"]
    arguments += ["--workers", str(draw.choice((2, 8, 32)))]
    if drawn.is_govcloud or draw.random() < 0.5:
        arguments += ["--role-name", ROLE]
        if draw.random() < 0.3:
            arguments += ["--access", "role"]
    return [*arguments, "--max-age", "4h"] if draw.random() < 0.3 else arguments


def run(seed: int, rootsweep: CommandLine, call_as: CallAs, *, is_interrupted: bool = False) -> Run:
    """Draw an organization and faults by a seed, audit it, and say what is wrong."""
    draw = random.Random(seed)  # noqa: S311  a scenario, not a secret
    drawn = draw_organization(draw)
    arguments = draw_arguments(draw, drawn)
    had_keys = {account.id: bool(account.root.keys.truth) for account in drawn.world.accounts.values()}
    with Emulator(drawn.world) as emulator:
        draw_rules(draw, drawn, emulator)
        emulator.control.keep_answers()
        call_as(emulator, "management")
        began = time.monotonic()
        if is_interrupted:
            broken_off = interrupted(draw.randint(0, 12), emulator, rootsweep, arguments)
            arguments += ["--resume"] if "--resume" in broken_off.err else []
        outcome = rootsweep(*arguments)
        return Run(seed, drawn, emulator, arguments, had_keys, outcome, time.monotonic() - began)


def interrupted(calls: int, emulator: Emulator, rootsweep: CommandLine, arguments: list[str]) -> Outcome:
    """Press Ctrl-C after so many calls, where the run lasts so long, and take all faults away; a run to continue says so."""
    running = [True]

    def press() -> None:
        if running:
            os.kill(os.getpid(), signal.SIGINT)

    emulator.control.add_fault(Rule(Change(press), skip=calls, times=1))
    outcome = rootsweep(*arguments)
    assert outcome.code in CODES | {2}
    with emulator.world.lock:
        running.clear()
    emulator.control.clear_faults()
    return outcome


def check(one: Run) -> None:
    wrong = one.wrong()
    assert not wrong, "\n".join([*wrong, str(one)])


@pytest.mark.parametrize("seed", FEW)
def test_whatever_goes_wrong_every_account_has_its_row_and_no_verdict_is_untrue(
    seed: int, rootsweep: CommandLine, call_as: CallAs
) -> None:
    check(run(seed, rootsweep, call_as))


@pytest.mark.parametrize("seed", FEW[:3])
def test_what_was_interrupted_under_faults_is_continued(seed: int, rootsweep: CommandLine, call_as: CallAs) -> None:
    check(run(seed, rootsweep, call_as, is_interrupted=True))


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_soak_for_some_minutes(rootsweep: CommandLine, call_as: CallAs) -> None:
    began, seed = time.monotonic(), 1000
    while time.monotonic() - began < SOAK_SECONDS:
        check(run(seed, rootsweep, call_as, is_interrupted=seed % 5 == 0))
        seed += 1
