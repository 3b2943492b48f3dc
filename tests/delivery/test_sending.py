"""Several things at once, within a time."""

import threading
import time

import pytest

from rootsweep.delivery.sending import Parallel


def test_every_thing_has_its_result() -> None:
    things = list(range(200))
    results = dict(Parallel(lambda one: one * one, things, workers=8, seconds=10).results())
    assert results == {one: one * one for one in things}


def test_nothing_has_no_result() -> None:
    assert list(Parallel(str, [], workers=8, seconds=10).results()) == []


def test_no_more_than_so_many_at_once() -> None:
    lock, under_way, most = threading.Lock(), [0], [0]

    def work(_: int) -> bool:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.01)
        with lock:
            under_way[0] -= 1
        return True

    assert len(list(Parallel(work, range(40), workers=4, seconds=10).results())) == 40
    assert most[0] <= 4


def test_what_takes_too_long_is_given_without_a_result() -> None:
    ended = threading.Event()

    def work(one: int) -> int:
        if one == 1:
            ended.wait(20)
        return one

    began = time.monotonic()
    results = list(Parallel(work, [0, 1, 2], workers=3, seconds=0.3).results())
    assert time.monotonic() - began < 5
    ended.set()
    assert sorted(results, key=lambda one: one[0]) == [(0, 0), (1, None), (2, 2)]
    assert results[-1] == (1, None)


def test_what_is_raised_is_raised_here() -> None:
    def work(_: int) -> int:
        raise KeyError("a bug")

    with pytest.raises(KeyError, match="a bug"):
        list(Parallel(work, [1], workers=1, seconds=5).results())
