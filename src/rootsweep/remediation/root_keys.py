"""The executors of a plan: one rehearses it, one deletes key by key, journals, and makes sure.

Per key: the intent is journaled, a deleting session opened, the keys listed again and every precondition checked on what was
just seen, that key alone deleted, its absence verified in a session of its own by list and summary, the outcome journaled. Any
doubt stops the account, not the others. A reply that was lost is found out by asking, never assumed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final, Protocol

from rootsweep.core.evidence import AccessKey, LastUse, LastUsed, NoLastUse
from rootsweep.core.organization import Account
from rootsweep.core.removal.journal import Entry, Intent, Outcome, Payload
from rootsweep.core.removal.plan import Action, ActionKind, Plan, PlannedKey, Precondition
from rootsweep.remediation.ports import NO_KEY_CODE, Deleted, DeletingSession, Gateway, ListedKeys, Refused

# What is seen of an account's keys, held against what was planned; pure.


def planned_ids(plan: Plan, account_id: str) -> frozenset[str]:
    """Give the ids of every key of an account that the plan knows, whether it acts on them or holds them back."""
    keys = [*(action.key for action in plan.actions), *(held.key for held in plan.held_back)]
    return frozenset(key.id for key in keys if key.account.id == account_id and key.id is not None)


def failing(action: Action, seen: Collection[AccessKey], known_ids: Collection[str], plan: Plan) -> tuple[Precondition, ...]:
    """Name the preconditions of an action that do not hold by what was just seen; empty when all do.

    ``known_ids`` are those of the plan, for a key beyond them appeared since and makes the whole account doubtful.
    """
    key = next((one for one in seen if one.id == action.key.id), None)
    holds = {
        Precondition.KEY_EXISTS: key is not None,
        Precondition.KEYS_AS_PLANNED: {one.id for one in seen} <= set(known_ids),
        Precondition.STATUS_UNCHANGED: key is None or key.status is action.key.status,
        Precondition.CREATION_UNCHANGED: key is None or key.created_at == action.key.created_at,
        Precondition.NOT_USED_SINCE: key is None or _not_used_since(action.key, key.last_use, plan),
    }
    return tuple(precondition for precondition in action.preconditions if not holds[precondition])


def _not_used_since(planned: PlannedKey, seen: LastUse, plan: Plan) -> bool:
    """Tell whether the last use is what it was; what is no longer known counts as a use."""
    match planned.last_use, seen:
        case LastUsed(at=before), LastUsed(at=now):
            return now <= before
        case NoLastUse.NEVER_RECORDED, NoLastUse.NEVER_RECORDED:
            return True
        case NoLastUse.UNKNOWN, LastUsed(at=now):
            return now <= plan.as_of
        case NoLastUse.UNKNOWN, NoLastUse():
            return True
        case _:
            return False


# What came of a plan's actions, key by key.


class Result(StrEnum):
    """What came of one action; a rehearsal ends with ``would_delete`` where an application would act."""

    DELETED = "deleted"
    ALREADY_GONE = "already_gone"
    WOULD_DELETE = "would_delete"
    NOT_VERIFIED = "not_verified"
    NOT_DELETED = "not_deleted"
    PRECONDITION_FAILED = "precondition_failed"
    REFUSED = "refused"
    NOT_ATTEMPTED = "not_attempted"


DONE = frozenset({Result.DELETED, Result.ALREADY_GONE, Result.WOULD_DELETE})
"""The results after which nothing is left to be done."""

_TOUCHED = frozenset({Result.DELETED, Result.NOT_VERIFIED, Result.NOT_DELETED})


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What came of one action: ``detail`` is a sentence for a person, ``request_ids`` those of AWS's answers."""

    action: Action
    result: Result
    detail: str
    request_ids: tuple[str, ...] = ()
    failing: tuple[Precondition, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be done."""
        return self.result in DONE

    @property
    def has_touched(self) -> bool:
        """Whether something was changed, or may have been."""
        return self.result in _TOUCHED


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


# The executor that only reads: it opens the very sessions, looks at the very keys, and says what would happen.


def rehearse(plan: Plan, gateway: Gateway) -> Iterator[ActionResult]:
    """Give what would come of each deletion, account by account; nothing is written anywhere."""
    for account, actions in deletions_by_account(plan):
        yield from _rehearse_account(plan, account, actions, gateway)


def deletions_by_account(plan: Plan) -> Iterator[tuple[Account, list[Action]]]:
    """Give the accounts whose keys are to be deleted, in the plan's order, each with its actions."""
    deletions = [action for action in plan.actions if action.kind is ActionKind.DELETE_KEY]
    for _, group in groupby(deletions, key=lambda action: action.key.account.id):
        actions = list(group)
        yield actions[0].key.account, actions


def _rehearse_account(plan: Plan, account: Account, actions: list[Action], gateway: Gateway) -> Iterator[ActionResult]:
    refused = _probe(account, gateway)
    if refused is not None:
        yield from (ActionResult(action, Result.REFUSED, sentence(refused)) for action in actions)
        return
    session = gateway.open_deleting(account)
    listed = session if isinstance(session, Refused) else session.list_keys()
    if isinstance(listed, Refused):
        yield from (ActionResult(action, Result.REFUSED, sentence(listed)) for action in actions)
        return
    known = planned_ids(plan, account.id)
    for action in actions:
        if all(key.id != action.key.id for key in listed.keys):
            yield _looked_at_again(action, gateway)
            continue
        failed = failing(action, listed.keys, known, plan)
        if failed:
            detail = f"it would be left alone: {', '.join(failed)} no longer holds"
            yield ActionResult(action, Result.PRECONDITION_FAILED, detail, failing=failed)
        else:
            yield ActionResult(action, Result.WOULD_DELETE, "it would be deleted")


def _looked_at_again(action: Action, gateway: Gateway) -> ActionResult:
    """Look in an auditing session for a key that one list left out: it is gone only where list and summary agree."""
    session = gateway.open_auditing(action.key.account)
    if isinstance(session, Refused):
        return ActionResult(action, Result.REFUSED, sentence(session))
    listed, flag = session.list_keys(), session.read_flag()
    if isinstance(listed, Refused):
        return ActionResult(action, Result.REFUSED, sentence(listed))
    if isinstance(flag, Refused):
        return ActionResult(action, Result.REFUSED, sentence(flag))
    if any(key.id == action.key.id for key in listed.keys):
        return ActionResult(
            action, Result.NOT_VERIFIED, "AWS left the key out of one list, and shows it in another: run it again"
        )
    if flag.present != bool(listed.keys):
        return ActionResult(action, Result.NOT_VERIFIED, "the account summary does not agree with the list of the keys")
    return ActionResult(action, Result.ALREADY_GONE, "the key is gone already, by list and summary")


def _probe(account: Account, gateway: Gateway) -> Refused | None:
    """Try what verifying a deletion would need."""
    session = gateway.open_auditing(account)
    flag = session if isinstance(session, Refused) else session.read_flag()
    return flag if isinstance(flag, Refused) else None


def sentence(refused: Refused) -> str:
    """Put a refusal in words."""
    return f"{refused.problem}; {refused.advice}"
