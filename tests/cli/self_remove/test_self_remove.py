"""``rootsweep self-remove`` over real HTTP: root's own keys go in an order that locks nobody out, and all of it is told."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rootsweep.core.removal.journal import Intent, Outcome
from rootsweep.core.removal.self_removal import digest_for
from rootsweep.storage.journal import Journal, inspect_journal
from rootsweep_emulator import (
    Body,
    Change,
    Credentials,
    DenyAccess,
    Effect,
    Emulator,
    Refuse,
    Replace,
    Reset,
    Rule,
    load_scenario,
)
from tests.cli import processes
from tests.cli.command_line import CommandLine
from tests.cli.command_line import Outcome as Ended
from tests.cli.processes import EVERY_FEW_CALLS

PROGRAM = [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()"]
ACCOUNT = "111122223333"
DAY = 86400.0
HOUR = 3600.0
WAITED = ("--min-inactive", "7h")
"""For tests in which AWS's clock moves: by less than a day, beyond which its dates are not believed."""
SCENARIO = """
[[account]]
id = "111122223333"
name = "alone"
partition = "{partition}"
caller = "root"
[[account.user]]
name = "auditor"
[[account.root_key]]
created = "900d"
[[account.root_key]]
created = "400d"
"""


class Case:
    """An account whose root user has two active keys, of which the first one calls."""

    def __init__(self, emulator: Emulator, folder: Path, monkeypatch: pytest.MonkeyPatch, command: CommandLine) -> None:
        self.emulator = emulator
        self.control = emulator.control
        self.own, self.other = (key.id for key in self.control.root_keys(ACCOUNT))
        self.journal = folder / f"rootsweep-self-remove-{ACCOUNT}.journal.jsonl"
        self._monkeypatch = monkeypatch
        self._command = command
        self.call_as(emulator.environment("alone"))

    def call_as(self, environment: dict[str, str]) -> None:
        for variable, value in environment.items():
            self._monkeypatch.setenv(variable, value)

    def call_with(self, credentials: Credentials) -> None:
        self.call_as(
            {
                "AWS_ACCESS_KEY_ID": credentials.access_key_id,
                "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
                "AWS_SESSION_TOKEN": credentials.session_token or "",
            }
        )

    def call_from_console(self) -> None:
        self.call_with(self.control.root_console_session(ACCOUNT))

    def __call__(self, *arguments: str) -> Ended:
        outcome = self._command("self-remove", "--timeout", "5s", *arguments)
        assert all(len(line) <= 80 for line in outcome.out.splitlines()), outcome.out
        assert os.environ["AWS_SECRET_ACCESS_KEY"] not in outcome.out + outcome.err
        return outcome

    def audit(self) -> Ended:
        """Audit as another principal of the account, by the command that is shown."""
        self.emulator.world.named["auditor"] = (ACCOUNT, "user/auditor")
        self.call_as(self.emulator.environment("auditor"))
        return self._command("audit", "--account", ACCOUNT, "--region", os.environ["AWS_REGION"])

    @property
    def left(self) -> dict[str, str]:
        return {key.id: key.status for key in self.control.root_keys(ACCOUNT)}

    @property
    def writes(self) -> int:
        return sum(self.control.calls("iam", operation) for operation in ("UpdateAccessKey", "DeleteAccessKey"))

    def outcomes(self) -> list[tuple[str, str, str]]:
        """Give what the journal holds: key, action and outcome; every intent has one."""
        inspection = inspect_journal(self.journal)
        assert (inspection.verification.intact, inspection.unfinished) == (True, ())
        payloads = [entry.payload for entry in inspection.entries]
        return [(str(one.key_id), one.action, one.outcome) for one in payloads if isinstance(one, Outcome)]


Start = Callable[[str], Case]


@pytest.fixture(name="start")
def start_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rootsweep: CommandLine) -> Iterator[Start]:
    """Give the function that serves the account in a partition, with an environment that holds its caller and nothing else."""
    monkeypatch.chdir(tmp_path)
    running: list[Emulator] = []

    def start(partition: str) -> Case:
        scenario = tmp_path / f"{partition}.toml"
        scenario.write_text(SCENARIO.format(partition=partition), encoding="utf-8")
        emulator = Emulator(load_scenario(scenario))
        emulator.start()
        running.append(emulator)
        return Case(emulator, tmp_path, monkeypatch, rootsweep)

    yield start
    for emulator in running:
        emulator.stop()


