"""What came of attaching or detaching the policy, account by account."""

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """What came of one account; these are the codes in a journal."""

    QUARANTINED = "quarantined"
    ALREADY_ATTACHED = "already_attached"
    NOT_ATTACHED = "not_attached"
    LIFTED = "lifted"
    NOT_QUARANTINED = "not_quarantined"
    LEFT_ALONE = "left_alone"
    NOT_IN_JOURNAL = "not_in_journal"
    NOT_LIFTED = "not_lifted"
    NOT_VERIFIED = "not_verified"
    REFUSED = "refused"


DONE = frozenset(
    {Result.QUARANTINED, Result.ALREADY_ATTACHED, Result.LIFTED, Result.NOT_QUARANTINED, Result.LEFT_ALONE},
)
"""The results after which nothing is left to be done."""

_TOUCHED = frozenset({Result.QUARANTINED, Result.NOT_ATTACHED, Result.LIFTED, Result.NOT_LIFTED, Result.NOT_VERIFIED})


@dataclass(frozen=True, slots=True)
class AccountResult:
    """What came of one account: ``detail`` is a sentence for a person, ``request_ids`` those of AWS's answers."""

    account_id: str
    result: Result
    detail: str
    request_ids: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be done."""
        return self.result in DONE

    @property
    def has_touched(self) -> bool:
        """Whether something was changed, or may have been."""
        return self.result in _TOUCHED
