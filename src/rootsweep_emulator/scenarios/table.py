"""A table of a scenario file, read key by key; every slip is a sentence that says where."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import Any, Final, TypeVar

from rootsweep_emulator.errors import ScenarioError

_DURATION: Final = re.compile(r"(\d+)([smhd])", re.ASCII)
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_FOREVER: Final = "forever"

Value = TypeVar("Value")
Word = TypeVar("Word", bound=str)
_REQUIRED: Final = object()


class Table:
    """A TOML table. Each method reads one key and raises ScenarioError when its value has the wrong type.

    :meth:`finish` raises it for keys that were never read.
    """

    def __init__(self, values: dict[str, Any], where: str) -> None:
        self._values = values
        self._read: set[str] = set()
        self.where = where

    def text(self, name: str, default: object = _REQUIRED) -> str:
        """Read a text."""
        return self._get(name, str, default)

    def integer(self, name: str, default: object = _REQUIRED) -> int:
        """Read a whole number."""
        return self._get(name, int, default)

    def number(self, name: str, default: object = _REQUIRED) -> float:
        """Read a number."""
        found = self._get(name, object, default)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise self._wrong(name, "a number")
        return float(found)

    def flag(self, name: str, *, default: bool) -> bool:
        """Read true or false."""
        return self._get(name, bool, default)

    def duration(self, name: str) -> float | None:
        """Read a duration such as ``90d``, ``2h``, ``30m``, ``10s`` or ``forever``, in seconds; None when absent."""
        text = self.text(name, "")
        if text in {"", _FOREVER}:
            return float("inf") if text else None
        match = _DURATION.fullmatch(text)
        if match is None:
            raise self._wrong(name, "a duration such as 90d, 2h, 30m or 10s")
        return int(match[1]) * _SECONDS[match[2]]

    def ago(self, name: str, now: float) -> float | None:
        """Read a duration, or a date such as 2014-03-17 (its noon, UTC), as seconds before ``now``; None when absent."""
        if not isinstance(self._values.get(name), date):
            return self.duration(name)
        return now - datetime.combine(self._get(name, date, None), time(12), UTC).timestamp()

    def texts(self, name: str, default: object = _REQUIRED) -> tuple[str, ...]:
        """Read a list of texts."""
        found = self._get(name, object, default)
        if not isinstance(found, list | tuple) or not all(isinstance(item, str) for item in found):
            raise self._wrong(name, "a list of texts")
        return tuple(found)

    def texts_by_name(self, name: str) -> dict[str, str]:
        """Read a table of texts; empty when absent."""
        found = self._get(name, dict, {})
        if not all(isinstance(item, str) for item in found.values()):
            raise self._wrong(name, "a table of texts")
        return found

    def choice(self, name: str, allowed: tuple[Word, ...], default: Word) -> Word:
        """Read one of these words."""
        found = self.text(name, default)
        for word in allowed:
            if word == found:
                return word
        raise self._wrong(name, f"one of {', '.join(allowed)}")

    def choices(self, name: str, allowed: tuple[Word, ...]) -> tuple[Word, ...]:
        """Read a list of some of these words; empty when absent."""
        found = self.texts(name, ())
        if not set(found) <= set(allowed):
            raise self._wrong(name, f"a list of some of {', '.join(allowed)}")
        return tuple(word for word in allowed if word in found)

    def table(self, name: str) -> "Table | None":
        """Read a table; None when absent."""
        found = self._get(name, dict, {})
        return Table(found, f"{self.where}: {name}") if name in self._values else None

    def tables(self, name: str) -> list["Table"]:
        """Read a list of tables; empty when absent."""
        found = self._get(name, list, [])
        if not all(isinstance(item, dict) for item in found):
            raise self._wrong(name, "a list of tables")
        return [Table(item, f"{self.where}: {name} {item.get('name', number)}") for number, item in enumerate(found, start=1)]

    def names_within(self, allowed: Collection[str]) -> list[str]:
        """List the keys of this table that are among ``allowed``."""
        return [name for name in self._values if name in allowed]

    def finish(self) -> None:
        """Refuse the keys that nothing has read."""
        unknown = sorted(self._values.keys() - self._read)
        if unknown:
            raise ScenarioError(f"{self.where}: unknown key {unknown[0]!r}")

    def _get(self, name: str, kind: type[Value], default: object) -> Value:
        self._read.add(name)
        found = self._values.get(name, default)
        if found is _REQUIRED:
            raise ScenarioError(f"{self.where}: the key {name!r} is missing")
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            raise self._wrong(name, f"of type {kind.__name__}")
        return found

    def _wrong(self, name: str, wanted: str) -> ScenarioError:
        return ScenarioError(f"{self.where}: {name} must be {wanted}")