@pytest.fixture(name="case")
def commercial_account(start: Start) -> Case:
    return start("aws")


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov"])
def test_a_root_key_removes_the_other_and_itself_last(start: Start, partition: str) -> None:
    case = start(partition)
    shown = case()
    assert (shown.code, shown.err, case.writes, case.journal.exists()) == (5, "", 0, False)
    assert f"{case.own}  ACTIVE    900 days old  <- calls now" in shown.out
    assert f"--deactivate {case.other}" in shown.out
    assert f"--deactivate {case.own}" not in shown.out

    assert case("--deactivate", "all", "--confirm", case.other).code == 5
    assert case.left == {case.own: "Active", case.other: "Inactive"}
    waiting = case("--delete", "all")
    assert (waiting.code, case.control.calls("iam", "DeleteAccessKey")) == (5, 0)
    assert "come back after" in waiting.out

    case.control.advance(8 * HOUR)
    assert case("--delete", case.other, *WAITED, "--confirm", case.other).code == 5
    assert list(case.left) == [case.own]
    outcome = case("--delete", case.own, "--confirm", case.own)
    assert (outcome.code, outcome.err, case.left) == (0, "", {})
    assert "verified by the refusal of the deleted key" in outcome.out.replace("\n    ", " ")
    assert f"rootsweep audit --account {ACCOUNT} --region {os.environ['AWS_REGION']}" in outcome.out
    assert case.outcomes() == [
        (case.other, "deactivate_key", "deactivated"),
        (case.other, "delete_key", "deleted"),
        (case.own, "delete_key", "deleted"),
    ]
    assert case.audit().code == 0


def test_a_console_session_removes_every_key(case: Case) -> None:
    case.call_from_console()
    assert "calls now" not in case().out
    both = f"{case.own},{case.other}"
    assert case("--deactivate", "all", "--confirm", both).code == 5
    outcome = case("--delete", "all", "--min-inactive", "1s", "--confirm", both)
    assert outcome.code == 5, "a second has hardly gone by"
    case.control.advance(8 * HOUR)
    case.call_from_console()
    outcome = case("--delete", "all", *WAITED, "--confirm", both)
    assert (outcome.code, case.left) == (0, {})
    assert "No root access key is left, by the list of the keys and by the account summary." in outcome.out.replace("\n", " ")
    shown = case()
    assert (shown.code, "none" in shown.out) == (0, True)


def test_everything_at_once_without_waiting(case: Case) -> None:
    outcome = case("--delete", "all", "--including-own", "--without-waiting", "--confirm", f"{case.own},{case.other}")
    assert (outcome.code, case.left) == (0, {})
    assert [key_id for key_id, _, _ in case.outcomes()] == [case.other, case.own]


def test_undo_activates_what_the_journal_deactivated_and_nothing_else(case: Case) -> None:
    case.call_from_console()
    assert case("--undo").code == 5
    case.control.set_root_key_status(ACCOUNT, case.own, "Inactive")
    assert case("--deactivate", "all", "--confirm", case.other).code == 5
    assert set(case.left.values()) == {"Inactive"}
    outcome = case("--undo", "--confirm", case.other)
    assert case.left == {case.own: "Inactive", case.other: "Active"}
    assert "REACTIVATED" in outcome.out
    case.control.reset_calls()
    assert case("--undo").code == 5
    assert case.writes == 0


@pytest.mark.parametrize("named", [True, False])
def test_a_key_that_calls_is_never_deactivated(case: Case, named: bool) -> None:
    case.control.delete_root_key(ACCOUNT, case.other)
    outcome = case("--deactivate", case.own if named else "all")
    assert (outcome.code, case.writes) == (5, 0)
    assert "an inactive key could not delete itself" in outcome.out.replace("\n    ", " ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--delete", "{other}"), "it is active"),
        (("--delete", "{own}"), "other keys would be left"),
        (("--delete", "all"), "--including-own"),
        (("--delete", "all", "--including-own"), "other keys would be left"),
        (("--deactivate", "AKIAIOSFODNN7EXAMPLE"), "no key of this id"),
    ],
)
def test_what_is_held_back_says_why(case: Case, arguments: tuple[str, ...], words: str) -> None:
    outcome = case(*(argument.format(own=case.own, other=case.other) for argument in arguments))
    assert (outcome.code, case.writes) == (5, 0)
    assert words in outcome.out.replace("\n    ", " ")


