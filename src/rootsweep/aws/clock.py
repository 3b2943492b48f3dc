"""What time it is by AWS's clock, which dates the evidence."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from threading import Lock
from typing import Final

BELIEVED: Final = timedelta(days=1)
"""How far from this machine's clock a Date header is believed.

AWS refuses what is signed more than 5 minutes off (IAM User Guide, "Create a signed AWS API request"), so that an answer dated
further away was dated by something else: a proxy, a cache, a stand-in. A day leaves room for clocks that are set wrong.
"""


class ServerClock:
    """Follows the Date headers of the answers; until the first that is believed, the local clock counts.

    A Date header drops the fraction of its second, so that the time told is never later than the server's, and never earlier
    than any answer's.
    """

    def __init__(self, local: Callable[[], datetime]) -> None:
        self._local = local
        self._ahead: timedelta | None = None
        self._lock = Lock()

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return self._local() + (self._ahead or timedelta())

    def ahead_by(self, date_header: str | None) -> timedelta | None:
        """Return how far a Date header is ahead of this machine's clock, negative when behind; None where it tells no time."""
        date = _parsed(date_header)
        return None if date is None else date - self._local()

    def observe(self, date_header: str | None) -> datetime | None:
        """Take note of an answer's Date header and give its time.

        Returns None, and takes no note, where the header tells none or is not ``BELIEVED``: the answer then proves neither that
        it is newer than anything nor that it is older.
        """
        ahead = self.ahead_by(date_header)
        if ahead is None or abs(ahead) > BELIEVED:
            return None
        with self._lock:
            if self._ahead is None or ahead > self._ahead:
                self._ahead = ahead
        return _parsed(date_header)


@lru_cache(maxsize=64)
def _parsed(date_header: str | None) -> datetime | None:
    try:
        return None if date_header is None else parsedate_to_datetime(date_header).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
