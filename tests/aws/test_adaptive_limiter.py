"""Fewer calls where AWS throttles, more again where it does not; what waits for its turn loses no time."""

import time
from threading import Event, Thread, Timer

import pytest

from rootsweep.aws.pacing import AdaptiveLimiter, seconds_left, within


def test_throttling_lowers_the_limit_and_answers_raise_it() -> None:
    limiter = AdaptiveLimiter(100)
    with limiter.passed():
        limiter.count(was_throttled=True)
    lowest = limiter.limit
    assert lowest < 3
    for _ in range(50):
        with limiter.passed():
            limiter.count(was_throttled=False)
    assert lowest < limiter.limit < 20


def test_a_little_throttling_is_left_to_the_sdk() -> None:
    limiter = AdaptiveLimiter(100)
    limiter.count(was_throttled=False)
    for number in range(200):
        limiter.count(was_throttled=number % 20 == 0)
    time.sleep(1.05)
    limiter.count(was_throttled=True)
    assert limiter.limit == 100


def test_what_waits_for_its_turn_is_not_cut_short() -> None:
    limiter = AdaptiveLimiter(1)
    entered, leave = Event(), Event()

    def hold() -> None:
        with limiter.passed():
            entered.set()
            leave.wait(5)

    holder = Thread(target=hold)
    holder.start()
    entered.wait(5)
    Timer(0.5, leave.set).start()
    with within(1.0), limiter.passed():
        left = seconds_left()
        assert left is not None
        assert left > 0.9
    holder.join()


def fail(limiter: AdaptiveLimiter) -> None:
    with limiter.passed():
        raise ZeroDivisionError


def test_an_error_gives_the_place_back() -> None:
    limiter = AdaptiveLimiter(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            fail(limiter)
    with limiter.passed():
        assert limiter.limit >= 1
