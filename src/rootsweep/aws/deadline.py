"""How long the calls for one account may go on.

The SDK tries a call again and again; once the deadline has passed no further try is made, and the last error counts. A try that
is under way is not cut off: it ends by its own time limit.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from botocore.exceptions import ClientError

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
    """Give the calls of this thread so many seconds more; nothing happens where there is no deadline."""
    deadline = _DEADLINE.get()
    if deadline is not None:
        _DEADLINE.set(deadline + seconds)


def seconds_left() -> float | None:
    """Give the seconds until the deadline, negative after it; None where there is none."""
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
