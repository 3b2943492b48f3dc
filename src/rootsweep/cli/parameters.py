"""Types of option values: durations and account ids."""

import re
from datetime import timedelta
from typing import Final

import click

_DURATION: Final = re.compile(r"(\d{1,6})([smhdw])", re.ASCII)
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Duration(click.ParamType[timedelta]):
    """A whole number and a unit: ``90d``, ``4h``, ``30m``, ``45s``, ``2w``."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Turn the text into a ``timedelta`` longer than zero."""
        if isinstance(value, timedelta):
            return value
        match = _DURATION.fullmatch(str(value).strip())
        if match is None or int(match[1]) == 0:
            self.fail(f"{value!r} is not a duration; write a number and a unit, such as 90d, 4h or 30m", param, ctx)
        return timedelta(**{_UNITS[match[2]]: int(match[1])})


class AccountId(click.ParamType[str]):
    """A 12-digit AWS account id; ``1111-2222-3333``, as the console shows it, is taken too."""

    name = "account id"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Turn the text into 12 digits."""
        digits = re.fullmatch(r"(\d{4})-?(\d{4})-?(\d{4})", str(value).strip(), re.ASCII)
        if digits is None:
            self.fail(f"{value!r} is not an AWS account id; write its 12 digits", param, ctx)
        return "".join(digits.groups())
