"""On which line of a TOML file a key stands, for messages: no parser of TOML tells it."""

import re
from typing import Final

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(r"""\s*([A-Za-z0-9_-]+|"[^"]*"|'[^']*')\s*=""")


def line_of(text: str, keys: tuple[str | int, ...]) -> int | None:
    """Give the line, from 1, of the key, or of the nearest table around it that has a line; None where none has.

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
