"""What came of one act of a removal: a code, which the journal keeps, and a sentence for a person."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

S = TypeVar("S")


class ResultCode(StrEnum):
    """What came of an act; these are the codes in a journal.

    The acts on a key come first, then those on an account's quarantine, on centralized root access, and what any of them may
    end with.
    """

    DELETED = "deleted"
    ALREADY_GONE = "already_gone"
    WOULD_DELETE = "would_delete"
    NOT_DELETED = "not_deleted"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    NOT_CHANGED = "not_changed"
    QUARANTINED = "quarantined"
    ALREADY_ATTACHED = "already_attached"
    NOT_ATTACHED = "not_attached"
    LIFTED = "lifted"
    NOT_QUARANTINED = "not_quarantined"
    LEFT_ALONE = "left_alone"
    NOT_IN_JOURNAL = "not_in_journal"
    NOT_LIFTED = "not_lifted"
    ENABLED = "enabled"
    ALREADY_ENABLED = "already_enabled"
    NOT_ENABLED = "not_enabled"
    NOT_VERIFIED = "not_verified"
    PRECONDITION_FAILED = "precondition_failed"
    REFUSED = "refused"
    NOT_ATTEMPTED = "not_attempted"


_CHANGED: Final = frozenset(
    {
        ResultCode.DELETED,
        ResultCode.DEACTIVATED,
        ResultCode.REACTIVATED,
        ResultCode.QUARANTINED,
        ResultCode.LIFTED,
        ResultCode.ENABLED,
    }
)
_UNCHANGED_AND_DONE: Final = frozenset(
    {
        ResultCode.ALREADY_GONE,
        ResultCode.WOULD_DELETE,
        ResultCode.ALREADY_ATTACHED,
        ResultCode.NOT_QUARANTINED,
        ResultCode.LEFT_ALONE,
        ResultCode.ALREADY_ENABLED,
    }
)
_MAYBE_CHANGED: Final = frozenset(
    {
        ResultCode.NOT_DELETED,
        ResultCode.NOT_CHANGED,
        ResultCode.NOT_ATTACHED,
        ResultCode.NOT_LIFTED,
        ResultCode.NOT_ENABLED,
        ResultCode.NOT_VERIFIED,
    }
)


@dataclass(frozen=True, slots=True)
class Result(Generic[S]):
    """What came of the act on ``subject``; ``request_ids`` are those of AWS's answers, in their order."""

    subject: S
    code: ResultCode
    detail: str
    request_ids: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be done, and that is known."""
        return self.code in _CHANGED | _UNCHANGED_AND_DONE

    @property
    def has_touched(self) -> bool:
        """Whether something was changed, or may have been."""
        return self.code in _CHANGED | _MAYBE_CHANGED
