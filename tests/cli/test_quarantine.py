"""``rootsweep quarantine`` over real HTTP: root's keys are denied, root sessions are not, and lifting leaves what was there."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rootsweep.emulator import Change, DenyAccess, Effect, Emulator, Refuse, Reset, Rule
from rootsweep.emulator.operations.organizations_attachments import MOST_ATTACHED
from rootsweep.model.evidence import KeyStatus, NoLastUse
from rootsweep.model.journal import Entry, Intent, Note, Outcome
from rootsweep.model.organization import Account
from rootsweep.model.remediation import (
    Action,
    ActionKind,
    Guards,
    HeldBack,
    HeldBackReason,
    Plan,
    PlannedKey,
    Precondition,
)
from rootsweep.planfile import digest_of, write_plan
from rootsweep.remediation.journal.file import Journal
from rootsweep.remediation.journal.inspection import inspect_journal, verify
from rootsweep.remediation.journal.reading import read_journal
from tests.cli.command_line import CommandLine
from tests.cli.command_line import Outcome as Ended
from tests.emulator.clients import client, error_of, root_session

PROGRAM = [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()"]
DAY = 86400.0
FULL_ACCESS = "p-FullAWSAccess"
NAME = "rootsweep-quarantine"
SCP = "SERVICE_CONTROL_POLICY"
ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


def now() -> datetime:
    return datetime.now(UTC)


class Case:
    """An organization in which a plan deletes an active key and an inactive one, and holds one back that may be in use."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self.control = emulator.control
        self.organizations = client(emulator, "organizations", "management")
        self.management = emulator.world.named["management"][0]
        self.first, self.second, self.unused = list(emulator.world.accounts)[2:5]
        self.keys = {
            self.first: self.control.create_root_key(self.first, age=400 * DAY),
            self.second: self.control.create_root_key(self.second, age=400 * DAY),
            self.unused: self.control.create_root_key(self.unused, age=400 * DAY, status="Inactive"),
        }
        self.path = folder / "plan.json"
        self.journal = folder / "plan.json.journal.jsonl"
        deletions = (self.first, self.unused)
        actions = tuple(Action(ActionKind.DELETE_KEY, self.planned(account), tuple(Precondition)) for account in deletions)
        held = HeldBack(self.planned(self.second), HeldBackReason.LAST_USE_UNKNOWN, "may be in use", None)
        organization = next(iter(emulator.world.organizations))
        self.plan = Plan("0", now(), now(), organization, "aws", 45, Guards(), actions, (held,))
        self.save(self.plan)

    def planned(self, account: str) -> PlannedKey:
        (key,) = self.control.root_keys(account)
        status = KeyStatus.ACTIVE if key.status == "Active" else KeyStatus.INACTIVE
        created_at = datetime.fromtimestamp(int(key.created_at), UTC)
        return PlannedKey(Account(account, partition="aws"), key.id, None, status, created_at, None, NoLastUse.NEVER_RECORDED)

    def save(self, plan: Plan) -> None:
        with self.path.open("w", encoding="utf-8") as stream:
            write_plan(plan, stream)
        self.digest = digest_of(plan)

    def attached(self, account: str) -> list[str]:
        """The names of the policies of an account itself."""
        found = self.organizations.list_policies_for_target(TargetId=account, Filter=SCP)["Policies"]
        return [policy["Name"] for policy in found]

    def policy(self) -> str | None:
        """The id of the shared policy."""
        pages = self.organizations.get_paginator("list_policies").paginate(Filter=SCP)
        return next((policy["Id"] for page in pages for policy in page["Policies"] if policy["Name"] == NAME), None)

    def create(self, name: str, content: str = ALLOW_ALL, **more: Any) -> str:
        made = self.organizations.create_policy(Name=name, Description="", Type=SCP, Content=content, **more)
        policy_id: str = made["Policy"]["PolicySummary"]["Id"]
        return policy_id

    def is_denied(self, account: str) -> bool:
        """Whether the root key of an account is denied."""
        self.emulator.world.named["root"] = (account, "root")
        iam = client(self.emulator, "iam", "root")
        try:
            return error_of(iam.list_account_aliases)[0] == "AccessDenied"
        except AssertionError:
            return False

    def entries(self) -> list[Entry]:
        return list(read_journal(self.journal))

    def outcomes(self, action: str = "quarantine") -> dict[str, str]:
        payloads = [entry.payload for entry in self.entries()]
        return {
            payload.account_id: payload.outcome
            for payload in payloads
            if isinstance(payload, Outcome) and payload.action == action
        }


