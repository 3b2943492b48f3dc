"""How many calls to one service may be under way, less where AWS throttles them.

The limit falls by a third when AWS throttles, at most once a second, and rises slowly while it does not: additive increase,
multiplicative decrease. STS and Organizations count the calls of the caller's account, so their throttling is met here; IAM
counts those of the account that is read, so its throttling slows that account alone, by the SDK's own pauses.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Any, Final

from rootsweep.aws.deadline import seconds_left
from rootsweep.aws.error_table import MEANINGS, THROTTLED

LIMITED_SERVICES: Final = frozenset({"sts", "organizations"})

_LESS: Final = 0.67
_SHOWS_AFTER: Final = 1.0
_LONGEST_WAIT: Final = 60.0


class Gate:
    """Lets so many calls through at once."""

    def __init__(self, most: int) -> None:
        self._most = float(most)
        self._limit = float(most)
        self._under_way = 0
        self._lowered_at = float("-inf")
        self._changed = Condition()

    @property
    def limit(self) -> float:
        """How many calls may be under way now."""
        return self._limit

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Wait for a place, at most until the deadline of the account or for a minute, and hold it."""
        with self._changed:
            left = seconds_left()
            wait = _LONGEST_WAIT if left is None else max(0.0, min(left, _LONGEST_WAIT))
            self._changed.wait_for(lambda: self._under_way < self._limit, wait)
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._limit = min(self._most, self._limit + 1 / self._limit)
                self._changed.notify()

    def lower(self) -> None:
        """Let fewer calls through, as AWS has throttled one."""
        now = time.monotonic()
        with self._changed:
            if now - self._lowered_at >= _SHOWS_AFTER:
                self._lowered_at = now
                self._limit = max(1.0, min(self._limit, self._under_way) * _LESS)

    def watch(self, response: Any, **_: Any) -> None:
        """Look for throttling in an answer (called by botocore, on ``needs-retry``, after each try)."""
        code = "" if response is None else response[1].get("Error", {}).get("Code", "")
        if MEANINGS.get(code.removesuffix("Exception")) is THROTTLED:
            self.lower()
