"""What is seen of an account's keys, held against what was planned; pure."""

from collections.abc import Collection

from rootsweep.model.evidence import AccessKey, LastUse, LastUsed, NoLastUse
from rootsweep.model.remediation import Action, Plan, PlannedKey, Precondition


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
