"""Types of option values: durations, account ids, tags."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Final

import click

_DURATION: Final = re.compile(r"(\d{1,6})([smhdw])", re.ASCII)
_ACCOUNT_ID: Final = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})", re.ASCII)
_FIELDS: Final = re.compile(r"[,;\s]")
_UNIT: Final = re.compile(r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}", re.ASCII)
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
        account_id = _account_id(str(value).strip())
        if account_id is None:
            self.fail(f"{value!r} is not an AWS account id; write its 12 digits", param, ctx)
        return account_id


class AccountIds(click.ParamType[tuple[str, ...]]):
    """A 12-digit AWS account id, or a file with one on each line; ``1111-2222-3333``, as the console shows it, is taken too.

    In a file, what follows the id after a comma, a blank or a tab is passed over, and so are blank lines and lines that begin
    with ``#``.
    """

    name = "account id or file"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Turn the text, or the lines of the file, into ids of 12 digits."""
        if isinstance(value, tuple):
            return value
        text = str(value).strip()
        account_id = _account_id(text)
        if account_id is not None:
            return (account_id,)
        if not Path(text).is_file():
            self.fail(f"{value!r} is not an AWS account id (12 digits), and no file of that name exists", param, ctx)
        return self._read(text, param, ctx)

    def _read(self, path: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        try:
            lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            self.fail(f"the file {path} cannot be read; give a text file with one account id on each line", param, ctx)
        found: list[str] = []
        for number, line in enumerate(lines, start=1):
            fields = _FIELDS.split(line.strip(), maxsplit=1)
            if not fields[0] or fields[0].startswith("#"):
                continue
            account_id = _account_id(fields[0].strip('"'))
            if account_id is None:
                self.fail(f"line {number} of {path} does not begin with an AWS account id; write its 12 digits", param, ctx)
            found.append(account_id)
        if not found:
            self.fail(f"the file {path} names no account; write one id of 12 digits on each line", param, ctx)
        return tuple(found)


class Tag(click.ParamType[tuple[str, str]]):
    """A tag of an account: ``key=value``."""

    name = "tag"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Take key and value apart at the first ``=``."""
        if isinstance(value, tuple):
            key, text = value
            return key, text
        key, equals, text = str(value).partition("=")
        if not key or not equals:
            self.fail(f"{value!r} is not a tag; write key=value", param, ctx)
        return key, text


class UnitId(click.ParamType[str]):
    """The id of an organizational unit, or of the root."""

    name = "organizational unit"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the form (Organizations API reference, ListAccountsForParent, ParentId)."""
        text = str(value).strip()
        if _UNIT.fullmatch(text) is None:
            self.fail(f"{value!r} is not the id of an organizational unit, such as ou-a1b2-c3d4e5f6, or of a root", param, ctx)
        return text


def _account_id(text: str) -> str | None:
    digits = _ACCOUNT_ID.fullmatch(text)
    return None if digits is None else "".join(digits.groups())
