"""The executors of a plan: one rehearses it, one deletes key by key, journals, and makes sure.

Per key: the intent is journaled, a deleting session opened, the keys listed again and every precondition checked on what was
just seen, that key alone deleted, its absence verified in a session of its own by list and summary, the outcome journaled. Any
doubt stops the account, not the others. A reply that was lost is found out by asking, never assumed.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Final

from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import AccessKey, LastUse, LastUsed, NoLastUse
from rootsweep.core.organization import Account
from rootsweep.core.removal.journal import Intent, Outcome
from rootsweep.core.removal.plan import Action, ActionKind, Plan, PlannedKey, Precondition
from rootsweep.core.removal.result import Result, ResultCode
from rootsweep.remediation.executor import Check, Executor, Sight, known_ids, refused, until_one_fails
from rootsweep.remediation.ports import NO_KEY_CODE, AuditingSession, DeletingSession, Gateway

# What is seen of an account's keys, held against what was planned; pure.


def planned_ids(plan: Plan, account_id: str) -> frozenset[str]:
    """Return the ids of every key of an account that the plan knows, whether it acts on them or holds them back."""
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
    """Return whether the last use is what it was; what is no longer known counts as a use."""
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


_WORDS: Final = {ResultCode.DELETED: "deleted", ResultCode.ALREADY_GONE: "the key was gone already"}

_WITHOUT_DELETING: Final = frozenset({ResultCode.ALREADY_GONE, ResultCode.PRECONDITION_FAILED, ResultCode.REFUSED})
"""The outcomes of a run that surely did not delete the key."""

CONTRADICTION: Final = "AWS left the key out of one list, and shows it in another (run the command again)"


@dataclass(frozen=True, slots=True)
class Application:
    """Carries out one plan."""

    plan: Plan
    executor: Executor
    gateway: Gateway

    def run(self) -> Iterator[Result[Action]]:
        """Return what came of each deletion; what an earlier run of the same plan has done is not done again.

        Raises what the journal raises where it cannot be written, after the result that it could not keep.
        """
        for _, actions in deletions_by_account(self.plan):
            yield from until_one_fails(
                actions, self._action, "the account was stopped by what came before", self._deleted_before
            )

    def _action(self, action: Action) -> Iterator[Result[Action]]:
        was_begun = self._is_begun(action)
        intent = self.executor.intend(action.key.account.id, action.key.id, action.kind.value)
        yield from self.executor.conclude(intent, self._delete(action, was_begun=was_begun))

    def _delete(self, action: Action, *, was_begun: bool) -> Result[Action]:
        account = action.key.account
        session = self.gateway.open_deleting(account)
        if isinstance(session, Refusal):
            return refused(action, session)
        listed = session.list_keys()
        if isinstance(listed, Refusal):
            return refused(action, listed)
        if not _lists(listed.value, action):
            code = ResultCode.DELETED if was_begun else ResultCode.ALREADY_GONE
            return self._verified(action, code, (listed.request_id,))
        failed = failing(action, listed.value, planned_ids(self.plan, account.id), self.plan)
        if failed:
            detail = f"left alone: {', '.join(failed)} no longer holds"
            return Result(action, ResultCode.PRECONDITION_FAILED, detail, known_ids(listed.request_id))
        return self._delete_now(action, session, listed.request_id, was_begun=was_begun)

    def _delete_now(
        self, action: Action, session: DeletingSession, listed_by: str | None, *, was_begun: bool
    ) -> Result[Action]:
        reply = session.delete_key(str(action.key.id))
        match reply:
            case Refusal(may_have_acted=False, error_code=code) if code != NO_KEY_CODE:
                return refused(action, reply)
            case Refusal(may_have_acted=may_have_acted):
                code = ResultCode.DELETED if may_have_acted or was_begun else ResultCode.ALREADY_GONE
                return self._verified(action, code, (listed_by, reply.request_id), unanswered=reply)
            case Answer(request_id=request_id):
                return self._verified(action, ResultCode.DELETED, (listed_by, request_id))

    def _verified(
        self,
        action: Action,
        code: ResultCode,
        request_ids: tuple[str | None, ...],
        *,
        unanswered: Refusal | None = None,
    ) -> Result[Action]:
        """Look in auditing sessions until the key is gone; ``unanswered`` is why AWS has not answered the deletion."""
        undone = None
        if unanswered is not None or code is ResultCode.ALREADY_GONE:
            undone = ResultCode.NOT_DELETED, CONTRADICTION if unanswered is None else unanswered.sentence
        return self.executor.verify(action, partial(self._look, action, _WORDS[code]), code, request_ids, undone)

    def _look(self, action: Action, word: str) -> Check:
        session = self.gateway.open_auditing(action.key.account)
        return Check(Sight.UNCERTAIN, session.sentence) if isinstance(session, Refusal) else look(session, action, word)

    def _deleted_before(self, action: Action) -> Result[Action] | None:
        """Report that an earlier run has deleted the key and verified it; one that found it gone is no reason not to look."""
        is_deleted = any(
            isinstance(payload, Outcome) and payload.outcome == ResultCode.DELETED for payload in self._payloads(action)
        )
        return Result(action, ResultCode.DELETED, "done by an earlier run of this plan") if is_deleted else None

    def _is_begun(self, action: Action) -> bool:
        """Return whether an earlier run of this plan may have deleted the key: by any intent whose outcome does not deny it."""
        may_have_deleted = is_open = False
        for payload in self._payloads(action):
            match payload:
                case Intent():
                    may_have_deleted, is_open = may_have_deleted or is_open, True
                case Outcome(outcome=outcome):
                    may_have_deleted, is_open = may_have_deleted or outcome not in _WITHOUT_DELETING, False
        return may_have_deleted or is_open

    def _payloads(self, action: Action) -> Iterator[Intent | Outcome]:
        """Return what the journal holds about an action of this plan."""
        key = (self.executor.digest, action.key.account.id, action.key.id)
        for entry in self.executor.journal.entries():
            payload = entry.payload
            if isinstance(payload, Intent | Outcome) and (payload.plan_digest, payload.account_id, payload.key_id) == key:
                yield payload


def look(session: AuditingSession, action: Action, word: str) -> Check:
    """Look whether a key is gone, by list and summary; ``word`` says what it is then."""
    listed, flag = session.list_keys(), session.read_flag()
    if isinstance(listed, Refusal):
        return Check(Sight.UNCERTAIN, listed.sentence)
    if isinstance(flag, Refusal):
        return Check(Sight.UNCERTAIN, flag.sentence)
    if _lists(listed.value, action):
        return Check(Sight.UNCHANGED, "the key is still listed")
    if flag.value != bool(listed.value):
        return Check(Sight.UNCERTAIN, "the account summary does not agree with the list of the keys")
    return Check(Sight.DONE, f"{word}, and verified by list and summary", (listed.request_id, flag.request_id))


def _lists(keys: Iterable[AccessKey], action: Action) -> bool:
    return any(key.id == action.key.id for key in keys)


def deletions_by_account(plan: Plan) -> Iterator[tuple[Account, list[Action]]]:
    """Return the accounts whose keys are to be deleted, in the plan's order, each with its actions."""
    deletions = [action for action in plan.actions if action.kind is ActionKind.DELETE_KEY]
    for _, group in groupby(deletions, key=lambda action: action.key.account.id):
        actions = list(group)
        yield actions[0].key.account, actions


