"""``rootsweep plan`` over real HTTP: what may be deleted, what is held back, what needs a person, and the file of it all."""

import json
import os
import re
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from rootsweep.core.removal.plan import Action, ActionKind, HeldBack, HeldBackReason, Plan
from rootsweep.storage.plan_file import json_schema, read_plan
from rootsweep_emulator import Change, DenyAccess, Emulator, Latency, Rule, ServiceControlDeny, Shares, generate
from tests.cli.command_line import CommandLine, Outcome
from tests.json_schema import validate

DAY = 86400.0
SWEEP = ("plan", "--organization", "--quiet", "--timeout", "20s")


def plan_in(path: str) -> Plan:
    validate(json.loads(Path(path).read_text()), json_schema())
    return read_plan(Path(path))[0]


class Case:
    """An organization of 45 accounts, planned from its management account."""

    def __init__(self, emulator: Emulator, rootsweep: CommandLine) -> None:
        self.emulator = emulator
        self.control = emulator.control
        self.rootsweep = rootsweep
        self.management = emulator.world.account("management").id
        self.members = list(emulator.world.accounts)[2:]
        self.path = str(rootsweep.folder / "plan.json")

    def key(self, account: str, *, age: float = 400 * DAY, status: Any = "Active", used: float | None = None) -> str:
        key_id = self.control.create_root_key(account, age=age, status=status)
        if used is not None:
            self.control.record_root_key_use(account, key_id, age=used, region="us-east-1", service="iam")
        return key_id

    def plan(self, *arguments: str) -> Outcome:
        self.control.make_report("management")
        return self.rootsweep(*SWEEP, "--output", self.path, "--force", *arguments)

    def read(self) -> Plan:
        return plan_in(self.path)

    def actions(self) -> dict[str | None, Action]:
        return {action.key.id: action for action in self.read().actions}

    def held_back(self) -> dict[str | None, HeldBack]:
        return {held.key.id: held for held in self.read().held_back}


@pytest.fixture(autouse=True)
def narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture(name="case")
def organization_that_is_planned(
    organization: Emulator, rootsweep: CommandLine, call_as: Callable[[Emulator, str], None]
) -> Case:
    call_as(organization, "management")
    return Case(organization, rootsweep)


@pytest.fixture(name="saved")
def saved_run(case: Case) -> str:
    """Give the path of a saved run of the organization, with an old key in the first member account."""
    case.key(case.members[0])
    path = str(case.rootsweep.folder / "run.json")
    case.control.make_report("management")
    assert case.rootsweep("audit", "--organization", "--quiet", "--format", "json", "--output", path).code == 1
    return path


def test_without_a_key_there_is_nothing_to_remove(case: Case) -> None:
    outcome = case.plan()
    assert (outcome.code, outcome.err) == (0, "")
    assert "Nothing to remove" in outcome.out
    plan = case.read()
    assert (plan.actions, plan.held_back, plan.accounts, plan.is_complete) == ((), (), 45, True)


def test_old_keys_of_members_are_deleted_by_rootsweep(case: Case) -> None:
    idle, unused = case.key(case.members[0], used=200 * DAY), case.key(case.members[1], status="Inactive")
    outcome = case.plan()
    assert outcome.code == 0
    actions = case.actions()
    assert {key_id: action.kind for key_id, action in actions.items()} == {
        idle: ActionKind.DELETE_KEY,
        unused: ActionKind.DELETE_KEY,
    }
    plan, digest = read_plan(Path(case.path))
    assert (plan.organization_id, plan.partition) == (next(iter(case.emulator.world.organizations)), "aws")
    for words in (
        idle,
        unused,
        "workload-00001",
        digest,
        "last used ",
        "in us-east-1 by iam",
        "rootsweep rehearse",
        "rootsweep apply",
    ):
        assert words in outcome.out, words
    assert "no use recorded since tracking began in April 2015" in " ".join(outcome.out.split())
    assert "last use unknown" not in outcome.out
    assert case.control.calls("iam", "DeleteAccessKey") == 0


