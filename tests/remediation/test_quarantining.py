"""What a quarantine and its lifting make of the answers of AWS Organizations, by plain scripted ones."""

from dataclasses import dataclass, field

import pytest

from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.removal.journal import Intent, Note, Outcome
from rootsweep.core.removal.quarantine import NAME, TAG, SharedPolicy, content
from rootsweep.core.removal.result import Result, ResultCode
from rootsweep.remediation.executor import Executor
from rootsweep.remediation.ports import NoPolicy, PolicyType
from rootsweep.remediation.quarantine import LiftQuarantine, PlaceQuarantine, delete_policy
from rootsweep.remediation.quarantine_journal import attachments
from rootsweep.storage.journal import Journal
from tests.remediation.answers import DENIED, FAULT, answer, following, refusal

ACCOUNT = "111122223333"
DIGEST = "ab" * 32
POLICY = SharedPolicy("p-quarantine", content(), frozenset({TAG}))

WITH, WITHOUT = True, False

DUPLICATE = refusal("DuplicatePolicyAttachmentException")
NOT_ATTACHED = refusal("PolicyNotAttachedException")
NO_POLICY = refusal("PolicyNotFoundException")
BUSY_AFTER_A_LOST_TRY = refusal("ConcurrentModificationException", may_have_acted=True)
CHANGED = answer("p-quarantine")


@dataclass
class Script:
    """Gives the answers in their order, the last one again and again; whether the policy is in a list is True or False."""

    lists: list[bool | Refusal]
    replies: list[Answer[str] | Refusal] = field(default_factory=lambda: [CHANGED])
    target_lists: list[bool | Refusal] = field(default_factory=lambda: [False])
    existence: list[bool | Refusal] = field(default_factory=lambda: [False])
    changes: list[str] = field(default_factory=list)

    def policy_type(self) -> PolicyType | Refusal:
        return PolicyType("r-root", is_enabled=True)

    def find(self, name: str) -> SharedPolicy | NoPolicy | Refusal:
        assert name == NAME
        return POLICY

    def exists(self, policy_id: str) -> bool | Refusal:
        assert policy_id == POLICY.id
        return following(self.existence)

    def create(self, name: str, description: str, content: str, tag: tuple[str, str]) -> Answer[str] | Refusal:
        raise AssertionError((name, description, content, tag))

    def attached(self, account_id: str) -> Answer[dict[str, str]] | Refusal:
        assert account_id == ACCOUNT
        seen = following(self.lists)
        if isinstance(seen, Refusal):
            return seen
        names = {NAME: POLICY.id} if seen else {}
        return answer({"FullAWSAccess": "p-FullAWSAccess", **names})

    def targets(self, policy_id: str) -> Answer[tuple[str, ...]] | Refusal:
        assert policy_id == POLICY.id
        seen = following(self.target_lists)
        return seen if isinstance(seen, Refusal) else answer((ACCOUNT,) if seen else ())

    def attach(self, policy_id: str, account_id: str) -> Answer[str] | Refusal:
        return self._change("attach", policy_id, account_id)

    def detach(self, policy_id: str, account_id: str) -> Answer[str] | Refusal:
        return self._change("detach", policy_id, account_id)

    def delete(self, policy_id: str) -> Answer[str] | Refusal:
        return self._change("delete", policy_id, ACCOUNT)

    def _change(self, what: str, policy_id: str, account_id: str) -> Answer[str] | Refusal:
        assert (policy_id, account_id) == (POLICY.id, ACCOUNT)
        self.changes.append(what)
        return following(self.replies)


def executor(journal: Journal) -> Executor:
    return Executor(DIGEST, journal, lambda: (0.0, 0.0))


def place(script: Script, journal: Journal) -> Result[str]:
    (result,) = PlaceQuarantine(POLICY, script, executor(journal)).run([ACCOUNT])
    return result


def lift(script: Script, journal: Journal, policy: SharedPolicy | NoPolicy = POLICY) -> Result[str]:
    (result,) = LiftQuarantine(policy, script, executor(journal)).run([ACCOUNT])
    return result


def is_ours(journal: Journal) -> bool:
    known = attachments(journal.entries()).get(ACCOUNT)
    return known is not None and known.is_ours


@pytest.mark.parametrize(
    ("lists", "replies", "expected", "ours"),
    [
        ([WITHOUT, WITH], [CHANGED], ResultCode.QUARANTINED, True),
        ([WITHOUT, WITHOUT, WITH], [CHANGED], ResultCode.QUARANTINED, True),
        ([WITHOUT], [CHANGED], ResultCode.NOT_VERIFIED, True),
        ([WITHOUT, DENIED], [CHANGED], ResultCode.NOT_VERIFIED, True),
        ([WITHOUT, WITH], [FAULT], ResultCode.QUARANTINED, True),
        ([WITHOUT], [FAULT], ResultCode.NOT_ATTACHED, True),
        ([WITHOUT, WITH], [BUSY_AFTER_A_LOST_TRY, DENIED], ResultCode.QUARANTINED, True),
        ([WITHOUT, WITH], [BUSY_AFTER_A_LOST_TRY, DUPLICATE], ResultCode.QUARANTINED, True),
        ([WITHOUT, WITH], [DUPLICATE], ResultCode.ALREADY_ATTACHED, False),
        ([WITHOUT], [DENIED], ResultCode.REFUSED, True),
        ([WITH], [CHANGED], ResultCode.ALREADY_ATTACHED, False),
        ([DENIED], [CHANGED], ResultCode.REFUSED, False),
    ],
)
def test_what_is_made_of_an_attachment(
    journal: Journal, lists: list[bool | Refusal], replies: list[Answer[str] | Refusal], expected: ResultCode, *, ours: bool
) -> None:
    result = place(Script(list(lists), list(replies)), journal)
    assert (result.code, is_ours(journal)) == (expected, ours)