def test_nothing_is_changed_without_confirmation_of_exactly_these_ids(case: Case) -> None:
    for confirmed, words in (
        (None, "standard input is not a terminal"),
        (case.own, "not name exactly"),
        (f"{case.own},{case.other}", "exactly"),
    ):
        confirm = () if confirmed is None else ("--confirm", confirmed)
        outcome = case("--deactivate", case.other, *confirm)
        assert (outcome.code, outcome.err.count("\n")) == (2, 1)
        assert words in outcome.err
    assert (case.writes, case.journal.exists()) == (0, False)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals here")
@pytest.mark.parametrize("right", [True, False])
def test_a_person_types_the_ids(case: Case, right: bool) -> None:
    import pty  # noqa: PLC0415  Unix alone has it

    person, terminal = pty.openpty()
    os.write(person, (case.other if right else "yes").encode() + b"\n")
    process = subprocess.run(
        [*PROGRAM, "self-remove", "--deactivate", case.other], stdin=terminal, capture_output=True, text=True, check=False
    )
    os.close(person)
    os.close(terminal)
    assert f"{case.other}  ACTIVE    will be made inactive" in process.stdout
    assert (process.returncode, case.left[case.other]) == ((5, "Inactive") if right else (2, "Active"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--deactivate", "all", "--delete", "all"),
        ("--undo", "--delete", "all"),
        ("--delete", "all", "--delete", "AKIAIOSFODNN7EXAMPLE"),
        ("--delete", "key-1"),
        ("--delete", "ASIAIOSFODNN7EXAMPLE"),
        ("--including-own",),
        ("--delete", "AKIAIOSFODNN7EXAMPLE", "--including-own"),
        ("--without-waiting",),
        ("--deactivate", "all", "--min-inactive", "1d"),
        ("--delete", "all", "--without-waiting", "--min-inactive", "1d"),
        ("--confirm", "AKIAIOSFODNN7EXAMPLE"),
    ],
)
def test_options_that_make_no_sense(case: Case, arguments: tuple[str, ...]) -> None:
    assert (case(*arguments).code, case.control.calls()) == (2, 0)


def test_a_key_of_another_account_is_refused(case: Case, demo: Emulator) -> None:
    foreign = demo.credentials("caller-is-root").access_key_id
    outcome = case("--delete", foreign)
    assert (outcome.code, case.writes) == (2, 0)
    assert "is of account 888899990000" in outcome.err


def test_last_use_is_told_apart_from_not_knowing_it(case: Case) -> None:
    case.control.record_root_key_use(ACCOUNT, case.other, age=60.0, region="eu-west-1", service="s3")
    shown = case().out
    assert "UTC in eu-west-1 by s3" in shown
    assert "no use recorded since tracking began in April 2015" in shown
    case.control.add_fault(Rule(DenyAccess(), "iam", "GetAccessKeyLastUsed"))
    shown = case().out
    assert shown.count("last use unknown") == 2


def test_who_is_not_root_is_told_so(case: Case) -> None:
    case.emulator.world.named["auditor"] = (ACCOUNT, "user/auditor")
    case.call_as(case.emulator.environment("auditor"))
    outcome = case("--delete", "all")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (4, "", 1)
    assert "run this as the account's root user" in outcome.err
    assert case.control.calls("iam") == 0


def test_a_caller_that_aws_places_in_another_account_does_nothing(case: Case) -> None:
    other = "222233334444"
    case.control.add_fault(Rule(Replace(("Account",), other), "sts"))
    case.control.add_fault(Rule(Replace(("Arn",), f"arn:aws:iam::{other}:root"), "sts"))
    outcome = case("--delete", "all")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (4, "", 1)
    assert "belongs to another account" in outcome.err
    assert case.control.calls("iam") == 0