def test_what_is_held_back_is_told_with_the_option_that_releases_it(case: Case) -> None:
    recent, young = case.key(case.members[0], used=9 * DAY), case.key(case.members[1], age=60)
    outcome = case.plan()
    assert outcome.code == 3
    held = case.held_back()
    assert (held[recent].reason, held[young].reason) == (HeldBackReason.RECENTLY_USED, HeldBackReason.TOO_YOUNG)
    assert f"release --allow-recent {recent}" in outcome.out
    assert "release --min-age" in outcome.out
    assert "2 keys held back" in outcome.out
    outcome = case.plan("--allow-recent", recent, "--allow-recent", young)
    assert (outcome.code, list(case.actions()), list(case.held_back())) == (3, [recent], [young])
    assert case.plan("--min-idle", "1d", "--min-age", "1s").code == 0


def test_the_management_account_needs_a_person_and_comes_first(case: Case) -> None:
    case.key(case.members[0])
    case.key(case.management)
    outcome = case.plan()
    assert outcome.code == 3
    first, second = case.read().actions
    assert (first.kind, first.key.account.id, second.kind) == (ActionKind.MANUAL_STEP, case.management, ActionKind.DELETE_KEY)
    assert outcome.out.index(case.management) < outcome.out.index(case.members[0])
    assert "aws iam delete-access-key --access-key-id KEY_ID" in outcome.out
    assert "at least 400 days old" in " ".join(outcome.out.split())
    assert "1 key by hand" in outcome.out


def test_a_key_that_only_a_role_saw_is_held_back_where_root_sessions_are_refused(case: Case) -> None:
    member = case.members[3]
    case.key(member)
    case.control.make_report(member)
    case.control.set_service_control_denies(member, ServiceControlDeny())
    assert case.plan("--role-name", "RootAudit").code == 3
    assert case.held_back()[None].reason is HeldBackReason.KEY_ID_UNKNOWN


def test_without_root_sessions_a_person_acts(case: Case) -> None:
    member = case.members[3]
    case.key(member)
    case.control.make_report(member)
    outcome = case.plan("--access", "role", "--role-name", "RootAudit")
    (action,) = case.read().actions
    assert (outcome.code, action.kind) == (3, ActionKind.MANUAL_STEP)
    assert "If account" in action.runbook[0]


def test_accounts_that_could_not_be_read_are_told(case: Case) -> None:
    case.key(case.members[0])
    case.control.set_service_control_denies(case.members[5], ServiceControlDeny())
    outcome = case.plan()
    assert outcome.code == 3
    assert case.read().unread == (case.members[5],)
    assert f"1 account could not be read: {case.members[5]}" in outcome.out
    assert "1 account not read" in " ".join(outcome.out.split())


def test_an_incomplete_scope_is_told(rootsweep: CommandLine, call_as: Callable[[Emulator, str], None]) -> None:
    with Emulator(generate(200, shares=Shares())) as emulator:
        emulator.control.add_fault(Rule(DenyAccess(), "organizations", "ListAccounts", skip=6))
        call_as(emulator, "management")
        case = Case(emulator, rootsweep)
        outcome = case.plan()
        assert outcome.code == 3
        assert "ListAccounts" in str(case.read().incomplete_because)
        assert "The audit is incomplete, keys may be missing" in " ".join(outcome.out.split())


def test_the_limits_hold_back_the_rest(case: Case) -> None:
    active = [case.key(member) for member in case.members[:6]]
    inactive = case.key(case.members[6], status="Inactive")
    assert case.plan().code == 3
    assert len(case.actions()) == 4
    assert inactive in case.actions()
    assert {held.reason for held in case.held_back().values()} == {HeldBackReason.MAX_SHARE}
    assert case.plan("--max-share", "50%").code == 0
    assert case.plan("--max-share", "50%", "--max-accounts", "2").code == 3
    assert len(case.actions()) == 2
    assert {held.reason for held in case.held_back().values()} == {HeldBackReason.MAX_ACCOUNTS}
    assert case.actions().keys() | case.held_back().keys() == {*active, inactive}


def test_a_plan_is_no_wider_than_80_columns(case: Case) -> None:
    for member in case.members[:3]:
        case.key(member, used=9 * DAY)
    case.key(case.management)
    case.key(case.members[4])
    case.control.set_service_control_denies(case.members[5], ServiceControlDeny())
    lines = case.plan().out.splitlines()
    assert [line for line in lines if cell_len(line) > 80 and not line.startswith("  rootsweep ")] == []


