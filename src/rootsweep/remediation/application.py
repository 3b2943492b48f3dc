"""The executor that acts: it journals what it is about to do, looks once more, deletes one key, and makes sure.

Per key: the intent is journaled, a deleting session opened, the keys listed again and every precondition checked on what was
just seen, that key alone deleted, its absence verified in a session of its own by list and summary, the outcome journaled. Any
doubt stops the account, not the others. A reply that was lost is found out by asking, never assumed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from rootsweep.model.journal import Entry, Intent, Outcome, Payload
from rootsweep.model.organization import Account
from rootsweep.model.remediation import Action, Plan
from rootsweep.remediation.examination import failing, planned_ids
from rootsweep.remediation.gateway import NO_KEY_CODE, Deleted, DeletingSession, Gateway, ListedKeys, Refused
from rootsweep.remediation.rehearsal import deletions_by_account, sentence
from rootsweep.remediation.results import ActionResult, Result

_WORDS: Final = {Result.DELETED: "deleted", Result.ALREADY_GONE: "the key was gone already"}

_WITHOUT_DELETING: Final = frozenset({Result.ALREADY_GONE, Result.PRECONDITION_FAILED, Result.REFUSED})
"""The outcomes of a run that surely did not delete the key."""


class Journal(Protocol):
    """Where intents and outcomes are kept, on disk before ``append`` returns."""

    def append(self, payload: Payload) -> Entry:
        """Keep an entry."""

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries, those of earlier runs first."""