def test_what_an_interrupted_run_attached_is_ours_although_a_list_leaves_it_out(journal: Journal) -> None:
    journal.append(Intent(DIGEST, ACCOUNT, None, "quarantine"))
    result = place(Script([WITHOUT, WITH], [DUPLICATE]), journal)
    assert (result.code, is_ours(journal)) == (ResultCode.QUARANTINED, True)


@pytest.mark.parametrize(
    ("lists", "targets", "replies", "expected"),
    [
        ([WITH, WITHOUT], [False], [CHANGED], ResultCode.LIFTED),
        ([WITH, WITHOUT], [True, True, False], [CHANGED], ResultCode.LIFTED),
        ([WITH, WITHOUT], [True], [CHANGED], ResultCode.NOT_VERIFIED),
        ([WITH], [False], [CHANGED], ResultCode.NOT_VERIFIED),
        ([WITH, WITHOUT], [False], [FAULT], ResultCode.LIFTED),
        ([WITH, WITHOUT], [True], [FAULT], ResultCode.NOT_LIFTED),
        ([WITH], [True], [FAULT], ResultCode.NOT_LIFTED),
        ([WITH], [True], [DENIED], ResultCode.REFUSED),
        ([WITHOUT], [False], [NOT_ATTACHED], ResultCode.NOT_QUARANTINED),
        ([WITH, WITHOUT], [NO_POLICY], [NO_POLICY], ResultCode.LIFTED),
    ],
)
def test_what_is_made_of_a_detachment(
    journal: Journal,
    lists: list[bool | Refusal],
    targets: list[bool | Refusal],
    replies: list[Answer[str] | Refusal],
    expected: ResultCode,
) -> None:
    place(Script([WITHOUT, WITH]), journal)
    result = lift(Script(list(lists), list(replies), list(targets)), journal)
    assert result.code is expected
    assert is_ours(journal) is not result.is_done


@pytest.mark.parametrize(
    ("lists", "expected"),
    [([WITH], ResultCode.NOT_VERIFIED), ([WITHOUT], ResultCode.NOT_QUARANTINED), ([DENIED], ResultCode.REFUSED)],
)
def test_an_organization_without_the_policy_is_not_believed_alone(
    journal: Journal, lists: list[bool | Refusal], expected: ResultCode
) -> None:
    place(Script([WITHOUT, WITH]), journal)
    script = Script(list(lists))
    assert lift(script, journal, NoPolicy()).code is expected
    assert (script.changes, is_ours(journal)) == ([], expected is not ResultCode.NOT_QUARANTINED)


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        (True, ResultCode.NOT_IN_JOURNAL),
        (False, ResultCode.NOT_QUARANTINED),
        (NO_POLICY, ResultCode.NOT_QUARANTINED),
        (DENIED, ResultCode.REFUSED),
    ],
)
def test_what_the_journal_does_not_know_is_looked_for_in_both_lists(
    journal: Journal, targets: bool | Refusal, expected: ResultCode
) -> None:
    script = Script([WITHOUT], target_lists=[targets])
    assert (lift(script, journal).code, script.changes) == (expected, [])


@pytest.mark.parametrize(
    ("reply", "existence", "is_gone"),
    [
        (CHANGED, [False], True),
        (CHANGED, [True, True, False], True),
        (CHANGED, [True], False),
        (CHANGED, [DENIED], False),
        (FAULT, [False], True),
        (FAULT, [True], False),
        (NO_POLICY, [False], True),
        (DENIED, [False], False),
    ],
)
def test_a_policy_is_deleted_once_aws_does_not_know_it(
    journal: Journal, reply: Answer[str] | Refusal, existence: list[bool | Refusal], *, is_gone: bool
) -> None:
    script = Script([WITHOUT], [reply], existence=list(existence))
    problem = delete_policy(script, executor(journal), POLICY.id)
    notes = [entry.payload.text for entry in journal.entries() if isinstance(entry.payload, Note)]
    assert (problem is None, len(notes)) == ((True, 2) if is_gone else (False, 1))


def test_outcomes_pair_with_intents(journal: Journal) -> None:
    place(Script([WITHOUT, WITH]), journal)
    lift(Script([WITH, WITHOUT]), journal)
    written = [entry.payload for entry in journal.entries() if isinstance(entry.payload, Intent | Outcome)]
    assert [type(one) for one in written] == [Intent, Outcome, Intent, Outcome]
