"""The root user acts on its own keys: each step is decided on, taken and verified by what it sees of itself.

Before each step the keys are listed again, and what no longer is as it was decided on stops everything. Verification is by list
and account summary; a key that has deleted itself cannot ask any more, and where AWS has answered the deletion, its refusal of
that very key is the proof.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, assert_never

from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import AccessKey, KeyStatus
from rootsweep.core.removal.journal import Intent, Outcome, unfinished_intents
from rootsweep.core.removal.result import Result, ResultCode
from rootsweep.core.removal.self_removal import Change, Step, digest_for
from rootsweep.remediation.executor import (
    Check,
    Executor,
    Journal,
    Pauses,
    Sight,
    known_ids,
    outcome_of,
    refused,
    until_one_fails,
)
from rootsweep.remediation.ports import NO_KEY_CODE, RootUser
from rootsweep.remediation.root_keys import CONTRADICTION

UNKNOWN_KEY_CODE: Final = "InvalidClientTokenId"
"""What AWS answers to a key that it does not know, or that is inactive (IAM API reference, "Common Errors")."""

_WANTED: Final = {Change.DEACTIVATE: KeyStatus.INACTIVE, Change.REACTIVATE: KeyStatus.ACTIVE, Change.DELETE: None}
"""The status after a change; None for a key that is gone."""

_DONE: Final = {
    Change.DEACTIVATE: ResultCode.DEACTIVATED,
    Change.REACTIVATE: ResultCode.REACTIVATED,
    Change.DELETE: ResultCode.DELETED,
}


def settle_unknown_key(journal: Journal, key_id: str) -> str | None:
    """Journal what can be said of a key that was to be deleted and that AWS, called with it, no longer knows.

    An inactive key is refused with the same words, so that the deletion counts as done but not as verified. Gives the id of the
    account; None where the journal holds no deletion of this key of which that is news.
    """
    begun = [
        entry.payload
        for entry in journal.entries()
        if isinstance(entry.payload, Intent | Outcome)
        and (entry.payload.key_id, entry.payload.action) == (key_id, Change.DELETE)
    ]
    match begun[-1:]:
        case [Intent() as intent]:
            detail = "the run was interrupted, and AWS no longer knows the key that called; most likely it is deleted"
            journal.append(outcome_of(intent, ResultCode.NOT_VERIFIED, detail))
            return intent.account_id
        case [Outcome(account_id=account_id, outcome=ResultCode.NOT_VERIFIED)]:
            return account_id
        case _:
            return None


@dataclass(frozen=True, slots=True)
class SelfRemoval:
    """Carries out steps in one account."""

    account_id: str
    root_user: RootUser
    executor: Executor

    @classmethod
    def of(cls, account_id: str, root_user: RootUser, journal: Journal, pauses: Pauses) -> "SelfRemoval":
        """Return one whose journal entries are of the account, for there is no plan."""
        return cls(account_id, root_user, Executor(digest_for(account_id), journal, pauses))

    def settle(self, keys: Collection[AccessKey]) -> None:
        """Journal the outcome of what an interrupted run had begun, where the keys that are there now show that it was done.

        That a key is gone is taken from another look, by list and summary. What does not show may yet become visible, and stays
        open.
        """
        statuses = {key.id: key.status for key in keys}
        for entry in unfinished_intents(self.executor.journal.entries()):
            match entry.payload:
                case Intent(plan_digest=self.executor.digest, key_id=str() as key_id, action=action) as intent:
                    change, status = Change(action), statuses.get(key_id)
                    if status is None:
                        self._settle_missing(intent, change)
                    elif status is _WANTED[change]:
                        outcome = outcome_of(intent, _DONE[change], "seen to be so after an interruption")
                        self.executor.journal.append(outcome)
                case _:
                    continue

    def _settle_missing(self, intent: Intent, change: Change) -> None:
        listed, flag = self.root_user.list_keys(), self.root_user.read_flag()
        if isinstance(listed, Refusal) or isinstance(flag, Refusal):
            return
        if flag.value != bool(listed.value) or any(key.id == intent.key_id for key in listed.value):
            return
        code = ResultCode.DELETED if change is Change.DELETE else ResultCode.ALREADY_GONE
        detail = "seen to be gone after an interruption, by list and summary"
        self.executor.journal.append(outcome_of(intent, code, detail, known_ids(listed.request_id, flag.request_id)))

    def run(self, steps: Iterable[Step], known_key_ids: Collection[str]) -> Iterator[Result[Step]]:
        """Take the steps in their order, and give what came of each; one that is not done ends it.

        ``known_key_ids`` are those of all keys that the steps were decided on: a key beyond them has appeared since. Raises
        what the journal raises where it cannot be written, after the result that it could not keep.
        """
        return until_one_fails(steps, partial(self._step, known_key_ids), "stopped by what came before")

    def _step(self, known_key_ids: Collection[str], step: Step) -> Iterator[Result[Step]]:
        listed = self.root_user.list_keys()
        if isinstance(listed, Refusal):
            yield refused(step, listed)
            return
        doubt = _doubt(step, listed.value, known_key_ids)
        if doubt is not None:
            yield Result(step, ResultCode.PRECONDITION_FAILED, f"left alone: {doubt}", known_ids(listed.request_id))
            return
        if step.change is Change.DELETE and _find(step, listed.value) is None:
            yield self._gone_already(step, listed.request_id)
            return
        intent = self.executor.intend(self.account_id, step.key.id, step.change.value)
        yield from self.executor.conclude(intent, self._act(step, listed.request_id))

    def _act(self, step: Step, listed_by: str | None) -> Result[Step]:
        reply = self._ask(step)
        match reply:
            case Refusal(may_have_acted=False) if _finds_no_key(step, reply):
                return self._gone_already(step, listed_by, reply.request_id)
            case Refusal(may_have_acted=False) if not _refuses_own_key(step, reply):
                return refused(step, reply, listed_by)
            case Refusal():
                # The SDK asks again where a reply is lost; a key that has deleted itself is then no longer known.
                undone = ResultCode.NOT_CHANGED, reply.sentence
                check = partial(self._look, step, was_answered=False)
                return self.executor.verify(step, check, _DONE[step.change], (listed_by, reply.request_id), undone)
            case Answer():
                check = partial(self._look, step, was_answered=True)
                return self.executor.verify(step, check, _DONE[step.change], (listed_by, reply.request_id))

    def _gone_already(self, step: Step, *request_ids: str | None) -> Result[Step]:
        check = partial(self._look, step, was_answered=False, words="the key was gone already, by list and summary")
        undone = ResultCode.NOT_CHANGED, CONTRADICTION
        return self.executor.verify(step, check, ResultCode.ALREADY_GONE, request_ids, undone)

    def _ask(self, step: Step) -> Answer[object] | Refusal:
        match step.change:
            case Change.DELETE:
                return self.root_user.delete_key(step.key.id)
            case Change.DEACTIVATE:
                return self.root_user.set_status(step.key.id, KeyStatus.INACTIVE)
            case Change.REACTIVATE:
                return self.root_user.set_status(step.key.id, KeyStatus.ACTIVE)
            case _:
                assert_never(step.change)

    def _look(self, step: Step, *, was_answered: bool, words: str = "deleted, and verified by list and summary") -> Check:
        listed = self.root_user.list_keys()
        if isinstance(listed, Refusal):
            return _look_of_refusal(step, listed, was_answered=was_answered)
        key = _find(step, listed.value)
        if step.change is not Change.DELETE:
            return _look_at_status(step, key, listed.request_id)
        if key is not None:
            return Check(Sight.UNCHANGED, "the key is still listed")
        flag = self.root_user.read_flag()
        if isinstance(flag, Refusal):
            return _look_of_refusal(step, flag, was_answered=was_answered)
        if flag.value != bool(listed.value):
            return Check(Sight.UNCERTAIN, "the account summary does not agree with the list of the keys")
        return Check(Sight.DONE, words, (listed.request_id, flag.request_id))


def _look_of_refusal(step: Step, refusal: Refusal, *, was_answered: bool) -> Check:
    if not _refuses_own_key(step, refusal):
        return Check(Sight.UNCERTAIN, refusal.sentence)
    if was_answered:
        words = "deleted, and verified by the refusal of the deleted key, which AWS no longer knows"
        return Check(Sight.DONE, words, (refusal.request_id,))
    # An inactive key is refused with the same words, so that without an answer the refusal proves no deletion.
    words = "AWS has not answered the deletion, and refuses the key since; most likely it is deleted"
    return Check(Sight.BLIND, words, (refusal.request_id,))


def _look_at_status(step: Step, key: AccessKey | None, request_id: str | None) -> Check:
    if key is None:
        return Check(Sight.UNCERTAIN, "the key is no longer listed")
    if key.status is _WANTED[step.change]:
        return Check(Sight.DONE, f"{_DONE[step.change].value}, and verified by list", (request_id,))
    return Check(Sight.UNCHANGED, f"the key is still listed as {key.status.value}")


def _refuses_own_key(step: Step, refusal: Refusal) -> bool:
    """Return whether AWS no longer knows the calling key, once it was asked to delete it."""
    return step.is_own and step.change is Change.DELETE and refusal.error_code == UNKNOWN_KEY_CODE


def _finds_no_key(step: Step, refusal: Refusal) -> bool:
    """Return whether AWS no longer finds the key that it was asked to delete, although it has just listed it."""
    return step.change is Change.DELETE and refusal.error_code == NO_KEY_CODE


def _doubt(step: Step, seen: Collection[AccessKey], known_ids: Collection[str]) -> str | None:
    """Tell in a clause what is not as it was decided on; None when everything is."""
    ids = {key.id for key in seen}
    key = _find(step, seen)
    if not ids <= set(known_ids):
        return f"key {', '.join(sorted(ids - set(known_ids)))} has appeared since"
    if step.is_own and ids - {step.key.id}:
        return "it is the key that calls, and another key still exists"
    if key is None:
        return None if step.change is Change.DELETE else "the key is gone"
    if (key.status, key.created_at) != (step.key.status, step.key.created_at):
        return f"the key has changed since, and is {key.status.value}"
    return None


def _find(step: Step, seen: Iterable[AccessKey]) -> AccessKey | None:
    return next((key for key in seen if key.id == step.key.id), None)