@pytest.mark.parametrize("effect", [Reset(), Reset(acted=True), Refuse("InternalFailure", status=500)])
@pytest.mark.parametrize("operation", ["UpdateAccessKey", "DeleteAccessKey"])
def test_troubles_that_pass_change_nothing(case: Case, effect: Effect, operation: str) -> None:
    case.call_from_console()
    case.control.add_fault(Rule(effect, "iam", operation, times=2))
    assert case("--deactivate", case.other, "--confirm", case.other).code == 5
    both = f"{case.own},{case.other}"
    assert case("--delete", "all", "--without-waiting", "--confirm", both).code == 0
    assert case.left == {}


@pytest.mark.parametrize(("acted", "code", "result"), [(True, 0, "deleted"), (False, 5, "not_changed")])
def test_a_reply_that_is_lost_for_good_is_found_out_by_asking(case: Case, acted: bool, code: int, result: str) -> None:
    case.call_from_console()
    case.control.delete_root_key(ACCOUNT, case.own)
    case.control.add_fault(Rule(Reset(acted=acted), "iam", "DeleteAccessKey"))
    outcome = case("--delete", case.other, "--without-waiting", "--confirm", case.other, "--timeout", "1s")
    assert (outcome.code, case.outcomes()) == (code, [(case.other, "delete_key", result)])
    assert bool(case.left) is not acted


@pytest.mark.parametrize(
    "effect",
    [
        Refuse("GatewayTimeout", status=504, acted=True),
        Refuse("ServiceException", status=400, acted=True),
        Body(b"<html><br></html>", acted=True),
    ],
    ids=str,
)
@pytest.mark.parametrize(("operation", "result"), [("UpdateAccessKey", "deactivated"), ("DeleteAccessKey", "deleted")])
def test_an_error_of_aws_after_acting_is_found_out_by_asking(case: Case, effect: Effect, operation: str, result: str) -> None:
    case.call_from_console()
    case.control.delete_root_key(ACCOUNT, case.own)
    case.control.add_fault(Rule(effect, "iam", operation))
    wanted = ("--deactivate", case.other) if operation == "UpdateAccessKey" else ("--delete", case.other, "--without-waiting")
    case(*wanted, "--confirm", case.other)
    assert [outcome for _, _, outcome in case.outcomes()] == [result]
    assert case.left == ({case.other: "Inactive"} if operation == "UpdateAccessKey" else {})


def test_a_key_whose_own_deletion_was_not_answered_proves_nothing(case: Case) -> None:
    case.control.delete_root_key(ACCOUNT, case.other)
    case.control.add_fault(Rule(Reset(acted=True), "iam", "DeleteAccessKey"))
    outcome = case("--delete", case.own, "--confirm", case.own)
    assert (outcome.code, case.left, case.outcomes()) == (5, {}, [(case.own, "delete_key", "not_verified")])
    assert "rootsweep audit" in outcome.out
    again = case("--delete", case.own, "--confirm", case.own)
    assert (again.code, case.outcomes()) == (5, [(case.own, "delete_key", "not_verified")])
    assert "the journal says was to be deleted" in " ".join(again.out.split())
    assert "rootsweep audit" in again.out
    assert case.audit().code == 0


def interrupt_after_deletion(case: Case) -> None:
    """Leave the journal as a run does that is killed once AWS has deleted the key that calls, before it can tell so."""
    case.control.delete_root_key(ACCOUNT, case.other)
    digest = digest_for(ACCOUNT)
    with Journal.open(case.journal, lambda: datetime.now(UTC)) as journal:
        journal.append(Intent(digest, ACCOUNT, case.own, "delete_key"))
    case.control.delete_root_key(ACCOUNT, case.own)


@pytest.mark.parametrize("arguments", [(), ("--delete", "all", "--including-own")])
def test_a_run_that_was_killed_after_the_key_that_called_was_deleted_gets_an_outcome(
    case: Case, arguments: tuple[str, ...]
) -> None:
    interrupt_after_deletion(case)
    for _ in range(2):
        outcome = case(*arguments)
        assert (outcome.code, case.outcomes()) == (5, [(case.own, "delete_key", "not_verified")])
        assert f"{'NOT_VERIFIED':<20} {case.own}" in outcome.out
        assert f"rootsweep audit --account {ACCOUNT}" in outcome.out
    assert case.audit().code == 0