@pytest.mark.parametrize("separator", ["\t", " ", ", ", "\n"])
def test_every_account_of_a_list_is_left_out_of_the_plan(case: Case, separator: str) -> None:
    keys = [case.key(member) for member in case.members[:3]]
    kept = case.rootsweep.save("kept.txt", separator.join(case.members[:2]) + "\n")
    outcome = case.plan("--exclude", kept)
    assert (outcome.code, list(case.actions())) == (0, keys[2:])
    assert f"{kept} names 2 accounts" in outcome.err
    assert case.plan("--exclude", f"{case.members[0]},{case.members[1]}").code == 0
    assert list(case.actions()) == keys[2:]


def test_the_scope_narrows_the_plan(case: Case) -> None:
    first, second = case.key(case.members[0]), case.key(case.members[1])
    assert case.plan("--exclude", case.members[0]).code == 0
    assert list(case.actions()) == [second]
    assert (
        case.rootsweep("plan", "--access", "root-session", "--account", case.members[0], "--output", case.path, "--force").code
        == 0
    )
    assert list(case.actions()) == [first]


def test_the_own_account_alone_needs_a_person(
    demo: Emulator, rootsweep: CommandLine, call_as: Callable[[Emulator, str], None]
) -> None:
    path = str(rootsweep.folder / "rootsweep-plan.json")
    for name in demo.world.named:
        call_as(demo, name)
        outcome = rootsweep("plan", "--output", path, "--force")
        assert outcome.code in {0, 3}, outcome.err
        kinds = {action.kind for action in plan_in(path).actions}
        assert kinds <= {ActionKind.MANUAL_STEP, ActionKind.SELF_REMOVE}
        has_key = bool(demo.control.root_keys(demo.world.named[name][0]))
        assert bool(kinds) == has_key or outcome.code == 3


def test_times_are_by_awss_clock(case: Case) -> None:
    case.key(case.members[0])
    case.control.skew(200)
    assert case.plan().code == 0
    ahead = case.read().created_at - datetime.now(UTC)
    assert timedelta(seconds=190) < ahead < timedelta(seconds=210)


def test_a_plan_of_a_saved_run_is_that_of_a_fresh_one(case: Case, saved: str) -> None:
    assert case.plan().code == 0
    fresh = case.read()
    outcome = case.rootsweep("plan", "--from", saved, "--output", case.path, "--force")
    assert (outcome.code, outcome.err) == (0, "")
    assert case.read().actions == fresh.actions
    run = json.loads(Path(saved).read_text())
    assert case.read().as_of == datetime.fromisoformat(run["finished_at"])


def changed(saved: str, **by: timedelta) -> str:
    """Move every time of a saved run."""
    text = Path(saved).read_text()

    def moved(match: re.Match[str]) -> str:
        return (datetime.fromisoformat(match[0]) + by["by"]).isoformat().replace("+00:00", "Z")

    path = Path(saved).with_name("moved.json")
    path.write_text(re.sub(r"20\d\d-\d\d-\d\dT[\d:.]+Z", moved, text))
    return str(path)


def test_an_old_run_is_told_and_a_future_one_refused(case: Case, saved: str) -> None:
    old = changed(saved, by=timedelta(days=-3))
    outcome = case.rootsweep("plan", "--from", old, "--output", case.path, "--force")
    assert outcome.code == 0
    assert "this run is 3 days old" in outcome.err
    future = changed(saved, by=timedelta(hours=1))
    outcome = case.rootsweep("plan", "--from", future, "--output", case.path, "--force")
    assert (outcome.code, outcome.out) == (2, "")
    assert "dated in the future" in outcome.err


def test_a_key_that_was_idle_when_an_old_run_ended_may_have_been_used_since(case: Case) -> None:
    case.key(case.members[0], used=100 * DAY)
    path = str(case.rootsweep.folder / "run.json")
    case.rootsweep("audit", "--organization", "--quiet", "--format", "json", "--output", path)
    run = json.loads(Path(path).read_text())
    row = next(row for row in run["accounts"] if row["account_id"] == case.members[0])
    used = datetime.fromisoformat(row["keys"][0]["last_used"]["at"])
    row["keys"][0]["last_used"]["at"] = (used + timedelta(days=50)).isoformat()
    Path(path).write_text(json.dumps(run))
    assert case.rootsweep("plan", "--from", path, "--output", case.path, "--force").code == 3
    (held,) = case.read().held_back
    assert held.reason is HeldBackReason.RECENTLY_USED


