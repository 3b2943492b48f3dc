from datetime import UTC, datetime, timedelta

import pytest

from rootsweep.aws.clock import ServerClock

LOCAL = datetime(2026, 11, 24, 12, 0, 0, 500000, tzinfo=UTC)


def test_until_the_first_answer_the_local_clock_counts() -> None:
    assert ServerClock(lambda: LOCAL).now() == LOCAL


def test_an_answer_sets_the_clock() -> None:
    clock = ServerClock(lambda: LOCAL)
    assert clock.observe("Tue, 24 Nov 2026 13:00:00 GMT") == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert clock.now() == datetime(2026, 11, 24, 13, tzinfo=UTC)


def test_the_clock_is_never_behind_any_answer() -> None:
    clock = ServerClock(lambda: LOCAL)
    clock.observe("Tue, 24 Nov 2026 13:00:01 GMT")
    clock.observe("Tue, 24 Nov 2026 13:00:00 GMT")
    assert clock.now() == datetime(2026, 11, 24, 13, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "yesterday",
        "Tue, 99 Nov 2026 13:00:00 GMT",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "Mon, 01 Jan 0001 00:00:00 +2359",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Sat, 01 Jan 2050 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Wed, 25 Nov 2026 12:00:01 GMT",
        "Mon, 23 Nov 2026 11:59:59 GMT",
    ],
)
def test_a_header_that_tells_no_time_to_be_believed_is_ignored(header: str | None) -> None:
    clock = ServerClock(lambda: LOCAL)
    assert clock.observe(header) is None
    assert clock.now() == LOCAL
    clock.observe("Tue, 24 Nov 2026 13:00:00 GMT")
    assert clock.observe(header) is None
    assert clock.now() == datetime(2026, 11, 24, 13, tzinfo=UTC)


def test_how_far_a_header_is_ahead_has_no_limit() -> None:
    clock = ServerClock(lambda: LOCAL)
    assert clock.ahead_by("Tue, 24 Nov 2026 13:00:00 GMT") == timedelta(minutes=59, seconds=59.5)
    assert clock.ahead_by("Fri, 20 Nov 2026 12:00:00 GMT") == timedelta(days=-4, seconds=-0.5)
    assert clock.ahead_by("Fri, 31 Dec 9999 23:59:59 GMT") is not None
    assert clock.ahead_by("yesterday") is None
