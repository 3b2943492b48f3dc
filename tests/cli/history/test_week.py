"""A week of daily runs over an organization in which keys come and go: the history tells the story as it was."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from rootsweep.reports.contracts.history_v1 import json_schema
from rootsweep_emulator import Emulator, Latency, Refuse, Rule
from tests.cli.command_line import CommandLine, Outcome
from tests.json_schema import validate

pytestmark = pytest.mark.usefixtures("history_of_its_own")

PROGRAM = [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()"]
DAY = 86_400.0
STEP = 7_200.0
"""How far the clock of AWS moves a day of the story: in all less than it may be ahead of this machine's."""
SWEEP = ("audit", "--organization", "--quiet", "--format", "json", "--timeout", "20s")


@pytest.fixture(autouse=True)
def environment_of_the_caller(organization: Emulator, call_as: Callable[[Emulator, str], None]) -> None:
    call_as(organization, "management")


def interrupted_sweep(organization: Emulator) -> int:
    """Let a person interrupt a sweep once some accounts are read."""
    organization.control.reset_calls()
    handle = organization.control.add_fault(Rule(Latency(60.0), "iam", "ListAccessKeys", skip=20))
    with subprocess.Popen(
        [*PROGRAM, *SWEEP, "--workers", "4"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while organization.control.calls("iam", "ListAccessKeys") <= 23:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        code = process.wait(30)
    organization.control.remove_fault(handle)
    return code


def viewed(outcome: Outcome) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(outcome.out)
    validate(document, json_schema())
    return document


class Week:
    """Plays days: each changes something, sweeps, and compares."""

    def __init__(self, organization: Emulator, rootsweep: CommandLine) -> None:
        self.control = organization.control
        self._rootsweep = rootsweep

    def day(self) -> tuple[int, int, list[tuple[str, str, str]]]:
        """Sweep, and tell both exit codes and what the diff tells of each account."""
        self.control.advance(STEP)
        code = self._rootsweep(*SWEEP, "--fail-on", "new").code
        outcome = self._rootsweep("history", "diff", "--format", "json")
        changes = [(one["account_id"], one["change"], one["reason"]) for one in viewed(outcome)["changes"]]
        return code, outcome.code, changes

    def shown(self, account_id: str) -> dict[str, Any]:
        return viewed(self._rootsweep("history", "show", account_id, "--format", "json"))


def test_a_week(organization: Emulator, rootsweep: CommandLine) -> None:
    first, second = sorted(organization.world.account(f"workload-{number:05}").id for number in (1, 2))
    week = Week(organization, rootsweep)
    control = organization.control
    known = control.create_root_key(first, age=400 * DAY)
    assert week.day() == (1, 1, [(first, "new", "first_seen")])
    assert week.day() == (0, 0, [])

    control.record_root_key_use(first, known, age=60.0, region="eu-west-1", service="s3")
    added = control.create_root_key(second)
    assert week.day() == (1, 1, [(second, "new", "was_compliant")])

    control.delete_root_key(first, known)
    assert week.day() == (0, 0, [(first, "fixed", "proven_compliant")])

    fault = control.add_fault(Rule(Refuse("AccessDenied"), "iam", account=second))
    assert week.day() == (3, 3, [(second, "lost_sight_of", "not_judged")])

    control.remove_fault(fault)
    again = control.create_root_key(first)
    assert week.day() == (1, 1, [(first, "reappeared", "was_compliant"), (second, "new", "was_not_judged")])

    control.set_root_key_status(second, added, "Inactive")
    further = control.create_root_key(first)
    assert week.day() == (1, 1, [(first, "new", "further_key")])

    control.set_root_key_status(second, added, "Active")
    assert week.day() == (1, 1, [(second, "new", "key_active_again")])

    for account_id, key_id in ((first, again), (first, further), (second, added)):
        control.delete_root_key(account_id, key_id)
    assert week.day() == (0, 0, [(first, "fixed", "proven_compliant"), (second, "fixed", "proven_compliant")])

    lives = {life["key"]["id"]: life for life in week.shown(first)["keys"]}
    assert lives.keys() == {known, again, further}
    assert (lives[known]["statuses"][0]["run"], lives[known]["gone_by"]) == (1, 4)
    assert lives[known]["key"]["last_used"]["service"] == "s3"
    assert (lives[again]["statuses"][0]["run"], lives[again]["gone_by"]) == (6, 9)
    (life,) = week.shown(second)["keys"]
    assert [(one["status"], one["run"]) for one in life["statuses"]] == [("ACTIVE", 3), ("INACTIVE", 7), ("ACTIVE", 8)]
    assert life["gone_by"] == 9

    listed = viewed(rootsweep("history", "--format", "json"))["runs"]
    assert [one["number"] for one in listed] == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert [one["drift"]["new"] + one["drift"]["reappeared"] for one in listed] == [0, 1, 1, 2, 0, 0, 1, 0, 1]
    assert {one["summary"]["accounts"] for one in listed} == {45}


def test_a_sweep_that_broke_off_is_recorded_as_incomplete_and_never_compared_with(
    organization: Emulator, rootsweep: CommandLine
) -> None:
    member = organization.world.account("workload-00001").id
    organization.control.create_root_key(member)
    assert rootsweep(*SWEEP).code == 1
    fault = organization.control.add_fault(
        Rule(Refuse("ServiceException", "failure", 500), "organizations", "ListAccounts", skip=1)
    )
    assert rootsweep(*SWEEP, "--fail-on", "new").code == 3
    organization.control.remove_fault(fault)
    assert rootsweep(*SWEEP, "--fail-on", "new").code == 0
    runs = viewed(rootsweep("history", "list", "--format", "json"))["runs"]
    assert [one["scope"]["complete"] for one in runs] == [True, False, True]
    assert "incomplete" in rootsweep("history", "list").out
    diff = rootsweep("history", "diff", "1", "2")
    assert (diff.code, "the run is incomplete" in diff.out) == (3, True)


def test_an_interrupted_sweep_is_recorded_as_incomplete(organization: Emulator, rootsweep: CommandLine) -> None:
    assert rootsweep(*SWEEP).code == 0
    assert interrupted_sweep(organization) == 130
    newest, oldest = viewed(rootsweep("history", "--format", "json"))["runs"]
    assert (newest["scope"]["incomplete_because"], oldest["scope"]["complete"]) == ("interrupted", True)
    assert 0 < newest["summary"]["proven"] < 45
    assert newest["drift"]["lost_sight_of"] == 45 - newest["summary"]["proven"]
    assert rootsweep(*SWEEP, "--fail-on", "new").code == 0
