"""The executor that acts as the root user on its own keys: it looks, journals what it is about to do, acts, and makes sure.

Before each step the keys are listed again, and what no longer is as it was decided on stops everything. A reply that was lost
is found out by asking. Verification is by list and account summary; a key that has deleted itself cannot ask any more, and
where AWS has answered the deletion, its refusal of that very key is the proof.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Protocol, assert_never

from rootsweep.core.evidence import AccessKey, KeyStatus
from rootsweep.core.removal.journal import Entry, Intent, Outcome, Payload, unfinished_intents
from rootsweep.core.removal.self_removal import Change, Step, StepOutcome, StepResult, digest_for
from rootsweep.remediation.ports import NO_KEY_CODE, Deleted, KeyFlag, ListedKeys, Refused
from rootsweep.remediation.root_keys import sentence

UNKNOWN_KEY_CODE: Final = "InvalidClientTokenId"
"""What AWS answers to a key that it does not know, or that is inactive (IAM API reference, "Common Errors")."""

_WANTED: Final = {Change.DEACTIVATE: KeyStatus.INACTIVE, Change.REACTIVATE: KeyStatus.ACTIVE, Change.DELETE: None}
"""The status after a change; None for a key that is gone."""

_DONE: Final = {
    Change.DEACTIVATE: StepOutcome.DEACTIVATED,
    Change.REACTIVATE: StepOutcome.REACTIVATED,
    Change.DELETE: StepOutcome.DELETED,
}


@dataclass(frozen=True, slots=True)
class StatusSet:
    """AWS has answered that a key's status is set."""

    request_id: str | None


class RootUser(Protocol):
    """The root user, by its own credentials."""

    def list_keys(self) -> ListedKeys | Refused:
        """List the root user's keys."""

    def read_flag(self) -> KeyFlag | Refused:
        """Ask the account summary whether a root key exists."""

    def set_status(self, key_id: str, status: KeyStatus) -> StatusSet | Refused:
        """Make one key active or inactive."""

    def delete_key(self, key_id: str) -> Deleted | Refused:
        """Delete one key, for good."""


