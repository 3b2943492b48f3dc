"""``rootsweep apply`` and ``rootsweep rehearse`` over real HTTP: only the planned keys go, and whatever happens is told."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rootsweep.core.removal.journal import Intent, Outcome
from rootsweep.storage.journal import Journal, verify
from rootsweep_emulator import Change, DenyAccess, Effect, Emulator, Refuse, Reset, Rule, ServiceControlDeny, SessionOf
from tests.cli.command_line import CommandLine
from tests.cli.command_line import Outcome as Ended
from tests.cli.processes import EVERY_FEW_CALLS, code_of, start
from tests.cli.removal.case import Apply, Case, now

PROGRAM = [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()"]


def writes(case: Case) -> int:
    return sum(
        count for (_, operation), count in case.control.calls_by_operation().items()
        if operation.startswith(("Delete", "Update", "Create", "Enable", "Disable", "Attach", "Detach"))
    )  # fmt: skip


def test_the_planned_keys_are_deleted_and_no_other(case: Case, apply: Apply) -> None:
    outcome = apply()
    assert (outcome.code, outcome.err) == (0, "")
    assert case.left == {case.kept_id}
    assert set(case.outcomes().values()) == {"deleted"}
    assert "3 of 3 keys deleted" in outcome.out
    assert case.control.calls("iam", "DeleteAccessKey") == 3
    assert verify(case.journal).intact


def test_intents_are_on_disk_before_anything_is_deleted(case: Case, apply: Apply) -> None:
    seen: list[int] = []
    case.control.add_fault(
        Rule(Change(lambda: seen.append(case.journal.read_text("utf-8").count('"intent"'))), "iam", "DeleteAccessKey")
    )
    assert apply().code == 0
    assert seen == [1, 2, 3]


def test_applied_again_nothing_is_done_again(case: Case, apply: Apply) -> None:
    assert apply().code == 0
    case.control.reset_calls()
    outcome = apply()
    assert outcome.code == 0
    assert outcome.out.count("done by an earlier run of this plan") == 3
    assert case.control.calls("sts", "AssumeRoot") == 0


def test_a_rehearsal_writes_nothing_and_tells_what_would_happen(case: Case, rootsweep: CommandLine) -> None:
    outcome = rootsweep("rehearse", str(case.path))
    assert outcome.code == 0
    assert outcome.out.count("WOULD_DELETE") == 3
    assert writes(case) == 0
    assert case.left == case.planned_ids | {case.kept_id}
    case.control.set_root_key_status(case.second, case.keys[case.second][0], "Active")
    outcome = rootsweep("rehearse", str(case.path))
    assert outcome.code == 5
    assert "status_unchanged" in outcome.out
    assert writes(case) == 0
    assert not case.journal.exists()


@pytest.mark.parametrize("old_key_id", [False, True])
def test_nothing_is_done_in_a_session_of_another_account(
    case: Case, apply: Apply, rootsweep: CommandLine, old_key_id: bool
) -> None:
    case.control.add_fault(Rule(SessionOf(case.third, old_key_id), "sts", "AssumeRoot", case.second))
    rehearsed = rootsweep("rehearse", str(case.path))
    assert rehearsed.code == 5
    assert f"returned a session of arn:aws:iam::{case.third}:root" in " ".join(rehearsed.out.split())
    outcome = apply()
    assert outcome.code == 5
    assert case.left == {*case.keys[case.second], case.kept_id}
    assert case.control.calls("iam", account=case.third) == 0


def appears(case: Case) -> None:
    case.control.create_root_key(case.second)


def is_used(case: Case) -> None:
    key_id = case.keys[case.second][0]
    case.control.record_root_key_use(case.second, key_id, age=60, region="eu-west-1", service="s3")


def changes_status(case: Case) -> None:
    case.control.set_root_key_status(case.second, case.keys[case.second][0], "Active")


@pytest.mark.parametrize(
    ("change", "precondition"),
    [(appears, "keys_as_planned"), (is_used, "not_used_since"), (changes_status, "status_unchanged")],
)
def test_what_has_changed_since_the_plan_stops_its_account_alone(
    case: Case, apply: Apply, change: Callable[[Case], None], precondition: str
) -> None:
    change(case)
    outcome = apply()
    assert outcome.code == 5
    assert precondition in outcome.out
    assert case.outcomes()[case.keys[case.second][0]] == "precondition_failed"
    assert case.keys[case.second][0] in case.left
    assert not set(case.keys[case.first]) & case.left


def test_a_key_that_is_gone_already_is_done(case: Case, apply: Apply) -> None:
    case.control.delete_root_key(case.second, case.keys[case.second][0])
    outcome = apply()
    assert (outcome.code, case.outcomes()[case.keys[case.second][0]]) == (0, "already_gone")


@pytest.mark.parametrize("effect", [Reset(), Reset(acted=True), Refuse("InternalFailure", status=500)])
def test_troubles_that_pass_change_nothing(case: Case, apply: Apply, effect: Effect) -> None:
    case.control.add_fault(Rule(effect, "iam", "DeleteAccessKey", times=2))
    assert apply().code == 0
    assert case.left == {case.kept_id}


def test_a_reply_that_is_lost_for_good_is_found_out_by_asking(case: Case, apply: Apply) -> None:
    case.control.add_fault(Rule(Reset(acted=True), "iam", "DeleteAccessKey", account=case.second))
    outcome = apply()
    assert (outcome.code, case.outcomes()[case.keys[case.second][0]]) == (0, "deleted")
    assert case.left == {case.kept_id}


def test_a_deletion_that_never_arrives_is_not_taken_for_one(case: Case, apply: Apply) -> None:
    case.control.add_fault(Rule(Reset(), "iam", "DeleteAccessKey", account=case.second))
    outcome = apply()
    assert (outcome.code, case.outcomes()[case.keys[case.second][0]]) == (5, "not_deleted")
    assert case.left == {case.kept_id, *case.keys[case.second]}


def test_changes_that_show_late_are_waited_for(case: Case, apply: Apply) -> None:
    case.control.set_consistency_lag(2.0)
    outcome = apply()
    assert (outcome.code, set(case.outcomes().values())) == (0, {"deleted"})


def test_changes_that_do_not_show_in_time_are_not_verified(case: Case, apply: Apply) -> None:
    case.control.set_consistency_lag(600.0)
    outcome = apply("--timeout", "1s")
    assert outcome.code == 5
    assert "not_verified" in case.outcomes().values()


def test_a_policy_that_denies_stops_its_account_alone(case: Case, apply: Apply) -> None:
    case.control.set_service_control_denies(case.first, ServiceControlDeny())
    outcome = apply()
    assert outcome.code == 5
    assert "AssumedRoot" in outcome.out
    assert case.left == {case.kept_id, *case.keys[case.first]}
    assert "NOT_ATTEMPTED" in outcome.out


def test_a_session_that_expires_midway_is_told_and_continued(case: Case, apply: Apply) -> None:
    handle = case.control.add_fault(Rule(Refuse("ExpiredToken"), "iam", "DeleteAccessKey", account=case.second))
    outcome = apply()
    assert (outcome.code, case.outcomes()[case.keys[case.second][0]]) == (5, "refused")
    case.control.remove_fault(handle)
    assert apply().code == 0
    assert case.left == {case.kept_id}


def test_without_verification_nothing_is_called_deleted(case: Case, apply: Apply) -> None:
    case.control.add_fault(Rule(DenyAccess(), "iam", "GetAccountSummary", account=case.second))
    outcome = apply("--timeout", "1s")
    assert (outcome.code, case.outcomes()[case.keys[case.second][0]]) == (5, "not_verified")


@EVERY_FEW_CALLS
def test_killed_between_any_two_calls_a_rerun_ends_the_work(
    organization: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rootsweep: CommandLine, stride: int
) -> None:
    """The process is killed when its n-th call arrives, which the server then carries out or not; then it is run again."""
    for variable, value in organization.environment("management").items():
        monkeypatch.setenv(variable, value)
    calls = 1
    while True:
        folder = tmp_path / str(calls)
        folder.mkdir()
        for account in list(organization.world.accounts)[2:5]:
            for key in organization.control.root_keys(account):
                organization.control.delete_root_key(account, key.id)
        case = Case(organization, folder)
        arguments = ["apply", str(case.path), "--confirm", case.digest, "--timeout", "5s"]
        process = start(*arguments)
        handle = organization.control.add_fault(Rule(Change(process.kill), skip=calls - 1, times=1))
        code = code_of(process)
        organization.control.remove_fault(handle)
        outcome = rootsweep(*arguments)
        assert (outcome.code, case.left) == (0, {case.kept_id}), f"killed at call {calls}"
        assert verify(case.journal).intact
        assert set(case.outcomes().values()) <= {"deleted", "already_gone"}
        if code == 0:
            break
        calls += stride
    assert calls > 15


def test_two_applies_at_once(case: Case, apply: Apply) -> None:
    with Journal.open(case.journal, now):
        outcome = apply()
    assert (outcome.code, outcome.out) == (2, "")
    assert "another rootsweep" in outcome.err
    assert case.left == case.planned_ids | {case.kept_id}


def refused(outcome: Ended, case: Case, words: str) -> None:
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err
    assert writes(case) == 0


def test_a_plan_that_does_not_fit_is_refused(case: Case, rootsweep: CommandLine, apply: Apply) -> None:
    refused(rootsweep("apply", str(case.path), "--confirm", "0" * 64), case, "not the digest of this plan")
    refused(rootsweep("apply", str(case.path)), case, "cannot prompt for confirmation: standard input is not a terminal")
    old = now() - timedelta(hours=25)
    case.save(replace(case.plan, created_at=old))
    refused(apply(), case, "the plan expired")
    case.save(replace(case.plan, created_at=now() + timedelta(hours=1)))
    refused(apply(), case, "in the future")
    case.save(replace(case.plan, organization_id="o-elsewhere01"))
    refused(apply(), case, "o-elsewhere01")
    text = case.path.read_text("utf-8").replace(case.keys[case.first][0], case.kept_id)
    case.path.write_text(text, "utf-8")
    refused(apply(), case, "changed")


def test_a_plan_without_deletions_needs_no_confirmation(case: Case, rootsweep: CommandLine) -> None:
    case.save(replace(case.plan, actions=()))
    outcome = rootsweep("apply", str(case.path))
    assert (outcome.code, writes(case)) == (0, 0)
    assert "1 held back" in outcome.out


def test_intents_and_outcomes_pair_up(case: Case, apply: Apply) -> None:
    apply()
    with Journal.open(case.journal, now) as journal:
        payloads = [entry.payload for entry in journal.entries() if isinstance(entry.payload, Intent | Outcome)]
    assert [type(payload) for payload in payloads] == [Intent, Outcome] * 3


@pytest.mark.parametrize(("typed", "code"), [("all", 0), ("one", 2), ("", 2)])
def test_at_a_terminal_the_ids_are_typed(case: Case, typed: str, code: int) -> None:
    ids = sorted(case.planned_ids)
    answer = {"all": " ".join(ids), "one": ids[0]}.get(typed, "")
    controller, terminal = os.openpty()
    with os.fdopen(controller, "wb", buffering=0) as keyboard:
        process = subprocess.Popen([*PROGRAM, "apply", str(case.path)], stdin=terminal, stdout=subprocess.PIPE, text=True)
        os.close(terminal)
        keyboard.write(f"{answer}\n".encode())
        out, _ = process.communicate(timeout=30)
    assert process.returncode == code
    assert all(key_id in out for key_id in ids)
    assert case.left == ({case.kept_id} if code == 0 else case.planned_ids | {case.kept_id})
