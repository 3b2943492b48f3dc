"""What time it is by AWS's clock, which dates the evidence."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from threading import Lock


class ServerClock:
    """Follows the Date headers of the answers; until the first, the local clock counts.

    A Date header drops the fraction of its second, so that the time told is never later than the server's, and never earlier
    than any answer's.
    """

    def __init__(self, local: Callable[[], datetime]) -> None:
        self._local = local
        self._ahead: timedelta | None = None
        self._lock = Lock()

    def now(self) -> datetime:
        """Give the time, aware, in UTC."""
        return self._local() + (self._ahead or timedelta())

    @property
    def ahead(self) -> timedelta:
        """How far AWS's clock is ahead of this machine's; negative when it is behind, zero before any answer."""
        return self._ahead or timedelta()

    def observe(self, date_header: str | None) -> datetime:
        """Take note of an answer's Date header and give its time; without a usable one, the time that is known."""
        date = _parsed(date_header)
        if date is None:
            return self.now()
        ahead = date - self._local()
        with self._lock:
            if self._ahead is None or ahead > self._ahead:
                self._ahead = ahead
        return date


@lru_cache(maxsize=64)
def _parsed(date_header: str | None) -> datetime | None:
    try:
        return None if date_header is None else parsedate_to_datetime(date_header).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
