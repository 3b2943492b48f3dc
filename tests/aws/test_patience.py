import pytest

from rootsweep.aws.pacing import Backoff


class Time:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_pauses_grow_and_end_at_the_deadline() -> None:
    time = Time()
    pauses = list(Backoff(60, lambda: time.now, time.sleep).pauses())
    assert pauses[:3] == pytest.approx([0.5, 0.8, 1.28])
    assert max(pauses) == 10
    assert pauses[:-1] == sorted(pauses[:-1])
    assert sum(pauses) == pytest.approx(60)


def test_work_between_the_pauses_counts() -> None:
    time = Time()
    count = 0
    for _ in Backoff(3, lambda: time.now, time.sleep).pauses():
        time.now += 1
        count += 1
    assert count == 2


def test_no_patience_at_all() -> None:
    time = Time()
    assert list(Backoff(0, lambda: time.now, time.sleep).pauses()) == []