class Journal(Protocol):
    """Where intents and outcomes are kept, on disk before ``append`` returns."""

    def append(self, payload: Payload) -> Entry:
        """Keep an entry."""

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries, those of earlier runs first."""


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
        case [Intent(plan_digest=digest, account_id=account_id, action=action)]:
            detail = "the run was interrupted, and AWS no longer knows the key that called; most likely it is deleted"
            journal.append(Outcome(digest, account_id, key_id, action, StepOutcome.NOT_VERIFIED.value, detail, ()))
            return account_id
        case [Outcome(account_id=account_id, outcome=StepOutcome.NOT_VERIFIED)]:
            return account_id
        case _:
            return None


class _Sight(Enum):
    """What a look at a key gave: the change, the key as it was before, nothing certain yet, or nothing ever by this key."""

    DONE = auto()
    UNCHANGED = auto()
    UNCERTAIN = auto()
    BLIND = auto()


@dataclass(frozen=True, slots=True)
class _Check:
    """What was seen after a change, and the words that tell it."""

    sight: _Sight
    words: str
    request_ids: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class SelfRemoval:
    """Carries out steps in one account; ``pauses`` waits, ever longer, for changes to be seen, and ends at its deadline."""

    account_id: str
    root_user: RootUser
    journal: Journal
    pauses: Callable[[], Iterable[float]]

    def settle(self, keys: Collection[AccessKey]) -> None:
        """Journal the outcome of what an interrupted run had begun, where the keys that are there now show that it was done.

        That a key is gone is taken from another look, by list and summary. What does not show may yet become visible, and stays
        open.
        """
        statuses = {key.id: key.status for key in keys}
        for entry in unfinished_intents(self.journal.entries()):
            match entry.payload:
                case Intent(plan_digest=digest, key_id=str() as key_id, action=action) if digest == digest_for(self.account_id):
                    change, status = Change(action), statuses.get(key_id)
                    if status is None:
                        self._settle_missing(change, key_id)
                    elif status is _WANTED[change]:
                        self._keep(change, key_id, _DONE[change], "seen to be so after an interruption", ())
                case _:
                    continue

    def _settle_missing(self, change: Change, key_id: str) -> None:
        listed, flag = self.root_user.list_keys(), self.root_user.read_flag()
        if isinstance(listed, Refused) or isinstance(flag, Refused):
            return
        if flag.present != bool(listed.keys) or any(key.id == key_id for key in listed.keys):
            return
        outcome = StepOutcome.DELETED if change is Change.DELETE else StepOutcome.ALREADY_GONE
        detail = "seen to be gone after an interruption, by list and summary"
        self._keep(change, key_id, outcome, detail, _ids(listed.request_id, flag.request_id))

    def run(self, steps: Iterable[Step], known_ids: Collection[str]) -> Iterator[StepResult]:
        """Take the steps in their order, and give what came of each; one that is not done ends it.

        ``known_ids`` are those of all keys that the steps were decided on: a key beyond them has appeared since. Raises what
        the journal raises where it cannot be written, after the result that it could not keep.
        """
        stopped = False
        for step in steps:
            if stopped:
                yield StepResult(step, StepOutcome.NOT_ATTEMPTED, "stopped by what came before")
                continue
            for result in self._step(step, known_ids):
                stopped = not result.is_done
                yield result

    def _step(self, step: Step, known_ids: Collection[str]) -> Iterator[StepResult]:
        listed = self.root_user.list_keys()
        if isinstance(listed, Refused):
            yield StepResult(step, StepOutcome.REFUSED, sentence(listed), _ids(listed.request_id))
            return
        doubt = _doubt(step, listed.keys, known_ids)
        if doubt is not None:
            yield StepResult(step, StepOutcome.PRECONDITION_FAILED, f"left alone: {doubt}", _ids(listed.request_id))
            return
        if step.change is Change.DELETE and _find(step, listed.keys) is None:
            yield self._verified(step, (listed.request_id,), StepOutcome.ALREADY_GONE)
            return
        self.journal.append(Intent(digest_for(self.account_id), self.account_id, step.key.id, step.change.value))
        result = self._act(step, listed.request_id)
        try:
            self._keep(step.change, step.key.id, result.outcome, result.detail, result.request_ids)
        finally:
            # What was done is given before the error of a journal that could not keep it.
            yield result

    def _keep(self, change: Change, key_id: str, outcome: StepOutcome, detail: str, request_ids: tuple[str, ...]) -> None:
        digest = digest_for(self.account_id)
        self.journal.append(Outcome(digest, self.account_id, key_id, change.value, outcome.value, detail, request_ids))

    def _act(self, step: Step, listed_by: str | None) -> StepResult:
        reply = self._ask(step)
        match reply:
            case Refused(may_have_acted=False) if not _refuses_own_key(step, reply) and not _finds_no_key(step, reply):
                return StepResult(step, StepOutcome.REFUSED, sentence(reply), _ids(listed_by, reply.request_id))
            case Refused(may_have_acted=False) if _finds_no_key(step, reply):
                return self._verified(step, (listed_by, reply.request_id), StepOutcome.ALREADY_GONE)
            case Refused():
                # The SDK asks again where a reply is lost; a key that has deleted itself is then no longer known.
                return self._verified(step, (listed_by, reply.request_id), _DONE[step.change], lost=reply)
            case Deleted(request_id=request_id) | StatusSet(request_id=request_id):
                return self._verified(step, (listed_by, request_id), _DONE[step.change])

    def _ask(self, step: Step) -> Deleted | StatusSet | Refused:
        match step.change:
            case Change.DELETE:
                return self.root_user.delete_key(step.key.id)
            case Change.DEACTIVATE:
                return self.root_user.set_status(step.key.id, KeyStatus.INACTIVE)
            case Change.REACTIVATE:
                return self.root_user.set_status(step.key.id, KeyStatus.ACTIVE)
            case _:
                assert_never(step.change)

    def _verified(
        self, step: Step, request_ids: tuple[str | None, ...], done: StepOutcome, *, lost: Refused | None = None
    ) -> StepResult:
        """Look until the change is seen, which makes it ``done``, or there is no more time.

        ``lost`` is why AWS has not answered the change itself.
        """
        was_answered = lost is None and done is not StepOutcome.ALREADY_GONE
        look = self._look(step, was_answered=was_answered)
        if look.sight in _WORTH_WAITING:
            for _ in self.pauses():
                look = self._look(step, was_answered=was_answered)
                if look.sight not in _WORTH_WAITING:
                    break
        its_ids = _ids(*request_ids, *look.request_ids)
        if look.sight is _Sight.DONE:
            words = "the key was gone already, by list and summary" if done is StepOutcome.ALREADY_GONE else look.words
            return StepResult(step, done, words, its_ids)
        if done is StepOutcome.ALREADY_GONE and look.sight is _Sight.UNCHANGED:
            words = "AWS left the key out of one list, and shows it in another: it still exists; run the command again"
            return StepResult(step, StepOutcome.NOT_CHANGED, words, its_ids)
        if lost is not None and look.sight is _Sight.UNCHANGED:
            return StepResult(step, StepOutcome.NOT_CHANGED, f"{sentence(lost)}; {look.words}", its_ids)
        return StepResult(step, StepOutcome.NOT_VERIFIED, look.words, its_ids)

    def _look(self, step: Step, *, was_answered: bool) -> _Check:
        listed = self.root_user.list_keys()
        if isinstance(listed, Refused):
            return _look_of_refusal(step, listed, was_answered=was_answered)
        key = _find(step, listed.keys)
        if step.change is not Change.DELETE:
            return _look_at_status(step, key, listed.request_id)
        if key is not None:
            return _Check(_Sight.UNCHANGED, "the key is still listed")
        flag = self.root_user.read_flag()
        if isinstance(flag, Refused):
            return _look_of_refusal(step, flag, was_answered=was_answered)
        if flag.present != bool(listed.keys):
            return _Check(_Sight.UNCERTAIN, "the account summary does not agree with the list of the keys")
        return _Check(_Sight.DONE, "deleted, and verified by list and summary", (listed.request_id, flag.request_id))


_WORTH_WAITING: Final = frozenset({_Sight.UNCHANGED, _Sight.UNCERTAIN})


def _look_of_refusal(step: Step, refused: Refused, *, was_answered: bool) -> _Check:
    if not _refuses_own_key(step, refused):
        return _Check(_Sight.UNCERTAIN, sentence(refused))
    if was_answered:
        words = "deleted, and verified by the refusal of the deleted key, which AWS no longer knows"
        return _Check(_Sight.DONE, words, (refused.request_id,))
    # An inactive key is refused with the same words, so that without an answer the refusal proves no deletion.
    words = "AWS has not answered the deletion, and refuses the key since; most likely it is deleted"
    return _Check(_Sight.BLIND, words, (refused.request_id,))


def _refuses_own_key(step: Step, refused: Refused) -> bool:
    """Tell whether AWS no longer knows the calling key, once it was asked to delete it."""
    return step.is_own and step.change is Change.DELETE and refused.code == UNKNOWN_KEY_CODE


def _finds_no_key(step: Step, refused: Refused) -> bool:
    """Tell whether AWS no longer finds the key that it was asked to delete, although it has just listed it."""
    return step.change is Change.DELETE and refused.code == NO_KEY_CODE


def _look_at_status(step: Step, key: AccessKey | None, request_id: str | None) -> _Check:
    if key is None:
        return _Check(_Sight.UNCERTAIN, "the key is no longer listed")
    if key.status is _WANTED[step.change]:
        return _Check(_Sight.DONE, f"{_DONE[step.change].value}, and verified by list", (request_id,))
    return _Check(_Sight.UNCHANGED, f"the key is still listed as {key.status.value}")


def _doubt(step: Step, seen: Collection[AccessKey], known_ids: Collection[str]) -> str | None:
    """Tell in a clause what is not as it was decided on; None when everything is."""
    ids = {key.id for key in seen}
    key = _find(step, seen)
    if not ids <= set(known_ids):
        return f"key {', '.join(sorted(ids - set(known_ids)))} has appeared meanwhile"
    if step.is_own and ids - {step.key.id}:
        return "it is the key that calls, and another key still exists"
    if key is None:
        return None if step.change is Change.DELETE else "the key is gone"
    if (key.status, key.created_at) != (step.key.status, step.key.created_at):
        return f"the key has changed meanwhile, and is {key.status.value}"
    return None


def _find(step: Step, seen: Iterable[AccessKey]) -> AccessKey | None:
    return next((key for key in seen if key.id == step.key.id), None)


def _ids(*request_ids: str | None) -> tuple[str, ...]:
    return tuple(request_id for request_id in request_ids if request_id is not None)
