"""Exceptions as their user meets them: granted, shown, checked, void."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.auditing.sources.files import saved_files
from tests.cli.command_line import CommandLine, Outcome

SINCE = "2021-05-17T14:03:27Z"
INACTIVE = saved_files.lines([saved_files.HEADER, saved_files.root(access_key_1_last_rotated=SINCE)])
ACTIVE = saved_files.lines([saved_files.HEADER, saved_files.root(access_key_1_active="true", access_key_1_last_rotated=SINCE)])
TWO = saved_files.lines(
    [
        saved_files.HEADER,
        saved_files.root(
            access_key_1_last_rotated=SINCE, access_key_2_active="true", access_key_2_last_rotated=SINCE[:-2] + "8Z"
        ),
    ]
)
CLEAN = saved_files.lines([saved_files.HEADER, saved_files.root()])
GRANTED = (
    "--last-rotated",
    SINCE,
    "--status",
    "inactive",
    "--owner",
    "ana@example.com",
    "--reason",
    "why",
    "--ticket",
    "SEC-1",
)


@pytest.fixture(autouse=True)
def folder_of_the_user(rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(rootsweep.folder)


def grant(rootsweep: CommandLine, *arguments: str) -> Outcome:
    return rootsweep("exception", "add", saved_files.ACCOUNT, *GRANTED, *(arguments or ("--expires", "90d")))


def audit(rootsweep: CommandLine, report: str) -> Outcome:
    return rootsweep("audit", "--from", rootsweep.save("report.csv", report), "--format", "json")


def test_an_excepted_finding_is_shown_and_counted_and_does_not_fail(rootsweep: CommandLine) -> None:
    assert audit(rootsweep, INACTIVE).code == 1
    assert grant(rootsweep).code == 0
    outcome = audit(rootsweep, INACTIVE)
    (account,) = outcome.audit["accounts"]
    assert outcome.code == 0
    assert (account["verdict"], account["exception"]["owner"]) == ("NON_COMPLIANT", "ana@example.com")
    summary = outcome.audit["summary"]
    assert (summary["non_compliant"], summary["excepted"], summary["proven"], summary["applicable"]) == (1, 1, 0, 1)
    table = rootsweep("audit", "--from", "report.csv")
    assert "EXCEPTED" in table.out
    assert "1 non-compliant (1 excepted)" in table.out


@pytest.mark.parametrize(
    ("report", "code"),
    [(ACTIVE, "exception_void_active_again"), (TWO, "exception_void_another_key")],
)
def test_an_exception_that_is_void_lets_the_audit_fail_and_says_why(rootsweep: CommandLine, report: str, code: str) -> None:
    grant(rootsweep)
    outcome = audit(rootsweep, report)
    (account,) = outcome.audit["accounts"]
    assert (outcome.code, account["exception"]) == (1, None)
    assert code in [warning["code"] for warning in account["warnings"]]


def test_an_exception_that_has_expired_is_none(rootsweep: CommandLine) -> None:
    yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"
    assert grant(rootsweep, "--expires", yesterday).code == 0
    outcome = audit(rootsweep, INACTIVE)
    assert outcome.code == 1
    assert "exception_expired" in outcome.out
    listed = rootsweep("exception", "list")
    assert listed.code == 1
    assert "EXPIRED" in listed.out


def test_a_plan_holds_an_excepted_key_back(rootsweep: CommandLine) -> None:
    run = rootsweep.save("run.json", audit(rootsweep, INACTIVE).out)
    grant(rootsweep)
    outcome = rootsweep("plan", "--from", run)
    assert "it is excepted: ana@example.com answers for it until" in " ".join(outcome.out.split())
    plan = json.loads((rootsweep.folder / "rootsweep-plan.json").read_text("utf-8"))
    assert [held["reason"] for held in plan["held_back"]] == ["excepted"]
    assert plan["actions"] == []


@pytest.mark.parametrize(
    ("report", "state", "code"),
    [(INACTIVE, "in_force", 0), (CLEAN, "no_longer_needed", 0), (ACTIVE, "active_again", 1), (TWO, "another_key", 1)],
)
def test_a_check_tells_what_has_become_of_an_exception(rootsweep: CommandLine, report: str, state: str, code: int) -> None:
    grant(rootsweep)
    run = rootsweep.save("run.json", audit(rootsweep, report).out)
    checked = rootsweep("exception", "check", "--from", run, "--format", "json")
    assert (checked.code, [one["state"] for one in json.loads(checked.out)["exceptions"]]) == (code, [state])
    assert rootsweep("exception", "check", "--from", run).code == code


def test_an_exception_whose_key_was_not_seen_is_not_checked(rootsweep: CommandLine) -> None:
    grant(rootsweep)
    other = CLEAN.replace(saved_files.ACCOUNT, "999988887777")
    run = rootsweep.save("run.json", audit(rootsweep, other).out)
    checked = rootsweep("exception", "check", "--from", run)
    assert checked.code == 3
    assert "NOT SEEN" in checked.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--expires", "800d"), "an exception may last at most one year"),
        (("--expires", "soon"), "'soon' is not a duration"),
        (("--expires", "90d", "--key-id", "nonsense"), "key_id: Expected `str` matching"),
    ],
)
def test_an_exception_that_makes_no_sense_is_not_added(
    rootsweep: CommandLine, arguments: tuple[str, ...], sentence: str
) -> None:
    outcome = grant(rootsweep, *arguments)
    assert outcome.code == 2
    assert sentence in outcome.err
    assert not (rootsweep.folder / "rootsweep.toml").exists()


def test_without_a_file_there_is_nothing_to_list(rootsweep: CommandLine) -> None:
    outcome = rootsweep("exception", "list")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "there is no rootsweep.toml from here upwards" in outcome.err


def test_a_refusal_leaves_the_file_as_it_was(rootsweep: CommandLine) -> None:
    assert grant(rootsweep).code == 0
    before = (rootsweep.folder / "rootsweep.toml").read_text("utf-8")
    again = grant(rootsweep)
    assert again.code == 2
    assert "another exception names the same key" in again.err
    assert (rootsweep.folder / "rootsweep.toml").read_text("utf-8") == before
