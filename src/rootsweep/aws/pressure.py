"""How many calls to one service may be under way, less where AWS throttles them.

The limit falls by a third in each second in which AWS throttles more than a tenth of the tries, and rises slowly while it does
not: additive increase, multiplicative decrease. STS and Organizations count the calls of the caller's account, so their
throttling is met here; IAM counts those of the account that is read, so its throttling slows that account alone, by the SDK's
own pauses.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Any, Final

from rootsweep.aws.deadline import put_off_the_deadline
from rootsweep.aws.error_table import MEANINGS, THROTTLED

LIMITED_SERVICES: Final = frozenset({"sts", "organizations"})

_LESS: Final = 0.67
_SECONDS_JUDGED: Final = 1.0
_TOLERATED: Final = 0.1
_LONGEST_WAIT: Final = 60.0


class Gate:
    """Lets so many calls through at once."""

    def __init__(self, most: int) -> None:
        self._most = float(most)
        self._limit = float(most)
        self._under_way = 0
        self._tries = 0
        self._throttled = 0
        self._judged_at = float("-inf")
        self._changed = Condition()

    @property
    def limit(self) -> float:
        """How many calls may be under way now."""
        return self._limit

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Wait for a place, a minute at most, and hold it; the wait is not taken from the account's time."""
        began = time.monotonic()
        with self._changed:
            self._changed.wait_for(lambda: self._under_way < self._limit, _LONGEST_WAIT)
            self._under_way += 1
        put_off_the_deadline(time.monotonic() - began)
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._limit = min(self._most, self._limit + 1 / self._limit)
                self._changed.notify()

    def watch(self, response: Any, **_: Any) -> None:
        """Look for throttling in an answer (called by botocore, on ``needs-retry``, after each try)."""
        code = "" if response is None else response[1].get("Error", {}).get("Code", "")
        self.count(was_throttled=MEANINGS.get(code.removesuffix("Exception")) is THROTTLED)

    def count(self, *, was_throttled: bool) -> None:
        """Count a try, and lower the limit where too many of a second's tries were throttled."""
        now = time.monotonic()
        with self._changed:
            self._tries += 1
            self._throttled += was_throttled
            if now - self._judged_at < _SECONDS_JUDGED:
                return
            if self._throttled > self._tries * _TOLERATED:
                self._limit = max(1.0, min(self._limit, self._under_way) * _LESS)
            self._judged_at, self._tries, self._throttled = now, 0, 0
