"""What an application and a rehearsal make of AWS's answers, by plain scripted ones."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rootsweep.core.evidence import AccessKey, KeyStatus, NoLastUse
from rootsweep.core.organization import Account
from rootsweep.core.removal.journal import Intent, Outcome
from rootsweep.core.removal.plan import Action, ActionKind, Guards, Plan, PlannedKey, Precondition
from rootsweep.remediation.ports import AuditingSession, Deleted, DeletingSession, KeyFlag, ListedKeys, Refused
from rootsweep.remediation.root_keys import ActionResult, Application, Result, rehearse
from rootsweep.storage.journal import Journal
from tests.remediation.journals import ticking

AT = datetime(2024, 1, 1, tzinfo=UTC)
ACCOUNT = Account("111122223333", partition="aws")
DIGEST = "ab" * 32

KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", KeyStatus.INACTIVE, AT, NoLastUse.NEVER_RECORDED)
OTHER = AccessKey("AKIAI44QH8DHBEXAMPLE", KeyStatus.INACTIVE, AT, NoLastUse.NEVER_RECORDED)

DENIED = Refused("denied", "allow it", "AccessDenied", "r")
NO_KEY = Refused("no such key", "look again", "NoSuchEntity", "r")
LOST = Refused("the reply was lost", "run it again", None, None, may_have_acted=True)
FAULT = Refused("AWS failed", "run it again", "ServiceException", "r", may_have_acted=True)

BOTH, ONE, NONE = (KEY, OTHER), (KEY,), ()

Keys = tuple[AccessKey, ...]


@dataclass
class Script:
    """Gives the answers in their order, the last one again and again; counts sessions and deletions."""

    lists: list[Keys | Refused]
    seen: list[tuple[Keys | Refused, bool | Refused]] = field(default_factory=lambda: [(NONE, False)])
    reply: Deleted | Refused = field(default_factory=lambda: Deleted("d"))
    auditing: int = 0
    deleted: list[str] = field(default_factory=list)

    def open_deleting(self, account: Account) -> DeletingSession | Refused:
        assert account == ACCOUNT
        return Deleting(self)

    def open_auditing(self, account: Account) -> AuditingSession | Refused:
        assert account == ACCOUNT
        self.auditing += 1
        return Auditing(*(self.seen.pop(0) if len(self.seen) > 1 else self.seen[0]))


@dataclass
class Deleting:
    script: Script

    def list_keys(self) -> ListedKeys | Refused:
        return listed(self.script.lists.pop(0) if len(self.script.lists) > 1 else self.script.lists[0])

    def delete_key(self, key_id: str) -> Deleted | Refused:
        self.script.deleted.append(key_id)
        return self.script.reply


@dataclass
class Auditing:
    keys: Keys | Refused
    flag: bool | Refused

    def list_keys(self) -> ListedKeys | Refused:
        return listed(self.keys)

    def read_flag(self) -> KeyFlag | Refused:
        return self.flag if isinstance(self.flag, Refused) else KeyFlag(self.flag, "s")


def listed(keys: Keys | Refused) -> ListedKeys | Refused:
    return keys if isinstance(keys, Refused) else ListedKeys(keys, "l")


def plan(*keys: AccessKey) -> Plan:
    planned = [PlannedKey(ACCOUNT, key.id, None, key.status, AT, None, NoLastUse.NEVER_RECORDED) for key in keys]
    actions = tuple(Action(ActionKind.DELETE_KEY, key, tuple(Precondition)) for key in planned)
    return Plan("0", AT, AT, "o-exampleorgid", "aws", 1, Guards(valid_for=timedelta(days=1)), actions, ())


@pytest.fixture(name="journal")
def empty_journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.jsonl", ticking()) as journal:
        yield journal


def apply(script: Script, journal: Journal, *keys: AccessKey) -> list[ActionResult]:
    pauses = (0.0, 0.0)
    return list(Application(plan(*(keys or ONE)), DIGEST, script, journal, lambda: pauses).run())


def begin(journal: Journal, outcome: Result | None = None) -> None:
    """Journal what an earlier run left: an intent, and its outcome unless it was interrupted."""
    journal.append(Intent(DIGEST, ACCOUNT.id, KEY.id, "delete_key"))
    if outcome is not None:
        journal.append(Outcome(DIGEST, ACCOUNT.id, KEY.id, "delete_key", outcome.value, None, ()))


@pytest.mark.parametrize(
    ("reply", "seen", "expected"),
    [
        (Deleted("d"), [(NONE, False)], Result.DELETED),
        (Deleted("d"), [(ONE, True), (NONE, True), (NONE, False)], Result.DELETED),
        (Deleted("d"), [(NONE, True)], Result.NOT_VERIFIED),
        (Deleted("d"), [(ONE, True)], Result.NOT_VERIFIED),
        (Deleted("d"), [(DENIED, False)], Result.NOT_VERIFIED),
        (Deleted("d"), [(NONE, DENIED)], Result.NOT_VERIFIED),
        (Deleted("d"), [((OTHER,), True)], Result.DELETED),
        (Deleted("d"), [((OTHER,), False)], Result.NOT_VERIFIED),
        (LOST, [(NONE, False)], Result.DELETED),
        (LOST, [(ONE, True)], Result.NOT_DELETED),
        (LOST, [(ONE, True), (DENIED, True)], Result.NOT_VERIFIED),
        (FAULT, [(NONE, False)], Result.DELETED),
        (FAULT, [(ONE, True)], Result.NOT_DELETED),
        (FAULT, [(ONE, True), (NONE, False)], Result.DELETED),
        (NO_KEY, [(NONE, False)], Result.ALREADY_GONE),
        (NO_KEY, [(ONE, True)], Result.NOT_DELETED),
        (DENIED, [(NONE, False)], Result.REFUSED),
    ],
)
def test_what_is_made_of_the_reply_to_a_deletion(
    journal: Journal,
    reply: Deleted | Refused,
    seen: list[tuple[Keys | Refused, bool | Refused]],
    expected: Result,
) -> None:
    script = Script([ONE], list(seen), reply)
    (result,) = apply(script, journal)
    assert (result.result, script.deleted) == (expected, [KEY.id])
    assert script.auditing >= (0 if expected is Result.REFUSED else 1)
    assert [entry.payload.outcome for entry in journal.entries() if isinstance(entry.payload, Outcome)] == [expected]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([(NONE, False)], Result.ALREADY_GONE),
        ([(NONE, True), (NONE, False)], Result.ALREADY_GONE),
        ([((OTHER,), True)], Result.ALREADY_GONE),
        ([(NONE, True)], Result.NOT_VERIFIED),
        ([(ONE, True)], Result.NOT_DELETED),
        ([(ONE, True), (NONE, False)], Result.ALREADY_GONE),
        ([(DENIED, False)], Result.NOT_VERIFIED),
    ],
)
def test_one_list_without_the_key_is_verified_like_a_deletion(
    journal: Journal, seen: list[tuple[Keys | Refused, bool | Refused]], expected: Result
) -> None:
    script = Script([NONE], list(seen))
    (result,) = apply(script, journal)
    assert (result.result, script.deleted) == (expected, [])


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        (None, Result.DELETED),
        (Result.NOT_VERIFIED, Result.DELETED),
        (Result.NOT_DELETED, Result.DELETED),
        (Result.ALREADY_GONE, Result.ALREADY_GONE),
        (Result.REFUSED, Result.ALREADY_GONE),
        (Result.PRECONDITION_FAILED, Result.ALREADY_GONE),
    ],
)
def test_a_rerun_looks_again_and_deleted_what_it_may_have(journal: Journal, earlier: Result | None, expected: Result) -> None:
    begin(journal, earlier)
    script = Script([NONE])
    (result,) = apply(script, journal)
    assert (result.result, script.auditing) == (expected, 1)


@pytest.mark.parametrize("earlier", [Result.ALREADY_GONE, Result.NOT_VERIFIED])
def test_a_key_that_a_rerun_sees_is_deleted(journal: Journal, earlier: Result) -> None:
    begin(journal, earlier)
    script = Script([ONE])
    assert [result.result for result in apply(script, journal)] == [Result.DELETED]
    assert script.deleted == [KEY.id]


def test_a_verified_deletion_is_not_done_again(journal: Journal) -> None:
    begin(journal, Result.DELETED)
    script = Script([ONE])
    assert [result.result for result in apply(script, journal)] == [Result.DELETED]
    assert (script.auditing, script.deleted) == (0, [])


def test_a_doubt_stops_the_account(journal: Journal) -> None:
    script = Script([NONE], [(BOTH, True)])
    results = apply(script, journal, *BOTH)
    assert [result.result for result in results] == [Result.NOT_DELETED, Result.NOT_ATTEMPTED]
    assert script.deleted == []


@pytest.mark.parametrize(
    ("keys", "seen", "expected"),
    [
        (ONE, (ONE, True), Result.WOULD_DELETE),
        (ONE, (ONE, DENIED), Result.REFUSED),
        (DENIED, (ONE, True), Result.REFUSED),
        (NONE, (NONE, False), Result.ALREADY_GONE),
        (NONE, (NONE, True), Result.NOT_VERIFIED),
        (NONE, (ONE, True), Result.NOT_VERIFIED),
        (NONE, (DENIED, True), Result.REFUSED),
        ((KEY, OTHER), (BOTH, True), Result.PRECONDITION_FAILED),
    ],
)
def test_a_rehearsal_deletes_nothing_and_believes_no_single_list(
    keys: Keys | Refused, seen: tuple[Keys | Refused, bool | Refused], expected: Result
) -> None:
    script = Script([keys], [seen])
    (result,) = rehearse(plan(*ONE), script)
    assert (result.result, script.deleted) == (expected, [])