@pytest.fixture(name="case")
def organization_with_keys(organization: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    call_as("management", organization, monkeypatch)
    organization.control.set_service_control_policies("management", enabled=True)
    return Case(organization, tmp_path)


def call_as(caller: str, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in emulator.environment(caller).items():
        monkeypatch.setenv(variable, value)


Quarantine = Callable[..., Ended]


@pytest.fixture(name="quarantine")
def the_command(case: Case, rootsweep: CommandLine) -> Quarantine:
    def quarantine(what: str, *arguments: str) -> Ended:
        confirmed = () if what == "status" else ("--confirm", case.digest)
        return rootsweep("quarantine", what, str(case.path), *confirmed, "--timeout", "5s", *arguments)

    return quarantine


def test_root_keys_are_denied_and_root_sessions_are_not_until_it_is_lifted(case: Case, quarantine: Quarantine) -> None:
    other = case.create("other")
    case.organizations.attach_policy(PolicyId=other, TargetId=case.second)
    outcome = quarantine("on")
    assert (outcome.code, outcome.err) == (0, "")
    assert "2 of 2 accounts are quarantined" in outcome.out
    assert case.outcomes() == {case.first: "quarantined", case.second: "quarantined"}
    assert (case.attached(case.first), case.attached(case.unused)) == (["FullAWSAccess", NAME], ["FullAWSAccess"])
    assert (case.is_denied(case.first), case.is_denied(case.second)) == (True, True)
    session = client(case.emulator, "iam", root_session(case.emulator, case.first))
    assert session.list_access_keys()["AccessKeyMetadata"]
    outcome = quarantine("lift")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.count("exactly the policies from before") == 2
    assert case.outcomes("lift") == {case.first: "lifted", case.second: "lifted"}
    assert (case.is_denied(case.first), case.is_denied(case.second)) == (False, False)
    assert (case.attached(case.first), case.attached(case.second)) == (["FullAWSAccess"], ["FullAWSAccess", "other"])
    assert case.policy() is not None
    assert verify(case.journal).intact


def test_the_policy_is_described_and_tagged(case: Case, quarantine: Quarantine) -> None:
    quarantine("on")
    policy = case.organizations.describe_policy(PolicyId=case.policy())["Policy"]
    assert "rootsweep quarantine" in policy["PolicySummary"]["Description"]
    tags = case.organizations.list_tags_for_resource(ResourceId=case.policy())["Tags"]
    assert tags == [{"Key": "created-by", "Value": "rootsweep"}]
    targets = case.organizations.list_targets_for_policy(PolicyId=case.policy())["Targets"]
    assert {target["Type"] for target in targets} == {"ACCOUNT"}


def test_the_policy_is_deleted_once_nothing_has_it(case: Case, quarantine: Quarantine) -> None:
    quarantine("on")
    case.organizations.attach_policy(PolicyId=case.policy(), TargetId=case.unused)
    outcome = quarantine("lift", "--delete-policy")
    assert outcome.code == 5
    assert f"still attached to {case.unused}" in outcome.out
    case.organizations.detach_policy(PolicyId=case.policy(), TargetId=case.unused)
    outcome = quarantine("lift", "--delete-policy")
    assert (outcome.code, case.policy()) == (0, None)
    outcome = quarantine("lift", "--delete-policy")
    assert (outcome.code, "no policy" in outcome.out) == (0, True)


def test_keys_are_deleted_under_quarantine(case: Case, quarantine: Quarantine, rootsweep: CommandLine) -> None:
    assert quarantine("on").code == 0
    assert rootsweep("apply", str(case.path), "--confirm", case.digest, "--timeout", "5s").code == 0
    assert case.control.root_keys(case.first) == ()
    assert quarantine("lift").code == 0
    assert case.attached(case.first) == ["FullAWSAccess"]


def test_intents_are_on_disk_before_anything_is_attached_or_detached(case: Case, quarantine: Quarantine) -> None:
    seen: list[int] = []
    look = Change(lambda: seen.append(case.journal.read_text("utf-8").count('"intent"')))
    for operation in ("AttachPolicy", "DetachPolicy"):
        case.control.add_fault(Rule(look, "organizations", operation))
    assert (quarantine("on").code, quarantine("lift").code) == (0, 0)
    assert seen == [1, 2, 3, 4]
    payloads = [entry.payload for entry in case.entries()]
    kept = [payload.text for payload in payloads if isinstance(payload, Note) and "before its quarantine" in payload.text]
    assert len(kept) == 2
    assert all(text.endswith(FULL_ACCESS) for text in kept)


def test_run_again_nothing_is_done_again(case: Case, quarantine: Quarantine) -> None:
    for what, operation in (("on", "AttachPolicy"), ("lift", "DetachPolicy")):
        assert quarantine(what).code == 0
        case.control.reset_calls()
        assert quarantine(what).code == 0
        assert case.control.calls("organizations", operation) == 0


def test_the_plan_may_have_expired_when_it_is_lifted(case: Case, quarantine: Quarantine) -> None:
    case.save(replace(case.plan, created_at=now() - timedelta(hours=23, minutes=59, seconds=50)))
    assert quarantine("on").code == 0
    case.save(replace(case.plan, created_at=now() - timedelta(days=10)))
    assert quarantine("status").code == 3
    assert quarantine("lift").code == 0
    outcome = quarantine("on")
    assert (outcome.code, "the plan expired" in outcome.err) == (2, True)


def test_what_the_journal_quarantined_is_lifted_by_another_plan_too(case: Case, quarantine: Quarantine) -> None:
    quarantine("on")
    case.save(replace(case.plan, actions=(), held_back=()))
    outcome = quarantine("lift")
    assert (outcome.code, case.attached(case.first)) == (0, ["FullAWSAccess"])


def test_an_account_without_room_is_refused_alone(case: Case, quarantine: Quarantine) -> None:
    for number in range(MOST_ATTACHED - 1):
        case.organizations.attach_policy(PolicyId=case.create(f"policy-{number}"), TargetId=case.first)
    outcome = quarantine("on")
    assert outcome.code == 5
    assert "as many as AWS allows" in outcome.out
    assert (NAME in case.attached(case.first), NAME in case.attached(case.second)) == (False, True)


def test_the_management_account_is_refused(case: Case, quarantine: Quarantine) -> None:
    case.control.create_root_key(case.management, age=400 * DAY)
    manual = Action(ActionKind.MANUAL_STEP, case.planned(case.management), runbook=("by hand",))
    case.save(replace(case.plan, actions=(manual, *case.plan.actions)))
    outcome = quarantine("on")
    assert outcome.code == 5
    assert f"REFUSED              {case.management}" in outcome.out
    assert "do not bind the management account" in outcome.out
    assert (NAME in case.attached(case.management), NAME in case.attached(case.first)) == (False, True)
    case.save(replace(case.plan, actions=(manual,), held_back=()))
    assert "do not bind the management account" in quarantine("on").out


def nothing_is_changed(case: Case) -> bool:
    return case.policy() is None and not case.is_denied(case.first)


def test_policies_that_are_not_enabled_are_told(case: Case, quarantine: Quarantine) -> None:
    case.control.set_service_control_policies("management", enabled=False)
    outcome = quarantine("on")
    assert (outcome.code, outcome.out) == (4, "")
    assert "enable-policy-type" in outcome.err
    assert nothing_is_changed(case)
    assert not case.journal.exists()


def test_a_delegated_administrator_needs_a_delegation_policy(
    case: Case, quarantine: Quarantine, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_as("security", case.emulator, monkeypatch)
    outcome = quarantine("on")
    assert outcome.code == 4
    assert "delegated administrator for IAM is not enough" in outcome.err
    for action in ("CreatePolicy", "AttachPolicy", "DetachPolicy", "ListPolicies", "DescribePolicy", "ListPoliciesForTarget",
                   "ListTargetsForPolicy", "ListRoots", "TagResource"):  # fmt: skip
        assert f"organizations:{action}" in outcome.err
    assert nothing_is_changed(case)
    named = outcome.err.partition("these actions: ")[2].strip().split(", ")
    case.control.set_delegation_policy("management", "security", *named)
    assert quarantine("on").code == 0
    assert case.is_denied(case.first)
    assert quarantine("lift", "--delete-policy").code == 0
    assert nothing_is_changed(case)


def test_a_policy_that_is_not_rootsweeps_is_not_used(case: Case, quarantine: Quarantine) -> None:
    case.create(NAME)
    outcome = quarantine("on")
    assert (outcome.code, outcome.out) == (4, "")
    assert "lacks the tag" in outcome.err
    case.organizations.tag_resource(ResourceId=case.policy(), Tags=[{"Key": "created-by", "Value": "rootsweep"}])
    outcome = quarantine("on")
    assert outcome.code == 4
    assert "something else" in outcome.err
    assert case.attached(case.first) == ["FullAWSAccess"]


def test_a_policy_with_other_blanks_is_the_same(case: Case, quarantine: Quarantine) -> None:
    quarantine("on")
    content = case.organizations.describe_policy(PolicyId=case.policy())["Policy"]["Content"]
    case.organizations.update_policy(PolicyId=case.policy(), Content=content.replace(",", ", "))
    assert quarantine("on").code == 0


def test_what_somebody_else_attached_is_left_alone(case: Case, quarantine: Quarantine) -> None:
    quarantine("on")
    quarantine("lift")
    case.organizations.attach_policy(PolicyId=case.policy(), TargetId=case.first)
    assert "ALREADY_ATTACHED" in quarantine("on").out
    outcome = quarantine("lift")
    assert outcome.code == 0
    assert "LEFT_ALONE" in outcome.out
    assert (NAME in case.attached(case.first), NAME in case.attached(case.second)) == (True, False)


def test_without_its_journal_nothing_is_lifted(case: Case, quarantine: Quarantine) -> None:
    quarantine("on")
    outcome = quarantine("lift", "--journal", str(case.path.parent / "other.jsonl"))
    assert outcome.code == 5
    assert outcome.out.count("NOT_IN_JOURNAL") == 2
    assert "detach-policy" in outcome.out
    assert NAME in case.attached(case.first)


def test_other_changes_meanwhile_are_told_and_kept(case: Case, quarantine: Quarantine) -> None:
    quarantine("on")
    other = case.create("other")
    case.organizations.attach_policy(PolicyId=other, TargetId=case.first)
    outcome = quarantine("lift")
    assert outcome.code == 0
    assert f"+{other}" in outcome.out
    assert case.attached(case.first) == ["FullAWSAccess", "other"]


@pytest.mark.parametrize("operation", ["CreatePolicy", "AttachPolicy", "DetachPolicy", "DeletePolicy"])
@pytest.mark.parametrize("effect", [Reset(), Reset(acted=True), Refuse("ConcurrentModificationException", status=400)], ids=str)
def test_troubles_that_pass_change_nothing(case: Case, quarantine: Quarantine, operation: str, effect: Effect) -> None:
    case.control.add_fault(Rule(effect, "organizations", operation, times=1))
    assert quarantine("on").code == 0
    assert (case.is_denied(case.first), case.is_denied(case.second)) == (True, True)
    assert quarantine("lift", "--delete-policy").code == 0
    assert nothing_is_changed(case)
    assert case.attached(case.second) == ["FullAWSAccess"]


@pytest.mark.parametrize("operation", ["CreatePolicy", "AttachPolicy", "DetachPolicy", "DeletePolicy"])
def test_replies_that_are_lost_for_good_are_found_out_by_asking(case: Case, quarantine: Quarantine, operation: str) -> None:
    case.control.add_fault(Rule(Reset(acted=True), "organizations", operation))
    assert (quarantine("on").code, quarantine("lift", "--delete-policy").code) == (0, 0)
    assert nothing_is_changed(case)


def test_changes_that_never_arrive_are_not_taken_for_made(case: Case, quarantine: Quarantine) -> None:
    handle = case.control.add_fault(Rule(Reset(), "organizations", "AttachPolicy", account=None))
    outcome = quarantine("on", "--timeout", "1s")
    assert (outcome.code, set(case.outcomes().values())) == (5, {"not_attached"})
    case.control.remove_fault(handle)
    assert quarantine("on").code == 0
    handle = case.control.add_fault(Rule(Reset(), "organizations", "DetachPolicy"))
    outcome = quarantine("lift", "--timeout", "1s")
    assert (outcome.code, set(case.outcomes("lift").values())) == (5, {"not_lifted"})
    case.control.remove_fault(handle)
    assert quarantine("lift").code == 0
    assert not case.is_denied(case.first)


def test_a_list_that_shows_changes_late_is_asked_again(case: Case, quarantine: Quarantine) -> None:
    """The list that follows the attachment is answered as if it had not happened."""
    (organization,) = case.emulator.world.organizations.values()
    attachments = organization.service_control.attachments
    kept: dict[str, tuple[str, ...]] = {}

    def hide() -> None:
        kept.update(attachments)
        attachments.clear()

    case.control.add_fault(Rule(Change(hide), "organizations", "ListPoliciesForTarget", skip=1, times=1))
    case.control.add_fault(
        Rule(Change(lambda: attachments.update(kept)), "organizations", "ListPoliciesForTarget", skip=2, times=1)
    )
    assert quarantine("on").code == 0
    assert set(case.outcomes().values()) == {"quarantined"}


def test_a_denial_stops_its_account_and_is_told(case: Case, quarantine: Quarantine) -> None:
    case.control.add_fault(Rule(DenyAccess(), "organizations", "AttachPolicy", times=1))
    outcome = quarantine("on")
    assert outcome.code == 5
    assert "organizations:AttachPolicy" in outcome.out
    assert case.outcomes() == {min(case.first, case.second): "refused", max(case.first, case.second): "quarantined"}
    assert quarantine("on").code == 0


@pytest.mark.parametrize(("killed", "then"), [("on", "on"), ("on", "lift"), ("lift", "lift"), ("lift", "on")])
def test_killed_between_any_two_calls_the_next_run_ends_the_work(
    case: Case, quarantine: Quarantine, killed: str, then: str
) -> None:
    """The process is killed when its n-th call arrives, which the server then carries out or not; then another is run."""
    calls = 1
    while True:
        if killed == "lift":
            assert quarantine("on").code == 0
        arguments = ["quarantine", killed, str(case.path), "--confirm", case.digest, "--timeout", "5s"]
        further = ["--delete-policy"] if killed == "lift" else []
        process = subprocess.Popen([*PROGRAM, *arguments, *further], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        handle = case.control.add_fault(Rule(Change(process.kill), skip=calls - 1, times=1))
        code = process.wait(30)
        case.control.remove_fault(handle)
        assert quarantine(then).code == 0, f"killed at call {calls}"
        assert case.is_denied(case.first) is case.is_denied(case.second) is (then == "on")
        assert quarantine("lift", "--delete-policy").code == 0
        assert (case.attached(case.first), case.attached(case.second)) == (["FullAWSAccess"], ["FullAWSAccess"])
        assert case.policy() is None
        read = inspect_journal(case.journal)
        assert (read.verification.intact, read.unfinished) == (True, ())
        if code == 0:
            break
        calls += 1
    assert calls > 8


def refused(outcome: Ended, case: Case, words: str) -> None:
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err
    assert nothing_is_changed(case)


def test_what_does_not_fit_is_refused(case: Case, rootsweep: CommandLine, quarantine: Quarantine) -> None:
    plan = str(case.path)
    refused(rootsweep("quarantine", "on", plan), case, "nobody is there to confirm")
    refused(rootsweep("quarantine", "lift", plan), case, "nobody is there to confirm")
    refused(rootsweep("quarantine", "on", plan, "--confirm", "0" * 64), case, "not the digest of this plan")
    refused(quarantine("on", "--delete-policy"), case, "quarantine lift")
    refused(quarantine("lift", "--role-name", "RootAudit"), case, "quarantine status")
    refused(quarantine("status", "--external-id", "some-id"), case, "goes with --role-name")
    with Journal.open(case.journal, now):
        refused(quarantine("on"), case, "another rootsweep")


def typed(case: Case, what: str, text: str) -> tuple[int, str]:
    """Run the command in a terminal, in which a person types this."""
    terminal, its_end = os.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "quarantine", what, str(case.path)], stdin=its_end, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    os.close(its_end)
    os.write(terminal, f"{text}\n".encode())
    out, _ = process.communicate(timeout=60)
    os.close(terminal)
    return process.returncode, out.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_a_person_types_the_ids_of_the_accounts(case: Case) -> None:
    code, out = typed(case, "on", case.first)
    assert (code, nothing_is_changed(case)) == (2, True)
    assert "nothing was changed" in out
    code, out = typed(case, "on", f"{case.second} {case.first}")
    assert (code, "type their ids" in out) == (0, True)
    assert typed(case, "lift", f"{case.first} {case.second}")[0] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_a_person_types_the_digest_for_many_accounts(case: Case) -> None:
    many = list(case.emulator.world.accounts)[5:10]
    for account in many:
        case.control.create_root_key(account, age=400 * DAY)
    more = [Action(ActionKind.DELETE_KEY, case.planned(account), tuple(Precondition)) for account in many]
    case.save(replace(case.plan, actions=(*case.plan.actions, *more)))
    assert typed(case, "on", " ".join([case.first, case.second, *many]))[0] == 2
    assert (typed(case, "on", case.digest)[0], case.is_denied(many[0])) == (0, True)


def test_govcloud_must_be_understood(case: Case, quarantine: Quarantine) -> None:
    accounts = (replace(case.planned(case.first), account=Account(case.first, partition="aws-us-gov")),)
    actions = tuple(Action(ActionKind.SELF_REMOVE, key, runbook=("by itself",)) for key in accounts)
    case.save(replace(case.plan, partition="aws-us-gov", actions=actions, held_back=()))
    refused(quarantine("on"), case, "iam:DeleteAccessKey")
    assert quarantine("on", "--govcloud-understood").code == 0
    assert case.is_denied(case.first)
    assert quarantine("lift").code == 0


def test_a_plan_without_active_keys_has_nothing_to_quarantine(case: Case, rootsweep: CommandLine) -> None:
    case.save(replace(case.plan, actions=case.plan.actions[1:], held_back=()))
    outcome = rootsweep("quarantine", "on", str(case.path))
    assert (outcome.code, "No account of the plan" in outcome.out) == (0, True)
    assert nothing_is_changed(case)


def let_the_role_look_up(case: Case) -> None:
    for account in (case.first, case.second):
        case.control.set_role_actions(account, "RootAudit", "ec2:DescribeRegions", "cloudtrail:LookupEvents")


def record(case: Case, region: str, name: str, age: float, error_code: str | None = "AccessDenied") -> None:
    key_id = case.keys[case.first]
    case.control.record_event(case.first, key_id, name, "s3.amazonaws.com", region, age, error_code)


def test_status_shows_the_denied_calls_of_every_region_since_it_began(case: Case, quarantine: Quarantine) -> None:
    let_the_role_look_up(case)
    record(case, "us-east-1", "BeforeTheQuarantine", 3600)
    quarantine("on")
    outcome = quarantine("status", "--role-name", "RootAudit")
    assert outcome.code == 0
    assert outcome.out.count(": 0 calls denied") == 2
    assert "no data events" in outcome.out
    case.control.advance(100)
    record(case, "us-east-1", "ListBuckets", 40)
    record(case, "eu-west-1", "CreateBucket", 60, "Client.UnauthorizedOperation")
    record(case, "eu-west-1", "GetBucketLocation", 50, None)
    record(case, "eu-west-1", "HeadBucket", 50, "NoSuchBucket")
    outcome = quarantine("status", "--role-name", "RootAudit")
    assert outcome.code == 1
    assert f"{case.keys[case.first]}: 2 calls denied, 2 others" in outcome.out
    shown = [line.split("UTC")[1].split() for line in outcome.out.splitlines() if "amazonaws.com:" in line]
    assert shown == [
        ["eu-west-1", "s3.amazonaws.com:CreateBucket", "from", "127.0.0.1"],
        ["us-east-1", "s3.amazonaws.com:ListBuckets", "from", "127.0.0.1"],
    ]
    intent = next(e for e in case.entries() if isinstance(e.payload, Intent) and e.payload.account_id == case.first)
    assert f"{case.first}  since {intent.at:%Y-%m-%d %H:%M:%S} UTC" in outcome.out


def test_a_call_that_the_quarantine_denied_is_found(case: Case, quarantine: Quarantine) -> None:
    let_the_role_look_up(case)
    quarantine("on")
    case.emulator.world.named["root"] = (case.second, "root")
    error_of(client(case.emulator, "iam", "root").create_access_key)
    case.control.advance(2)
    outcome = quarantine("status", "--role-name", "RootAudit")
    assert outcome.code == 1
    assert "iam.amazonaws.com:CreateAccessKey" in outcome.out


def test_events_are_read_page_by_page(case: Case, quarantine: Quarantine) -> None:
    let_the_role_look_up(case)
    quarantine("on")
    case.control.advance(1000)
    for number in range(60):
        record(case, "us-east-1", "ListBuckets", 100 + number)
    outcome = quarantine("status", "--role-name", "RootAudit")
    assert (outcome.code, outcome.out.count("s3.amazonaws.com:ListBuckets")) == (1, 60)


def test_what_cannot_be_looked_up_is_told(case: Case, quarantine: Quarantine) -> None:
    let_the_role_look_up(case)
    quarantine("on")
    outcome = quarantine("status")
    assert (outcome.code, outcome.out.count("--role-name")) == (3, 2)
    outcome = quarantine("status", "--role-name", "Nobody")
    assert (outcome.code, outcome.out.count("may not assume")) == (3, 2)
    case.control.add_fault(Rule(DenyAccess(), "cloudtrail", "LookupEvents", times=1))
    outcome = quarantine("status", "--role-name", "RootAudit")
    assert (outcome.code, outcome.out.count("not looked up in ap-southeast-2")) == (3, 1)


def test_status_of_what_is_not_quarantined(case: Case, quarantine: Quarantine) -> None:
    outcome = quarantine("status")
    assert (outcome.code, outcome.out.count("NOT_QUARANTINED")) == (3, 2)
    assert not case.journal.exists()
    quarantine("on")
    outcome = quarantine("status", "--journal", str(case.path.parent / "other.jsonl"))
    assert "a time that the journal does not tell" in outcome.out
