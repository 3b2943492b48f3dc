"""``rootsweep.toml`` (TOML 1.0): found, read, and on which line each key stands."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rootsweep.errors import UsageError

NAME: Final = "rootsweep.toml"


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A file that was read: its path, its text and its tables."""

    path: Path
    text: str
    tables: dict[str, Any]

    def error(self, keys: tuple[str | int, ...], problem: str, advice: str) -> UsageError:
        """Return the error that names the file, the line and the key; ``keys`` lead to the value, numbers into arrays."""
        line = line_of(self.text, keys)
        place = f"{self.path}:{line}" if line else str(self.path)
        return UsageError(f"{place}: {dotted(keys)}: {problem}", advice)


def find_settings(start: Path) -> Path | None:
    """Find the file in a folder or the nearest above it; None where there is none."""
    for folder in (start, *start.parents):
        path = folder / NAME
        if path.is_file():
            return path
    return None


def read_settings(path: Path) -> SettingsFile:
    """Read a file; raises ``UsageError`` where it cannot be read or is not TOML."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", "name another file with --config") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not text in UTF-8", "save it as UTF-8") from error
    return parse_settings(path, text)


def parse_settings(path: Path, text: str) -> SettingsFile:
    """Read the text of a file; raises ``UsageError`` where it is not TOML."""
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problem = str(error) or "nested too deeply"
        raise UsageError(f"{path} is not TOML: {problem}", "fix it there; see https://toml.io for the syntax") from error
    return SettingsFile(path, text, tables)


def dotted(keys: tuple[str | int, ...]) -> str:
    """Write the way to a value as people do, arrays counted from 1: ``exceptions[2].owner``."""
    text = ""
    for key in keys:
        text += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if text else key
    return text


# On which line of a TOML file a key stands, for messages: no parser of TOML tells it.

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(r"""\s*([A-Za-z0-9_-]+|"[^"]*"|'[^']*')\s*=""")


def line_of(text: str, keys: tuple[str | int, ...]) -> int | None:
    """Return the line, from 1, of the key, or of the nearest table around it that has a line; None where none has.

    ``keys`` lead to a value, numbers into arrays of tables. Only headers, and keys at the beginning of a line, are looked at.
    """
    lines = _lines(text)
    for length in range(len(keys), 0, -1):
        if keys[:length] in lines:
            return lines[keys[:length]]
    return None


def _lines(text: str) -> dict[tuple[str | int, ...], int]:
    found: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header is not None:
            table = tuple(part.strip().strip("\"'") for part in header[2].split("."))
            if header[1] == "[[":
                table = (*table, sum(len(key) == len(table) + 1 and key[:-1] == table for key in found))
            found.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key is not None:
            found.setdefault((*table, key[1].strip("\"'")), number)
    return found
