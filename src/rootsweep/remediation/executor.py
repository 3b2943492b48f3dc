"""The executor: it looks, journals what it is about to do, acts, makes sure, and journals what came of it.

Root keys, self-removal, quarantine and centralized root access are uses of it: they say what to look at and what it means. A
reply that was lost is found out by asking, never assumed, and the first doubt stops what builds on it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final, Protocol, TypeVar

from rootsweep.core.answer import Refusal
from rootsweep.core.removal.journal import Entry, Intent, Outcome, Payload
from rootsweep.core.removal.result import Result, ResultCode

S = TypeVar("S")
T = TypeVar("T")

Pauses = Callable[[], Iterable[float]]
"""Waits, ever longer, for changes to be seen, and ends at its deadline."""


class Journal(Protocol):
    """Where intents and outcomes are kept, on disk before ``append`` returns."""

    def append(self, payload: Payload) -> Entry:
        """Keep an entry."""

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, those of earlier runs first."""


class Sight(Enum):
    """What a look gave: the change, the state from before, nothing certain yet, or that nothing can ever be seen."""

    DONE = auto()
    UNCHANGED = auto()
    UNCERTAIN = auto()
    BLIND = auto()


@dataclass(frozen=True, slots=True)
class Check:
    """What was seen after an act, the words that tell it, and the requests that showed it."""

    sight: Sight
    words: str
    request_ids: tuple[str | None, ...] = ()


_FINAL: Final = frozenset({Sight.DONE, Sight.BLIND})


@dataclass(frozen=True, slots=True)
class Executor:
    """Acts for one plan, or what stands for it: ``digest`` is what the journal calls ``plan_digest``."""

    digest: str
    journal: Journal
    pauses: Pauses

    def intent(self, account_id: str, key_id: str | None, action: str) -> Intent:
        """Return what the journal calls an act on an account, or on one of its keys."""
        return Intent(self.digest, account_id, key_id, action)

    def intend(self, account_id: str, key_id: str | None, action: str) -> Intent:
        """Journal what is about to be done."""
        intent = self.intent(account_id, key_id, action)
        self.journal.append(intent)
        return intent

    def conclude(self, intent: Intent, result: Result[S], earlier: Iterable[Outcome] = ()) -> Iterator[Result[S]]:
        """Journal what came of it, after the outcomes of ``earlier`` runs that it settles, and give it.

        What was done is given before the error of a journal that could not keep it.
        """
        try:
            for outcome in earlier:
                self.journal.append(outcome)
            self.journal.append(outcome_of(intent, result.code, result.detail, result.request_ids))
        finally:
            yield result

    def verify(
        self,
        subject: S,
        check: Callable[[], Check],
        code: ResultCode,
        request_ids: Iterable[str | None],
        undone: tuple[ResultCode, str] | None = None,
    ) -> Result[S]:
        """Look until the change is seen, which makes the result ``code``, or until there is no more time.

        ``undone`` is the result where the state from before is seen last, and why AWS may not have acted: its answer was lost,
        or it contradicts itself. Without it nobody knows then: a change that AWS has answered may show late.
        """
        last = self.watch(check)
        ids = known_ids(*request_ids, *last.request_ids)
        if last.sight is Sight.DONE:
            return Result(subject, code, last.words, ids)
        if last.sight is Sight.UNCHANGED and undone is not None:
            return Result(subject, undone[0], f"{undone[1]}; {last.words}", ids)
        return Result(subject, ResultCode.NOT_VERIFIED, last.words, ids)

    def watch(self, check: Callable[[], Check]) -> Check:
        """Look at once and after each pause, until what is seen can no longer change; return the last look."""
        last = check()
        for _ in self.pauses() if last.sight not in _FINAL else ():
            last = check()
            if last.sight in _FINAL:
                break
        return last

    def insist(self, call: Callable[[], T | Refusal], may_pass: Callable[[Refusal], bool]) -> T | Refusal:
        """Call, and call again while a refusal may pass and there is time.

        A last refusal ``may_have_acted`` where any of them may have.
        """
        reply = call()
        for _ in self.pauses() if isinstance(reply, Refusal) and may_pass(reply) else ():
            before, reply = reply, call()
            if isinstance(before, Refusal) and isinstance(reply, Refusal):
                reply = replace(reply, may_have_acted=before.may_have_acted or reply.may_have_acted)
            if not (isinstance(reply, Refusal) and may_pass(reply)):
                break
        return reply


def until_one_fails(
    subjects: Iterable[S],
    take: Callable[[S], Iterator[Result[S]]],
    stopped_by: str,
    done_before: Callable[[S], Result[S] | None] = lambda _: None,
) -> Iterator[Result[S]]:
    """Take one after the other; once one is not done, no other is attempted. What was ``done_before`` is not done again."""
    stopped = False
    for subject in subjects:
        before = done_before(subject)
        if before is not None:
            yield before
        elif stopped:
            yield Result(subject, ResultCode.NOT_ATTEMPTED, stopped_by)
        else:
            for result in take(subject):
                stopped = not result.is_done
                yield result


def refused(subject: S, refusal: Refusal, *request_ids: str | None) -> Result[S]:
    """Return the result of an act that AWS refused; ``request_ids`` are those of the requests before."""
    return Result(subject, ResultCode.REFUSED, refusal.sentence, known_ids(*request_ids, refusal.request_id))


def outcome_of(intent: Intent, code: ResultCode, detail: str, request_ids: tuple[str, ...] = ()) -> Outcome:
    """Return what the journal keeps of the end of an intent."""
    return Outcome(intent.plan_digest, intent.account_id, intent.key_id, intent.action, code.value, detail, request_ids)


def known_ids(*request_ids: str | None) -> tuple[str, ...]:
    """Leave out what has no id: an answer that never came."""
    return tuple(request_id for request_id in request_ids if request_id is not None)