# The executor that only reads: it opens the very sessions, looks at the very keys, and says what would happen.


def rehearse(plan: Plan, gateway: Gateway) -> Iterator[Result[Action]]:
    """Return what would come of each deletion, account by account; nothing is written anywhere."""
    for account, actions in deletions_by_account(plan):
        listed = _probe(account, gateway)
        known = planned_ids(plan, account.id)
        for action in actions:
            if isinstance(listed, Refusal):
                yield Result(action, ResultCode.REFUSED, listed.sentence)
            elif _lists(listed.value, action):
                yield _rehearsed(action, failing(action, listed.value, known, plan))
            else:
                yield _looked_at_again(action, gateway)


def _rehearsed(action: Action, failed: tuple[Precondition, ...]) -> Result[Action]:
    if failed:
        detail = f"it would be left alone: {', '.join(failed)} no longer holds"
        return Result(action, ResultCode.PRECONDITION_FAILED, detail)
    return Result(action, ResultCode.WOULD_DELETE, "it would be deleted")


def _looked_at_again(action: Action, gateway: Gateway) -> Result[Action]:
    """Look in an auditing session for a key that one list left out: it is gone only where list and summary agree."""
    session = gateway.open_auditing(action.key.account)
    if isinstance(session, Refusal):
        return Result(action, ResultCode.REFUSED, session.sentence)
    seen = look(session, action, _WORDS[ResultCode.ALREADY_GONE])
    match seen.sight:
        case Sight.DONE:
            return Result(action, ResultCode.ALREADY_GONE, seen.words)
        case Sight.UNCHANGED:
            return Result(action, ResultCode.NOT_VERIFIED, CONTRADICTION)
        case _:
            return Result(action, ResultCode.NOT_VERIFIED, seen.words)


def _probe(account: Account, gateway: Gateway) -> Answer[tuple[AccessKey, ...]] | Refusal:
    """Try what verifying a deletion would need, and list the keys as the deletion would."""
    auditing = gateway.open_auditing(account)
    flag = auditing if isinstance(auditing, Refusal) else auditing.read_flag()
    if isinstance(flag, Refusal):
        return flag
    deleting = gateway.open_deleting(account)
    return deleting if isinstance(deleting, Refusal) else deleting.list_keys()