def test_a_deleted_key_that_only_lists_are_refused_to_gets_an_outcome_too(case: Case) -> None:
    with Journal.open(case.journal, lambda: datetime.now(UTC)) as journal:
        journal.append(Intent(digest_for(ACCOUNT), ACCOUNT, case.own, "delete_key"))
    case.control.add_fault(Rule(Refuse("InvalidClientTokenId", status=403), "iam", "ListAccessKeys"))
    outcome = case()
    assert (outcome.code, case.outcomes()) == (5, [(case.own, "delete_key", "not_verified")])


def test_a_key_that_nothing_was_to_delete_is_only_unknown(case: Case) -> None:
    case.control.delete_root_key(ACCOUNT, case.own)
    outcome = case()
    assert (outcome.code, outcome.err.count("\n")) == (4, 1)
    assert not case.journal.exists()


def test_the_refusal_of_a_key_proves_nothing_before_its_deletion(case: Case) -> None:
    case.control.delete_root_key(ACCOUNT, case.other)
    case.control.add_fault(Rule(Refuse("InvalidClientTokenId"), "iam", "ListAccessKeys", skip=1))
    outcome = case("--delete", case.own, "--confirm", case.own)
    assert (outcome.code, case.writes, list(case.left)) == (5, 0, [case.own])
    assert "REFUSED" in outcome.out


def test_changes_that_show_late_are_waited_for(case: Case) -> None:
    case.control.set_consistency_lag(1.0)
    outcome = case("--delete", "all", "--including-own", "--without-waiting", "--confirm", f"{case.own},{case.other}")
    assert (outcome.code, case.left) == (0, {})


def test_changes_that_do_not_show_in_time_stop_what_follows(case: Case) -> None:
    case.control.set_consistency_lag(600.0)
    both = f"{case.own},{case.other}"
    outcome = case("--delete", "all", "--including-own", "--without-waiting", "--confirm", both, "--timeout", "1s")
    assert (outcome.code, list(case.left)) == (5, [case.own])
    assert case.outcomes() == [(case.other, "delete_key", "not_verified")]
    assert "NOT_ATTEMPTED" in outcome.out


@pytest.mark.parametrize("operation", ["UpdateAccessKey", "DeleteAccessKey"])
def test_what_is_denied_stops_what_follows(case: Case, operation: str) -> None:
    case.control.add_fault(Rule(DenyAccess(by_service_control_policy=True), "iam", operation))
    both = f"{case.own},{case.other}"
    deleting = ("--delete", "all", "--including-own", "--without-waiting", "--confirm", both)
    outcome = case(*(deleting if operation == "DeleteAccessKey" else ("--deactivate", "all", "--confirm", case.other)))
    assert (outcome.code, [result for _, _, result in case.outcomes()]) == (5, ["refused"])
    assert case.left == {case.own: "Active", case.other: "Active"}


def test_without_a_list_nothing_is_shown_or_done(case: Case) -> None:
    case.control.add_fault(Rule(DenyAccess(), "iam", "ListAccessKeys"))
    outcome = case("--delete", "all")
    assert (outcome.code, outcome.out, outcome.err.count("\n"), case.writes) == (4, "", 1, 0)


def test_without_a_summary_no_deletion_is_verified_and_no_absence_proven(case: Case) -> None:
    case.call_from_console()
    case.control.add_fault(Rule(DenyAccess(), "iam", "GetAccountSummary"))
    both = f"{case.own},{case.other}"
    outcome = case("--delete", "all", "--without-waiting", "--confirm", both, "--timeout", "1s")
    assert (outcome.code, [result for _, _, result in case.outcomes()]) == (5, ["not_verified"])
    for key_id in case.left:
        case.control.delete_root_key(ACCOUNT, key_id)
    assert case().code == 5


