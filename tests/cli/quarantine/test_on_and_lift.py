"""``rootsweep quarantine on`` and ``lift`` over real HTTP: root's keys are denied, root sessions are not, all is put back."""

from dataclasses import replace
from datetime import timedelta

from rootsweep.core.removal.journal import Note
from rootsweep.storage.journal import verify
from rootsweep_emulator import Change, Rule
from tests.cli.command_line import CommandLine
from tests.cli.quarantine.case import FULL_ACCESS, NAME, Case, Quarantine, now
from tests.emulator.clients import client, root_session


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
