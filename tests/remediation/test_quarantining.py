"""What a quarantine and its lifting make of the answers of AWS Organizations, by plain scripted ones."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rootsweep.core.removal.journal import Intent, Note, Outcome
from rootsweep.core.removal.quarantine import NAME, TAG, SharedPolicy, content
from rootsweep.remediation.ports import Attached, Changed, NoPolicy, PolicyType, Refused, Targets
from rootsweep.remediation.quarantine import LiftQuarantine, PlaceQuarantine, delete_policy
from rootsweep.remediation.quarantine_journal import AccountResult, Result, attachments
from rootsweep.storage.journal import Journal
from tests.remediation.journals import ticking

ACCOUNT = "111122223333"
DIGEST = "ab" * 32
POLICY = SharedPolicy("p-quarantine", content(), frozenset({TAG}))

WITH, WITHOUT = True, False

DENIED = Refused("denied", "allow it", "AccessDeniedException", "r")
DUPLICATE = Refused("attached already", "see where", "DuplicatePolicyAttachmentException", "r")
NOT_ATTACHED = Refused("not attached", "see where", "PolicyNotAttachedException", "r")
NO_POLICY = Refused("no such policy", "see which", "PolicyNotFoundException", "r")
BUSY_AFTER_A_LOST_TRY = Refused("busy", "run it again", "ConcurrentModificationException", "r", may_have_acted=True)
FAULT = Refused("AWS failed", "run it again", "ServiceException", "r", may_have_acted=True)
CHANGED = Changed("c")


@dataclass
class Script:
    """Gives the answers in their order, the last one again and again; whether the policy is in a list is True or False."""

    lists: list[bool | Refused]
    replies: list[Changed | Refused] = field(default_factory=lambda: [CHANGED])
    target_lists: list[bool | Refused] = field(default_factory=lambda: [False])
    existence: list[bool | Refused] = field(default_factory=lambda: [False])
    changes: list[str] = field(default_factory=list)

    def policy_type(self) -> PolicyType | Refused:
        return PolicyType("r-root", is_enabled=True)

    def find(self, name: str) -> SharedPolicy | NoPolicy | Refused:
        assert name == NAME
        return POLICY

    def exists(self, policy_id: str) -> bool | Refused:
        assert policy_id == POLICY.id
        return self.existence.pop(0) if len(self.existence) > 1 else self.existence[0]

    def create(self, name: str, description: str, content: str, tag: tuple[str, str]) -> Changed | Refused:
        raise AssertionError((name, description, content, tag))

    def attached(self, account_id: str) -> Attached | Refused:
        assert account_id == ACCOUNT
        seen = self.lists.pop(0) if len(self.lists) > 1 else self.lists[0]
        if isinstance(seen, Refused):
            return seen
        names = {NAME: POLICY.id} if seen else {}
        return Attached(frozenset({"p-FullAWSAccess", *names.values()}), frozenset({"FullAWSAccess", *names}), "l")

    def targets(self, policy_id: str) -> Targets | Refused:
        assert policy_id == POLICY.id
        seen = self.target_lists.pop(0) if len(self.target_lists) > 1 else self.target_lists[0]
        return seen if isinstance(seen, Refused) else Targets((ACCOUNT,) if seen else ())

    def attach(self, policy_id: str, account_id: str) -> Changed | Refused:
        return self._change("attach", policy_id, account_id)

    def detach(self, policy_id: str, account_id: str) -> Changed | Refused:
        return self._change("detach", policy_id, account_id)

    def delete(self, policy_id: str) -> Changed | Refused:
        return self._change("delete", policy_id, ACCOUNT)

    def _change(self, what: str, policy_id: str, account_id: str) -> Changed | Refused:
        assert (policy_id, account_id) == (POLICY.id, ACCOUNT)
        self.changes.append(what)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@pytest.fixture(name="journal")
def empty_journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.jsonl", ticking()) as journal:
        yield journal


def place(script: Script, journal: Journal) -> AccountResult:
    (result,) = PlaceQuarantine(DIGEST, POLICY, script, journal, lambda: (0.0, 0.0)).run([ACCOUNT])
    return result


def lift(script: Script, journal: Journal, policy: SharedPolicy | NoPolicy = POLICY) -> AccountResult:
    (result,) = LiftQuarantine(DIGEST, policy, script, journal, lambda: (0.0, 0.0)).run([ACCOUNT])
    return result


def is_ours(journal: Journal) -> bool:
    known = attachments(journal.entries()).get(ACCOUNT)
    return known is not None and known.is_ours


@pytest.mark.parametrize(
    ("lists", "replies", "expected", "ours"),
    [
        ([WITHOUT, WITH], [CHANGED], Result.QUARANTINED, True),
        ([WITHOUT, WITHOUT, WITH], [CHANGED], Result.QUARANTINED, True),
        ([WITHOUT], [CHANGED], Result.NOT_VERIFIED, True),
        ([WITHOUT, DENIED], [CHANGED], Result.NOT_VERIFIED, True),
        ([WITHOUT, WITH], [FAULT], Result.QUARANTINED, True),
        ([WITHOUT], [FAULT], Result.NOT_ATTACHED, True),
        ([WITHOUT, WITH], [BUSY_AFTER_A_LOST_TRY, DENIED], Result.QUARANTINED, True),
        ([WITHOUT, WITH], [BUSY_AFTER_A_LOST_TRY, DUPLICATE], Result.QUARANTINED, True),
        ([WITHOUT, WITH], [DUPLICATE], Result.ALREADY_ATTACHED, False),
        ([WITHOUT], [DENIED], Result.REFUSED, True),
        ([WITH], [CHANGED], Result.ALREADY_ATTACHED, False),
        ([DENIED], [CHANGED], Result.REFUSED, False),
    ],
)
def test_what_is_made_of_an_attachment(
    journal: Journal, lists: list[bool | Refused], replies: list[Changed | Refused], expected: Result, *, ours: bool
) -> None:
    result = place(Script(list(lists), list(replies)), journal)
    assert (result.result, is_ours(journal)) == (expected, ours)


def test_what_an_interrupted_run_attached_is_ours_although_a_list_leaves_it_out(journal: Journal) -> None:
    journal.append(Intent(DIGEST, ACCOUNT, None, "quarantine"))
    result = place(Script([WITHOUT, WITH], [DUPLICATE]), journal)
    assert (result.result, is_ours(journal)) == (Result.QUARANTINED, True)


@pytest.mark.parametrize(
    ("lists", "targets", "replies", "expected"),
    [
        ([WITH, WITHOUT], [False], [CHANGED], Result.LIFTED),
        ([WITH, WITHOUT], [True, True, False], [CHANGED], Result.LIFTED),
        ([WITH, WITHOUT], [True], [CHANGED], Result.NOT_VERIFIED),
        ([WITH], [False], [CHANGED], Result.NOT_VERIFIED),
        ([WITH, WITHOUT], [False], [FAULT], Result.LIFTED),
        ([WITH, WITHOUT], [True], [FAULT], Result.NOT_LIFTED),
        ([WITH], [True], [FAULT], Result.NOT_LIFTED),
        ([WITH], [True], [DENIED], Result.REFUSED),
        ([WITHOUT], [False], [NOT_ATTACHED], Result.NOT_QUARANTINED),
        ([WITH, WITHOUT], [NO_POLICY], [NO_POLICY], Result.LIFTED),
    ],
)
def test_what_is_made_of_a_detachment(
    journal: Journal,
    lists: list[bool | Refused],
    targets: list[bool | Refused],
    replies: list[Changed | Refused],
    expected: Result,
) -> None:
    place(Script([WITHOUT, WITH]), journal)
    result = lift(Script(list(lists), list(replies), list(targets)), journal)
    assert result.result is expected
    assert is_ours(journal) is not result.is_done


@pytest.mark.parametrize(
    ("lists", "expected"), [([WITH], Result.NOT_VERIFIED), ([WITHOUT], Result.NOT_QUARANTINED), ([DENIED], Result.REFUSED)]
)
def test_an_organization_without_the_policy_is_not_believed_alone(
    journal: Journal, lists: list[bool | Refused], expected: Result
) -> None:
    place(Script([WITHOUT, WITH]), journal)
    script = Script(list(lists))
    assert lift(script, journal, NoPolicy()).result is expected
    assert (script.changes, is_ours(journal)) == ([], expected is not Result.NOT_QUARANTINED)


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        (True, Result.NOT_IN_JOURNAL),
        (False, Result.NOT_QUARANTINED),
        (NO_POLICY, Result.NOT_QUARANTINED),
        (DENIED, Result.REFUSED),
    ],
)
def test_what_the_journal_does_not_know_is_looked_for_in_both_lists(
    journal: Journal, targets: bool | Refused, expected: Result
) -> None:
    script = Script([WITHOUT], target_lists=[targets])
    assert (lift(script, journal).result, script.changes) == (expected, [])


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
    journal: Journal, reply: Changed | Refused, existence: list[bool | Refused], *, is_gone: bool
) -> None:
    script = Script([WITHOUT], [reply], existence=list(existence))
    problem = delete_policy(script, journal, lambda: (0.0, 0.0), POLICY.id)
    notes = [entry.payload.text for entry in journal.entries() if isinstance(entry.payload, Note)]
    assert (problem is None, len(notes)) == ((True, 2) if is_gone else (False, 1))


def test_outcomes_pair_with_intents(journal: Journal) -> None:
    place(Script([WITHOUT, WITH]), journal)
    lift(Script([WITH, WITHOUT]), journal)
    written = [entry.payload for entry in journal.entries() if isinstance(entry.payload, Intent | Outcome)]
    assert [type(one) for one in written] == [Intent, Outcome, Intent, Outcome]
