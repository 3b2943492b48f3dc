"""A week in which a key is excepted: the audit, the history, the exceptions and the messages tell the same story."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from rootsweep_emulator import Emulator
from tests.cli.command_line import CommandLine
from tests.receivers import Receiving

pytestmark = pytest.mark.usefixtures("history_of_its_own")

DAY = 86_400.0
STEP = 7_200.0
"""How far the clock of AWS moves a day of the story: in all less than it may be ahead of this machine's."""


class Story:
    """Plays days: each sweeps, and tells what came of it."""

    def __init__(self, organization: Emulator, rootsweep: CommandLine) -> None:
        self._organization = organization
        self._rootsweep = rootsweep
        self._receiving = Receiving(organization.world)
        self._receiving.permit("management", "sns:Publish")
        self._topic = self._receiving.create_topic("management", "audits", "us-east-1")

    def day(self, account_id: str) -> tuple[int, list[str], list[str], str, list[str]]:
        """Sweep; give the exit code, the warnings of an account, all changes, the exception's state, the messages' subjects."""
        self._organization.control.advance(STEP)
        told = len(self._receiving.publications(self._topic))
        code = self._rootsweep(
            *("audit", "--organization", "--quiet", "--format", "json", "--output", "run.json", "--send", f"sns:{self._topic}")
        ).code
        run = json.loads((self._rootsweep.folder / "run.json").read_text("utf-8"))
        (row,) = [one for one in run["accounts"] if one["account_id"] == account_id]
        changes = json.loads(self._rootsweep("history", "diff", "--format", "json").out)["changes"]
        checked = self._rootsweep("exception", "check", "--from", "run.json", "--format", "json")
        states = [one["state"] for one in json.loads(checked.out)["exceptions"]] if checked.out else []
        return (
            code,
            [warning["code"] for warning in row["warnings"]],
            [f"{one['account_id']} {one['change']} {one['reason']}" for one in changes],
            *(states or ["none"]),
            [one.parameters["Subject"] for one in self._receiving.publications(self._topic)[told:]],
        )


def test_a_week_with_an_exception(
    organization: Emulator,
    rootsweep: CommandLine,
    call_as: Callable[[Emulator, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call_as(organization, "management")
    monkeypatch.chdir(rootsweep.folder)
    control = organization.control
    member = organization.world.account("workload-00001").id
    story = Story(organization, rootsweep)
    key = control.create_root_key(member, age=400 * DAY)

    code, warnings, changes, state, messages = story.day(member)
    assert (code, warnings, changes, state) == (1, [], [f"{member} new first_seen"], "none")
    assert len(messages) == 1

    last_day = f"{datetime.now(UTC) + timedelta(days=4):%Y-%m-%d}"
    granted = ("--key-id", key, "--status", "active", "--owner", "ana@example.com", "--reason", "why", "--ticket", "SEC-1")
    assert rootsweep("exception", "add", member, *granted, "--expires", last_day).code == 0
    assert story.day(member) == (0, [], [], "in_force", [])

    further = control.create_root_key(member)
    code, warnings, changes, _, messages = story.day(member)
    assert (code, warnings) == (1, ["exception_void_another_key"])
    assert changes == [f"{member} new further_key"]
    assert len(messages) == 1

    control.delete_root_key(member, further)
    assert story.day(member) == (0, [], [], "in_force", [])

    settings = rootsweep.folder / "rootsweep.toml"
    yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"
    settings.write_text(settings.read_text().replace(last_day, yesterday))
    code, warnings, changes, _, messages = story.day(member)
    assert (code, warnings, changes) == (1, ["exception_expired"], [f"{member} new exception_ended"])
    assert len(messages) == 1

    control.delete_root_key(member, key)
    code, warnings, changes, _, messages = story.day(member)
    assert (code, warnings, changes) == (0, [], [f"{member} fixed proven_compliant"])
    assert len(messages) == 1

    told = rootsweep("history", "show", member)
    assert told.code == 0
    assert key in told.out
    assert further in told.out
    assert rootsweep("history", "show", "workload-00001").out == told.out


def test_a_name_that_several_accounts_have_is_not_guessed(
    organization: Emulator, rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = list(organization.world.accounts.values())[1:3]
    second.name = first.name
    for variable, value in organization.environment("management").items():
        monkeypatch.setenv(variable, value)
    rootsweep("audit", "--organization", "--quiet", "--format", "json")
    outcome = rootsweep("history", "show", first.name)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"2 accounts are named {first.name!r}: {', '.join(sorted((first.id, second.id)))}" in outcome.err
