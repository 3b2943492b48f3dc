"""Exceptions: findings that someone answers for, until a day."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rootsweep.model.evidence import KeyStatus


@dataclass(frozen=True, slots=True)
class GrantedException:
    """Who answers for the root keys of an account, why, by which ticket, and until when; ``expires_at`` is aware, in UTC.

    It never changes a verdict: a finding that is excepted is non-compliant, and is counted apart.
    """

    owner: str
    reason: str
    ticket: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """An exception as it was granted: for one key of one account, as that key was then.

    The key is named by ``key_id`` or, where no id is known, by ``last_rotated_at``, which is when it was created or last
    changed (aware, in UTC); one of them is never None. ``status`` is ACTIVE or INACTIVE.
    """

    account_id: str
    key_id: str | None
    last_rotated_at: datetime | None
    status: KeyStatus
    granted: GrantedException


class ExceptionState(StrEnum):
    """What has become of an exception."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    ANOTHER_KEY = "another_key"
    ACTIVE_AGAIN = "active_again"
    KEY_NOT_SEEN = "key_not_seen"
    NO_LONGER_NEEDED = "no_longer_needed"


@dataclass(frozen=True, slots=True)
class ReviewedException:
    """An exception, what has become of it, and whole days until it expires, which are negative once it has."""

    rule: ExceptionRule
    state: ExceptionState
    days_left: int
