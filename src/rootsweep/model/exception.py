"""An exception: a finding that someone answers for, until a day."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class GrantedException:
    """Who answers for the root keys of an account, why, by which ticket, and until when; ``expires_at`` is aware, in UTC.

    It never changes a verdict: a finding that is excepted is non-compliant, and is counted apart.
    """

    owner: str
    reason: str
    ticket: str | None
    expires_at: datetime
