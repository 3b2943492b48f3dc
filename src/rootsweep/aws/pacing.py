"""How fast and how long AWS is asked: adaptive limits on calls under way, deadlines, backoff.

The limit falls by a third in each second in which AWS throttles more than a tenth of the tries, and rises slowly while it does
not: additive increase, multiplicative decrease. STS and Organizations count the calls of the caller's account, so their
throttling is met here; IAM counts those of the account that is read, so its throttling slows that account alone, by the SDK's
own pauses.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Condition
from typing import Any, Final

from botocore.exceptions import ClientError

from rootsweep.aws.error_codes import MEANINGS, THROTTLED

LIMITED_SERVICES: Final = frozenset({"sts", "organizations"})

_LESS: Final = 0.67
_SECONDS_JUDGED: Final = 1.0
_TOLERATED: Final = 0.1
_LONGEST_WAIT: Final = 60.0


class AdaptiveLimiter:
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


# How long the calls for one account may go on.
#
# The SDK tries a call again and again; once the deadline has passed no further try is made, and the last error counts. A try
# that is under way is not cut off: it ends by its own time limit.

_DEADLINE: Final[ContextVar[float | None]] = ContextVar("deadline", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let the calls of this thread be tried again for so many seconds, and no longer."""
    token = _DEADLINE.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def put_off_the_deadline(seconds: float) -> None:
    """Return the calls of this thread so many seconds more; nothing happens where there is no deadline."""
    deadline = _DEADLINE.get()
    if deadline is not None:
        _DEADLINE.set(deadline + seconds)


def seconds_left() -> float | None:
    """Return the seconds until the deadline, negative after it; None where there is none."""
    deadline = _DEADLINE.get()
    return None if deadline is None else deadline - time.monotonic()


def end_tries_at_the_deadline(response: Any, operation: Any, caught_exception: Exception | None, **_: Any) -> None:
    """Raise the error at hand once the deadline has passed (called by botocore, on ``needs-retry``, after each try)."""
    left = seconds_left()
    if left is None or left > 0:
        return
    if caught_exception is not None:
        raise caught_exception
    if response is not None and "Error" in response[1]:
        raise ClientError(response[1], operation.name)


# How long something is waited for, and how often it is asked for.

_FIRST_PAUSE: Final = 0.5
_GROWTH: Final = 1.6
_LONGEST_PAUSE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """A deadline, and how to wait for it: ``sleep`` takes seconds, ``monotonic`` gives them."""

    seconds: float
    monotonic: Callable[[], float]
    sleep: Callable[[float], object]

    def pauses(self) -> Iterator[float]:
        """Wait, ever longer, and give after each wait how many seconds it took; end when the deadline has passed.

        The first pause is half a second and each is 1.6 times as long as the one before, up to ten seconds. The last ends at
        the deadline.
        """
        deadline = self.monotonic() + self.seconds
        pause = _FIRST_PAUSE
        while (left := deadline - self.monotonic()) > 0:
            this_pause = min(pause, left)
            self.sleep(this_pause)
            yield this_pause
            pause = min(pause * _GROWTH, _LONGEST_PAUSE)
