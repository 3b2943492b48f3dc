from datetime import UTC, datetime, timedelta

import pytest

from rootsweep.aws.server_clock import ServerClock

LOCAL = datetime(2026, 11, 24, 12, 0, 0, 500000, tzinfo=UTC)


def test_until_the_first_answer_the_local_clock_counts() -> None:
    clock = ServerClock(lambda: LOCAL)
    assert (clock.now(), clock.ahead) == (LOCAL, timedelta())


def test_an_answer_sets_the_clock() -> None:
    clock = ServerClock(lambda: LOCAL)
    assert clock.observe("Tue, 24 Nov 2026 13:00:00 GMT") == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert clock.now() == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert clock.ahead == timedelta(minutes=59, seconds=59.5)


def test_the_clock_is_never_behind_any_answer() -> None:
    clock = ServerClock(lambda: LOCAL)
    clock.observe("Tue, 24 Nov 2026 13:00:01 GMT")
    clock.observe("Tue, 24 Nov 2026 13:00:00 GMT")
    assert clock.now() == datetime(2026, 11, 24, 13, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize("header", [None, "", "yesterday", "Tue, 99 Nov 2026 13:00:00 GMT"])
def test_a_header_that_tells_no_time(header: str | None) -> None:
    clock = ServerClock(lambda: LOCAL)
    assert clock.observe(header) == LOCAL
    assert clock.ahead == timedelta()
