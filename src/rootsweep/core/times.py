"""Times: as AWS writes them, as people read them, and how far two clocks may differ; always aware datetimes in UTC.

AWS writes ISO 8601 with an offset: ``2026-09-11T13:15:19Z`` in reports of 2026, ``2021-03-04T05:06:07+00:00`` in older ones
(IAM User Guide, "Get credential reports for your AWS account"). A time without an offset, or in the notation of a country, is
not guessed. A time that AWS cannot have written is none: 0001-01-01, 1899-12-30, 1970-01-01 and 9999-12-31 are what other
programs write where there is no time.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_ISO_8601: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)", re.ASCII)

_FIRST_YEAR: Final = 2006
"""The year in which AWS began to serve customers; IAM came in 2010."""

_NEVER: Final = 9999

ALLOWED_SKEW: Final = timedelta(minutes=5)
"""How far this machine's clock may differ from another: what is dated later than that lies in the future."""


def parse_timestamp(text: str) -> datetime | None:
    """Read an ISO 8601 date and time that carries ``Z`` or an offset; None for any other text, and for a time before 2006."""
    if _ISO_8601.fullmatch(text) is None:
        return None
    try:
        return _possible(datetime.fromisoformat(text).astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def parse_json_timestamp(value: object) -> datetime | None:
    """Read a time of a JSON answer: ISO 8601 text, or seconds since 1970 as a number; None as for ``parse_timestamp``."""
    match value:
        case str():
            return parse_timestamp(value)
        case bool():
            return None
        case int() | float():
            return _from_epoch(value)
        case _:
            return None


def to_the_minute(time: datetime | None) -> str:
    """Format a time for a sentence: ``2026-11-25 14:02 UTC``."""
    return "an unknown time" if time is None else f"{time:%Y-%m-%d %H:%M} UTC"


def _from_epoch(seconds: float) -> datetime | None:
    try:
        return _possible(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _possible(time: datetime) -> datetime | None:
    return time if _FIRST_YEAR <= time.year < _NEVER else None