@dataclass(frozen=True, slots=True)
class Application:
    """Carries out one plan; ``pauses`` waits, ever longer, for changes to be seen, and ends at its deadline."""

    plan: Plan
    digest: str
    gateway: Gateway
    journal: Journal
    pauses: Callable[[], Iterable[float]]

    def run(self) -> Iterator[ActionResult]:
        """Give what came of each deletion; what an earlier run of the same plan has done is not done again.

        Raises what the journal raises where it cannot be written, after the result that it could not keep.
        """
        for account, actions in deletions_by_account(self.plan):
            yield from self._account(account, actions)

    def _account(self, account: Account, actions: list[Action]) -> Iterator[ActionResult]:
        stopped = False
        for action in actions:
            before = self._outcome_of(action)
            if before is not None:
                yield ActionResult(action, before, "done by an earlier run of this plan")
            elif stopped:
                yield ActionResult(action, Result.NOT_ATTEMPTED, "the account was stopped by what came before")
            else:
                was_begun = self._is_begun(action)
                self.journal.append(Intent(self.digest, account.id, action.key.id, action.kind.value))
                result = self._delete(account, action, was_begun=was_begun)
                stopped = not result.is_done
                try:
                    self._keep(result)
                finally:
                    # What was done is given before the error of a journal that could not keep it.
                    yield result

    def _keep(self, result: ActionResult) -> None:
        key, kind = result.action.key, result.action.kind.value
        self.journal.append(
            Outcome(self.digest, key.account.id, key.id, kind, result.result.value, result.detail, result.request_ids)
        )

    def _delete(self, account: Account, action: Action, *, was_begun: bool) -> ActionResult:
        session = self.gateway.open_deleting(account)
        if isinstance(session, Refused):
            return _refused(action, session)
        listed = session.list_keys()
        if isinstance(listed, Refused):
            return _refused(action, listed)
        if not _lists(listed, action):
            result = Result.DELETED if was_begun else Result.ALREADY_GONE
            return self._verified(account, action, result, (listed.request_id,))
        failed = failing(action, listed.keys, planned_ids(self.plan, account.id), self.plan)
        if failed:
            detail = f"left alone: {', '.join(failed)} no longer holds"
            return ActionResult(action, Result.PRECONDITION_FAILED, detail, _ids(listed.request_id), failed)
        return self._delete_now(account, action, session, listed, was_begun=was_begun)

    def _delete_now(
        self, account: Account, action: Action, session: DeletingSession, listed: ListedKeys, *, was_begun: bool
    ) -> ActionResult:
        reply = session.delete_key(str(action.key.id))
        match reply:
            case Refused(may_have_acted=False, code=code) if code != NO_KEY_CODE:
                return _refused(action, reply)
            case Refused(may_have_acted=may_have_acted):
                result = Result.DELETED if may_have_acted or was_begun else Result.ALREADY_GONE
                return self._verified(account, action, result, (listed.request_id, reply.request_id), unanswered=reply)
            case Deleted(request_id=request_id):
                return self._verified(account, action, Result.DELETED, (listed.request_id, request_id))

    def _verified(
        self,
        account: Account,
        action: Action,
        result: Result,
        request_ids: tuple[str | None, ...],
        *,
        unanswered: Refused | None = None,
    ) -> ActionResult:
        """Ask in auditing sessions, until the key is seen to be gone, which makes it ``result``, or there is no more time.

        ``unanswered`` is why AWS has not answered the deletion.
        """
        problem = "that the key is gone could not be verified"
        still_listed = False
        for _ in _at_once_and_then(self.pauses):
            session = self.gateway.open_auditing(account)
            if isinstance(session, Refused):
                problem, still_listed = sentence(session), False
                continue
            listed, flag = session.list_keys(), session.read_flag()
            if isinstance(listed, Refused) or isinstance(flag, Refused):
                refused = listed if isinstance(listed, Refused) else flag
                problem, still_listed = sentence(refused) if isinstance(refused, Refused) else problem, False
                continue
            still_listed = _lists(listed, action)
            if not still_listed and flag.present == bool(listed.keys):
                detail = f"{_WORDS[result]}, and verified by list and summary"
                return ActionResult(action, result, detail, _ids(*request_ids, listed.request_id, flag.request_id))
            problem = "the key is still listed" if still_listed else "the account summary still shows a key"
        if still_listed and unanswered is not None:
            return ActionResult(action, Result.NOT_DELETED, f"{sentence(unanswered)}; the key still exists", _ids(*request_ids))
        if still_listed and result is Result.ALREADY_GONE:
            detail = "AWS left the key out of one list, and shows it in another: it still exists; run the command again"
            return ActionResult(action, Result.NOT_DELETED, detail, _ids(*request_ids))
        return ActionResult(action, Result.NOT_VERIFIED, problem, _ids(*request_ids))

    def _outcome_of(self, action: Action) -> Result | None:
        """Tell that an earlier run has deleted the key and verified it; one that found it gone is no reason not to look."""
        for entry in self.journal.entries():
            match entry.payload:
                case Outcome(plan_digest=self.digest, account_id=account_id, key_id=key_id, outcome=outcome) if (
                    account_id,
                    key_id,
                ) == (action.key.account.id, action.key.id) and outcome == Result.DELETED:
                    return Result.DELETED
                case _:
                    continue
        return None

    def _is_begun(self, action: Action) -> bool:
        """Tell whether an earlier run of this plan may have deleted the key: by any intent whose outcome does not deny it."""
        key = (self.digest, action.key.account.id, action.key.id)
        may_have_deleted = is_open = False
        for entry in self.journal.entries():
            match entry.payload:
                case Intent(plan_digest=digest, account_id=account_id, key_id=key_id) if (digest, account_id, key_id) == key:
                    may_have_deleted, is_open = may_have_deleted or is_open, True
                case Outcome(plan_digest=digest, account_id=account_id, key_id=key_id, outcome=outcome) if (
                    digest,
                    account_id,
                    key_id,
                ) == key:
                    may_have_deleted, is_open = may_have_deleted or outcome not in _WITHOUT_DELETING, False
                case _:
                    continue
        return may_have_deleted or is_open


def _at_once_and_then(pauses: Callable[[], Iterable[float]]) -> Iterator[float]:
    yield 0.0
    yield from pauses()


def _lists(listed: ListedKeys, action: Action) -> bool:
    return any(key.id == action.key.id for key in listed.keys)


def _refused(action: Action, refused: Refused) -> ActionResult:
    return ActionResult(action, Result.REFUSED, sentence(refused), _ids(refused.request_id))


def _ids(*request_ids: str | None) -> tuple[str, ...]:
    return tuple(request_id for request_id in request_ids if request_id is not None)
