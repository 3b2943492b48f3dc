"""Times as AWS writes them, and texts that only look like times."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.core.times import parse_json_timestamp, parse_timestamp


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-09-11T13:15:19Z", datetime(2026, 9, 11, 13, 15, 19, tzinfo=UTC)),
        ("2021-03-04T05:06:07+00:00", datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2021-03-04T05:06:07+0000", datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2021-03-04T05:06:07.25-02:30", datetime(2021, 3, 4, 7, 36, 7, 250000, tzinfo=UTC)),
    ],
)
def test_a_time_with_an_offset_is_read_as_utc(text: str, expected: datetime) -> None:
    assert parse_timestamp(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "N/A",
        "no_information",
        "2026-09-11",
        "2026-09-11T13:15:19",
        "2026-09-11 13:15:19Z",
        "2026-13-11T13:15:19Z",
        "2026-09-11T13:15:19+99:00",
        "0001-01-01T00:00:00+23:59",
        "0001-01-01T00:00:00Z",
        "1899-12-30T00:00:00Z",
        "1970-01-01T00:00:00+00:00",
        "2005-12-31T23:59:59Z",
        "2006-01-01T00:30:00+01:00",
        "9999-12-31T23:59:59.999Z",
        "11/09/2026 13:15",
        "1757596519",
        "\u0662026-09-11T13:15:19Z",
        " 2026-09-11T13:15:19Z",
    ],
)
def test_any_other_text_is_not_guessed(text: str) -> None:
    assert parse_timestamp(text) is None


@given(st.datetimes(datetime(2006, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001  as the strategy asks
def test_what_python_writes_is_read_back(time: datetime) -> None:
    assert parse_timestamp(time.isoformat()) == time


@given(st.text())
def test_no_text_raises(text: str) -> None:
    time = parse_timestamp(text)
    assert time is None or time.tzinfo is UTC


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-09-11T13:15:19Z", datetime(2026, 9, 11, 13, 15, 19, tzinfo=UTC)),
        (0, None),
        (-62135596800, None),
        (1136073600, datetime(2006, 1, 1, tzinfo=UTC)),
        (253402300799, None),
        (1757596519.5, datetime(2025, 9, 11, 13, 15, 19, 500000, tzinfo=UTC)),
        (True, None),
        (None, None),
        ([], None),
        (float("nan"), None),
        (float("inf"), None),
        (10**30, None),
    ],
)
def test_json_tells_times_as_text_or_as_seconds(value: object, expected: datetime | None) -> None:
    assert parse_json_timestamp(value) == expected
