"""A time as a standard's text."""

from datetime import datetime


def utc(time: datetime | None) -> str | None:
    """Give a time as RFC 3339 text in UTC; None where there is none."""
    return time.isoformat().replace("+00:00", "Z") if time else None
