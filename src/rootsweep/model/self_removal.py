"""How the root user removes its own access keys: what is asked for, the steps that follow, and what came of each.

No secret is part of anything here.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from rootsweep.model.evidence import AccessKey


class Change(StrEnum):
    """What is done about a key; a deletion alone cannot be taken back."""

    DEACTIVATE = "deactivate_key"
    REACTIVATE = "reactivate_key"
    DELETE = "delete_key"


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for.

    ``key_ids`` None are all keys, of which the calling one is deleted only with ``including_own``; to reactivate is always
    asked for all that the journal names. ``without_waiting`` lets a key be deleted that is not inactive, or not for long;
    ``min_inactive`` is how long a key that the journal deactivated must stay so before.
    """

    change: Change
    key_ids: frozenset[str] | None = None
    including_own: bool = False
    without_waiting: bool = False
    min_inactive: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one key, as it was listed; ``is_own`` tells that the key is the calling one."""

    change: Change
    key: AccessKey
    is_own: bool = False


class HoldReason(StrEnum):
    """Why a key is not changed although that was asked for."""

    IS_CALLING = "is_calling"
    CALLER_NOT_LISTED = "caller_not_listed"
    OWN_NOT_NAMED = "own_not_named"
    OTHERS_REMAIN = "others_remain"
    STILL_ACTIVE = "still_active"
    STATUS_UNKNOWN = "status_unknown"
    INACTIVE_TOO_SHORT = "inactive_too_short"
    NOT_LISTED = "not_listed"


@dataclass(frozen=True, slots=True)
class KeyHeldBack:
    """A key that is left as it is: why, in a clause, and another that says what would release it."""

    key_id: str
    reason: HoldReason
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from a request: the steps in their order, the keys held back, and the ids that need nothing any more."""

    steps: tuple[Step, ...]
    held_back: tuple[KeyHeldBack, ...]
    already: tuple[str, ...]


class StepOutcome(StrEnum):
    """What came of a step."""

    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    DELETED = "deleted"
    ALREADY_GONE = "already_gone"
    NOT_CHANGED = "not_changed"
    NOT_VERIFIED = "not_verified"
    PRECONDITION_FAILED = "precondition_failed"
    REFUSED = "refused"
    NOT_ATTEMPTED = "not_attempted"


STEPS_DONE: Final = frozenset({StepOutcome.DEACTIVATED, StepOutcome.REACTIVATED, StepOutcome.DELETED, StepOutcome.ALREADY_GONE})
"""The outcomes after which the next step may be taken."""

_TOUCHED: Final = frozenset(
    {
        StepOutcome.DEACTIVATED,
        StepOutcome.REACTIVATED,
        StepOutcome.DELETED,
        StepOutcome.NOT_CHANGED,
        StepOutcome.NOT_VERIFIED,
    }
)


@dataclass(frozen=True, slots=True)
class StepResult:
    """What came of a step: ``detail`` is a sentence for a person, ``request_ids`` are those of AWS's answers."""

    step: Step
    outcome: StepOutcome
    detail: str
    request_ids: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether the step is done, and known to be."""
        return self.outcome in STEPS_DONE

    @property
    def has_touched(self) -> bool:
        """Whether something was changed, or may have been."""
        return self.outcome in _TOUCHED
