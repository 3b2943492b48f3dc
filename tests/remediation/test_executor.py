"""The executor by scripted answers: what it journals and when, how long it looks, and what it makes of what it saw last."""

from collections.abc import Iterator

import pytest

from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.removal.journal import Entry, Intent, Outcome, Payload
from rootsweep.core.removal.result import Result, ResultCode
from rootsweep.errors import OutputError
from rootsweep.remediation.executor import Check, Executor, Sight, refused, until_one_fails
from rootsweep.storage.journal import Journal
from tests.remediation.answers import DENIED, FAULT, LOST, answer, following, refusal

DIGEST = "ab" * 32
DONE = Check(Sight.DONE, "deleted, and seen", ("s",))
SAME = Check(Sight.UNCHANGED, "the key is still listed")
VAGUE = Check(Sight.UNCERTAIN, "nobody knows")
BLIND = Check(Sight.BLIND, "it can no longer be asked", ("b",))


def executor(journal: Journal) -> Executor:
    return Executor(DIGEST, journal, lambda: (0.0, 0.0))


@pytest.mark.parametrize(
    ("looks", "undone", "expected", "detail"),
    [
        ([DONE], None, ResultCode.DELETED, "deleted, and seen"),
        ([SAME, VAGUE, DONE], None, ResultCode.DELETED, "deleted, and seen"),
        ([SAME], None, ResultCode.NOT_VERIFIED, "the key is still listed"),
        ([SAME], "the reply was lost", ResultCode.NOT_DELETED, "the reply was lost; the key is still listed"),
        ([SAME, SAME, VAGUE], "the reply was lost", ResultCode.NOT_VERIFIED, "nobody knows"),
        ([VAGUE, SAME], "the reply was lost", ResultCode.NOT_DELETED, "the reply was lost; the key is still listed"),
        ([BLIND, DONE], "the reply was lost", ResultCode.NOT_VERIFIED, "it can no longer be asked"),
    ],
)
def test_what_is_made_of_what_was_seen(
    journal: Journal, looks: list[Check], undone: str | None, expected: ResultCode, detail: str
) -> None:
    script = list(looks)
    why = None if undone is None else (ResultCode.NOT_DELETED, undone)
    result = executor(journal).verify("key", lambda: following(script), ResultCode.DELETED, ("l", None), why)
    assert (result.code, result.detail, result.request_ids[0]) == (expected, detail, "l")
    assert result.is_done is (expected is ResultCode.DELETED)
    assert result.has_touched


def test_it_looks_at_once_and_after_each_pause_and_no_longer(journal: Journal) -> None:
    looks = iter(range(9))
    executor(journal).watch(lambda: Check(Sight.UNCERTAIN, str(next(looks))))
    assert next(looks) == 3


BUSY, BUSY_AND_LOST = refusal("Busy"), refusal("Busy", may_have_acted=True)


@pytest.mark.parametrize(
    ("replies", "calls", "may_have_acted"),
    [
        ([answer("x")], 1, None),
        ([DENIED], 1, False),
        ([BUSY, answer("x")], 2, None),
        ([BUSY, DENIED], 2, False),
        ([BUSY_AND_LOST, DENIED], 2, True),
        ([BUSY_AND_LOST, BUSY, BUSY], 3, True),
        ([BUSY], 3, False),
        ([LOST], 1, True),
    ],
)
def test_it_insists_while_a_refusal_may_pass_and_forgets_no_lost_try(
    journal: Journal, replies: list[Answer[str] | Refusal], calls: int, *, may_have_acted: bool | None
) -> None:
    script, made = list(replies), 0

    def call() -> Answer[str] | Refusal:
        nonlocal made
        made += 1
        return following(script)

    reply = executor(journal).insist(call, lambda one: one.error_code == "Busy")
    assert made == calls
    assert (reply.may_have_acted if isinstance(reply, Refusal) else None) is may_have_acted


def test_an_intent_is_on_the_disk_before_the_act_and_its_outcome_after(journal: Journal) -> None:
    intent = executor(journal).intend("1" * 12, "AKIA", "delete_key")
    assert [entry.payload for entry in journal.entries()] == [intent] == [Intent(DIGEST, "1" * 12, "AKIA", "delete_key")]
    earlier = Outcome("cd" * 32, "1" * 12, "AKIA", "delete_key", "deleted", None, ())
    result = Result("key", ResultCode.DELETED, "gone", ("d",))
    assert list(executor(journal).conclude(intent, result, [earlier])) == [result]
    outcome = Outcome(DIGEST, "1" * 12, "AKIA", "delete_key", "deleted", "gone", ("d",))
    assert [entry.payload for entry in journal.entries()] == [intent, earlier, outcome]


class FullDisk:
    """A journal whose disk is full from now on."""

    def append(self, payload: Payload) -> Entry:
        raise OutputError(f"no space for {payload}", "free some")

    def entries(self) -> tuple[Entry, ...]:
        return ()


def test_what_was_done_is_told_although_the_journal_cannot_keep_it() -> None:
    full = Executor(DIGEST, FullDisk(), lambda: ())
    results = full.conclude(full.intent("1" * 12, None, "lift"), Result("a", ResultCode.LIFTED, ""))
    assert next(results).code is ResultCode.LIFTED
    with pytest.raises(OutputError):
        next(results)
    with pytest.raises(OutputError):
        full.intend("1" * 12, None, "lift")


def test_the_first_that_fails_stops_the_rest_but_what_was_done_before() -> None:
    codes = {"a": ResultCode.DELETED, "b": ResultCode.REFUSED, "c": ResultCode.DELETED}
    taken: list[str] = []

    def take(subject: str) -> Iterator[Result[str]]:
        taken.append(subject)
        yield Result(subject, codes[subject], "")

    def done_before(subject: str) -> Result[str] | None:
        return Result(subject, ResultCode.DELETED, "before") if subject == "d" else None

    results = list(until_one_fails("abcd", take, "stopped", done_before))
    assert [one.code.value for one in results] == ["deleted", "refused", "not_attempted", "deleted"]
    assert taken == ["a", "b"]


def test_a_refusal_names_every_request() -> None:
    assert refused("key", FAULT, "l", None) == Result("key", ResultCode.REFUSED, FAULT.sentence, ("l", "r"))
    assert not refused("key", FAULT).has_touched


def test_every_code_is_done_or_not_and_nothing_refused_has_touched() -> None:
    done = {one for one in ResultCode if Result("", one, "").is_done}
    touched = {one for one in ResultCode if Result("", one, "").has_touched}
    assert ResultCode.NOT_VERIFIED not in done
    assert not done & {one for one in ResultCode if one.value.startswith("not_") and one is not ResultCode.NOT_QUARANTINED}
    untouched = {ResultCode.REFUSED, ResultCode.PRECONDITION_FAILED, ResultCode.NOT_ATTEMPTED, ResultCode.WOULD_DELETE}
    assert not touched & untouched