@pytest.mark.parametrize("content", ["", "{}", "[]", "no json", '{"schema": "rootsweep.plan/1"}'])
def test_what_is_no_run_is_refused(rootsweep: CommandLine, content: str) -> None:
    path = rootsweep.save("run.json", content)
    outcome = rootsweep("plan", "--from", path, "--output", str(rootsweep.folder / "plan.json"))
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert "is not a run" in outcome.err


def test_a_run_with_a_reason_of_a_newer_version_is_refused(case: Case, saved: str) -> None:
    run = json.loads(Path(saved).read_text())
    run["accounts"][0]["evidence"][0] |= {"status": "unavailable", "reason": "moon_in_the_way"}
    Path(saved).write_text(json.dumps(run))
    assert "is not a run of this version" in case.rootsweep("plan", "--from", saved, "--output", case.path).err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--allow-recent", "AKIA"), "is not the id of an access key"),
        (("--allow-recent", "ASIAQNZGKIQY56JQ7WML"), "is not the id of an access key"),
        (("--max-share", "10"), "is not a share"),
        (("--max-share", "0%"), "is not a share"),
        (("--max-share", "101%"), "is not a share"),
        (("--max-accounts", "0"), "is not in the range"),
        (("--min-idle", "0d"), "is not a duration"),
        (("--valid-for", "8d"), "at most 7d"),
        (("--output", "-"), "--output names a file"),
        (("--output", "missing/plan.json"), "its folder does not exist"),
        (("--from", "missing.json"), "cannot read missing.json"),
        (("--from", "run.json", "--organization"), "leave out --organization"),
        (("--from", "run.json", "--account", "111122223333"), "leave out --account"),
        (("--ou", "ou-a1b2-c3d4e5f6"), "add --organization"),
    ],
)
def test_what_makes_no_sense_is_refused_before_aws_is_asked(
    rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(rootsweep.folder)
    outcome = rootsweep("plan", *arguments)
    assert (outcome.code, outcome.out) == (4 if "folder" in words else 2, "")
    assert words in outcome.err


def test_an_id_that_no_key_has_is_refused_and_nothing_is_written(case: Case) -> None:
    case.key(case.members[0])
    outcome = case.plan("--allow-recent", "AKIAQNZGKIQY56JQ7WML")
    assert (outcome.code, outcome.out) == (2, "")
    assert "AKIAQNZGKIQY56JQ7WML" in outcome.err
    assert not Path(case.path).exists()


def test_an_existing_plan_is_replaced_by_force_alone(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case.rootsweep.folder)
    assert case.rootsweep(*SWEEP).code == 0
    before = Path("rootsweep-plan.json").read_bytes()
    calls = case.control.calls()
    outcome = case.rootsweep(*SWEEP)
    assert (outcome.code, outcome.out, case.control.calls()) == (2, "", calls)
    assert "rootsweep-plan.json exists" in outcome.err
    assert Path("rootsweep-plan.json").read_bytes() == before
    assert case.rootsweep(*SWEEP, "--force").code == 0
    assert Path("rootsweep-plan.json").read_bytes() != before


def test_without_credentials_nothing_can_be_planned(rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.chdir(rootsweep.folder)
    outcome = rootsweep("plan", "--organization")
    assert (outcome.code, outcome.out) == (4, "")
    assert list(rootsweep.folder.iterdir()) == []


def test_an_interrupted_audit_makes_no_plan(case: Case) -> None:
    case.control.add_fault(Rule(Change(lambda: os.kill(os.getpid(), signal.SIGINT)), "sts", "AssumeRoot", skip=5, times=1))
    case.control.add_fault(Rule(Latency(0.2), "sts"))
    outcome = case.plan()
    assert (outcome.code, outcome.out) == (130, "")
    assert "no plan was made" in outcome.err
    assert not Path(case.path).exists()


def test_a_plan_leaves_the_progress_of_an_audit_alone(case: Case) -> None:
    assert case.plan().code == 0
    assert [path.name for path in case.rootsweep.folder.rglob("*") if path.is_file()] == ["plan.json"]
