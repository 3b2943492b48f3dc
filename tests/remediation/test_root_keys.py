"""What an application and a rehearsal make of AWS's answers, by plain scripted ones."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import AccessKey, KeyStatus, NoLastUse
from rootsweep.core.organization import Account
from rootsweep.core.removal.journal import Intent, Outcome
from rootsweep.core.removal.plan import Action, ActionKind, Guards, Plan, PlannedKey, Precondition
from rootsweep.core.removal.result import Result, ResultCode
from rootsweep.remediation.executor import Executor
from rootsweep.remediation.ports import AuditingSession, DeletingSession
from rootsweep.remediation.root_keys import Application, rehearse
from rootsweep.storage.journal import Journal
from tests.remediation.answers import DENIED, FAULT, LOST, answer, following, refusal

AT = datetime(2024, 1, 1, tzinfo=UTC)
ACCOUNT = Account("111122223333", partition="aws")
DIGEST = "ab" * 32

KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", KeyStatus.INACTIVE, AT, NoLastUse.NEVER_RECORDED)
OTHER = AccessKey("AKIAI44QH8DHBEXAMPLE", KeyStatus.INACTIVE, AT, NoLastUse.NEVER_RECORDED)

NO_KEY = refusal("NoSuchEntity")
DELETED = answer(None)

BOTH, ONE, NONE = (KEY, OTHER), (KEY,), ()

Keys = tuple[AccessKey, ...]


@dataclass
class Script:
    """Gives the answers in their order, the last one again and again; counts sessions and deletions."""

    lists: list[Keys | Refusal]
    seen: list[tuple[Keys | Refusal, bool | Refusal]] = field(default_factory=lambda: [(NONE, False)])
    reply: Answer[None] | Refusal = DELETED
    auditing: int = 0
    deleted: list[str] = field(default_factory=list)

    def open_deleting(self, account: Account) -> DeletingSession | Refusal:
        assert account == ACCOUNT
        return Deleting(self)

    def open_auditing(self, account: Account) -> AuditingSession | Refusal:
        assert account == ACCOUNT
        self.auditing += 1
        return Auditing(*(following(self.seen)))


@dataclass
class Deleting:
    script: Script

    def list_keys(self) -> Answer[Keys] | Refusal:
        return listed(following(self.script.lists))

    def delete_key(self, key_id: str) -> Answer[None] | Refusal:
        self.script.deleted.append(key_id)
        return self.script.reply


@dataclass
class Auditing:
    keys: Keys | Refusal
    flag: bool | Refusal

    def list_keys(self) -> Answer[Keys] | Refusal:
        return listed(self.keys)

    def read_flag(self) -> Answer[bool] | Refusal:
        return self.flag if isinstance(self.flag, Refusal) else answer(self.flag)


def listed(keys: Keys | Refusal) -> Answer[Keys] | Refusal:
    return keys if isinstance(keys, Refusal) else answer(keys)


def plan(*keys: AccessKey) -> Plan:
    planned = [PlannedKey(ACCOUNT, key.id, None, key.status, AT, None, NoLastUse.NEVER_RECORDED) for key in keys]
    actions = tuple(Action(ActionKind.DELETE_KEY, key, tuple(Precondition)) for key in planned)
    return Plan("0", AT, AT, "o-exampleorgid", "aws", 1, Guards(valid_for=timedelta(days=1)), actions, ())


def apply(script: Script, journal: Journal, *keys: AccessKey) -> list[Result[Action]]:
    pauses = (0.0, 0.0)
    return list(Application(plan(*(keys or ONE)), Executor(DIGEST, journal, lambda: pauses), script).run())


def begin(journal: Journal, outcome: ResultCode | None = None) -> None:
    """Journal what an earlier run left: an intent, and its outcome unless it was interrupted."""
    journal.append(Intent(DIGEST, ACCOUNT.id, KEY.id, "delete_key"))
    if outcome is not None:
        journal.append(Outcome(DIGEST, ACCOUNT.id, KEY.id, "delete_key", outcome.value, None, ()))


@pytest.mark.parametrize(
    ("reply", "seen", "expected"),
    [
        (DELETED, [(NONE, False)], ResultCode.DELETED),
        (DELETED, [(ONE, True), (NONE, True), (NONE, False)], ResultCode.DELETED),
        (DELETED, [(NONE, True)], ResultCode.NOT_VERIFIED),
        (DELETED, [(ONE, True)], ResultCode.NOT_VERIFIED),
        (DELETED, [(DENIED, False)], ResultCode.NOT_VERIFIED),
        (DELETED, [(NONE, DENIED)], ResultCode.NOT_VERIFIED),
        (DELETED, [((OTHER,), True)], ResultCode.DELETED),
        (DELETED, [((OTHER,), False)], ResultCode.NOT_VERIFIED),
        (LOST, [(NONE, False)], ResultCode.DELETED),
        (LOST, [(ONE, True)], ResultCode.NOT_DELETED),
        (LOST, [(ONE, True), (DENIED, True)], ResultCode.NOT_VERIFIED),
        (FAULT, [(NONE, False)], ResultCode.DELETED),
        (FAULT, [(ONE, True)], ResultCode.NOT_DELETED),
        (FAULT, [(ONE, True), (NONE, False)], ResultCode.DELETED),
        (NO_KEY, [(NONE, False)], ResultCode.ALREADY_GONE),
        (NO_KEY, [(ONE, True)], ResultCode.NOT_DELETED),
        (DENIED, [(NONE, False)], ResultCode.REFUSED),
    ],
)
def test_what_is_made_of_the_reply_to_a_deletion(
    journal: Journal,
    reply: Answer[None] | Refusal,
    seen: list[tuple[Keys | Refusal, bool | Refusal]],
    expected: ResultCode,
) -> None:
    script = Script([ONE], list(seen), reply)
    (result,) = apply(script, journal)
    assert (result.code, script.deleted) == (expected, [KEY.id])
    assert script.auditing >= (0 if expected is ResultCode.REFUSED else 1)
    assert [entry.payload.outcome for entry in journal.entries() if isinstance(entry.payload, Outcome)] == [expected]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([(NONE, False)], ResultCode.ALREADY_GONE),
        ([(NONE, True), (NONE, False)], ResultCode.ALREADY_GONE),
        ([((OTHER,), True)], ResultCode.ALREADY_GONE),
        ([(NONE, True)], ResultCode.NOT_VERIFIED),
        ([(ONE, True)], ResultCode.NOT_DELETED),
        ([(ONE, True), (NONE, False)], ResultCode.ALREADY_GONE),
        ([(DENIED, False)], ResultCode.NOT_VERIFIED),
    ],
)
def test_one_list_without_the_key_is_verified_like_a_deletion(
    journal: Journal, seen: list[tuple[Keys | Refusal, bool | Refusal]], expected: ResultCode
) -> None:
    script = Script([NONE], list(seen))
    (result,) = apply(script, journal)
    assert (result.code, script.deleted) == (expected, [])


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        (None, ResultCode.DELETED),
        (ResultCode.NOT_VERIFIED, ResultCode.DELETED),
        (ResultCode.NOT_DELETED, ResultCode.DELETED),
        (ResultCode.ALREADY_GONE, ResultCode.ALREADY_GONE),
        (ResultCode.REFUSED, ResultCode.ALREADY_GONE),
        (ResultCode.PRECONDITION_FAILED, ResultCode.ALREADY_GONE),
    ],
)
def test_a_rerun_looks_again_and_deleted_what_it_may_have(
    journal: Journal, earlier: ResultCode | None, expected: ResultCode
) -> None:
    begin(journal, earlier)
    script = Script([NONE])
    (result,) = apply(script, journal)
    assert (result.code, script.auditing) == (expected, 1)


@pytest.mark.parametrize("earlier", [ResultCode.ALREADY_GONE, ResultCode.NOT_VERIFIED])
def test_a_key_that_a_rerun_sees_is_deleted(journal: Journal, earlier: ResultCode) -> None:
    begin(journal, earlier)
    script = Script([ONE])
    assert [result.code for result in apply(script, journal)] == [ResultCode.DELETED]
    assert script.deleted == [KEY.id]


def test_a_verified_deletion_is_not_done_again(journal: Journal) -> None:
    begin(journal, ResultCode.DELETED)
    script = Script([ONE])
    assert [result.code for result in apply(script, journal)] == [ResultCode.DELETED]
    assert (script.auditing, script.deleted) == (0, [])


def test_a_doubt_stops_the_account(journal: Journal) -> None:
    script = Script([NONE], [(BOTH, True)])
    results = apply(script, journal, *BOTH)
    assert [result.code for result in results] == [ResultCode.NOT_DELETED, ResultCode.NOT_ATTEMPTED]
    assert script.deleted == []


@pytest.mark.parametrize(
    ("keys", "seen", "expected"),
    [
        (ONE, (ONE, True), ResultCode.WOULD_DELETE),
        (ONE, (ONE, DENIED), ResultCode.REFUSED),
        (DENIED, (ONE, True), ResultCode.REFUSED),
        (NONE, (NONE, False), ResultCode.ALREADY_GONE),
        (NONE, (NONE, True), ResultCode.NOT_VERIFIED),
        (NONE, (ONE, True), ResultCode.NOT_VERIFIED),
        (NONE, (DENIED, True), ResultCode.NOT_VERIFIED),
        ((KEY, OTHER), (BOTH, True), ResultCode.PRECONDITION_FAILED),
    ],
)
def test_a_rehearsal_deletes_nothing_and_believes_no_single_list(
    keys: Keys | Refusal, seen: tuple[Keys | Refusal, bool | Refusal], expected: ResultCode
) -> None:
    script = Script([keys], [seen])
    (result,) = rehearse(plan(*ONE), script)
    assert (result.code, script.deleted) == (expected, [])