def test_a_key_that_appears_meanwhile_stops_everything(case: Case) -> None:
    case.control.delete_root_key(ACCOUNT, case.other)

    def appear() -> None:
        case.control.create_root_key(ACCOUNT)

    case.control.add_fault(Rule(Change(appear), "iam", "GetAccessKeyLastUsed", times=1))
    outcome = case("--delete", case.own, "--confirm", case.own)
    assert (outcome.code, case.writes) == (5, 0)
    assert "has appeared since" in outcome.out.replace("\n    ", " ")


def test_intents_are_on_disk_before_anything_is_changed(case: Case) -> None:
    seen: list[int] = []
    look = Change(lambda: seen.append(case.journal.read_text("utf-8").count('"kind":"intent"')))
    case.control.add_fault(Rule(look, "iam", "DeleteAccessKey"))
    case("--delete", "all", "--including-own", "--without-waiting", "--confirm", f"{case.own},{case.other}")
    assert seen == [1, 2]


def test_a_journal_that_was_changed_is_refused(case: Case) -> None:
    case("--deactivate", case.other, "--confirm", case.other)
    case.journal.write_text(case.journal.read_text("utf-8").replace("self_remove", "apply", 1), "utf-8")
    outcome = case("--undo", "--confirm", case.other)
    assert (outcome.code, case.left[case.other]) == (2, "Inactive")


def killed_at_each_call(
    start: Start, arguments: Callable[[Case], list[str]], stride: int, *, console: bool
) -> Iterator[tuple[int, Case]]:
    """Run in a process that is killed when its n-th call arrives, which the server then carries out or not.

    For every n after the first four calls, which ask who calls and what keys there are, and change nothing.
    """
    calls = 5
    while True:
        case = start("aws")
        case.journal.unlink(missing_ok=True)
        if console:
            case.call_from_console()
        process = processes.start("self-remove", "--timeout", "5s", *arguments(case))
        handle = case.control.add_fault(Rule(Change(process.kill), skip=calls - 1, times=1))
        code = processes.code_of(process)
        case.control.remove_fault(handle)
        yield calls, case
        if code >= 0:
            return
        calls += stride


@EVERY_FEW_CALLS
def test_killed_between_any_two_calls_a_rerun_ends_the_work(start: Start, stride: int) -> None:
    def arguments(case: Case) -> list[str]:
        return ["--delete", "all", "--including-own", "--without-waiting", "--confirm", f"{case.own},{case.other}"]

    calls = 0
    for calls, case in killed_at_each_call(start, arguments, stride, console=False):
        outcome = case(*arguments(case))
        assert case.left == {}, f"killed at call {calls}"
        if outcome.code:
            assert (outcome.code, case.audit().code) in {(4, 0), (5, 0)}, outcome.err
            assert "the journal says was to be deleted" in " ".join((outcome.out + outcome.err).split())
        assert case.outcomes()
    assert calls > 10


@EVERY_FEW_CALLS
def test_killed_while_deactivating_an_undo_brings_back_what_was_done(start: Start, stride: int) -> None:
    def arguments(case: Case) -> list[str]:
        return ["--deactivate", "all", "--confirm", f"{case.own},{case.other}"]

    calls = 0
    for calls, case in killed_at_each_call(start, arguments, stride, console=True):
        inactive = [key_id for key_id, status in case.left.items() if status == "Inactive"]
        case("--undo", "--confirm", ",".join(inactive))
        assert set(case.left.values()) == {"Active"}, f"killed at call {calls}"
        again = case(*arguments(case))
        assert (again.code, set(case.left.values())) == (5, {"Inactive"})
        intents = [one for one in inspect_journal(case.journal).unfinished if isinstance(one.payload, Intent)]
        assert intents == []
    assert calls > 10


def test_a_journal_that_is_lost_midway_ends_it_and_says_what_was_done(case: Case) -> None:
    case.call_from_console()
    case.control.add_fault(Rule(Change(case.journal.unlink), "iam", "DeleteAccessKey", times=1))
    both = f"{case.own},{case.other}"
    outcome = case("--delete", "all", "--without-waiting", "--confirm", both)
    assert (outcome.code, case.writes, len(case.left)) == (5, 1, 1)
    assert outcome.out.count("\nDELETED") == 1
    assert "removed or changed" in outcome.err
