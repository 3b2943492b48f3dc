"""What came of a plan's actions, key by key."""

from dataclasses import dataclass
from enum import StrEnum

from rootsweep.model.remediation import Action, Precondition


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
