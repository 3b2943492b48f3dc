"""JSON that no name can make act on a terminal, and that every encoding can carry: in ASCII, indented by two."""

import json
import re
from collections.abc import Iterable
from typing import Final, TextIO

import msgspec

_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]+")


def in_ascii(encoded: bytes) -> str:
    """Give encoded JSON as text in ASCII."""
    text = encoded.decode("utf-8")
    return text if text.isascii() else _BEYOND_ASCII.sub(_escaped, text)


def indented(document: msgspec.Struct) -> str:
    """Give a document in ASCII, indented by two."""
    return in_ascii(msgspec.json.format(msgspec.json.encode(document), indent=2))


def write_array(elements: Iterable[msgspec.Struct], stream: TextIO, indent: int = 0) -> None:
    """Write an array element by element, so that a run of thousands never stands in memory a second time, as text.

    The elements are indented by two more than the ``indent`` of the line in which the array begins.
    """
    separator, margin = "[", "\n" + " " * (indent + 2)
    for element in elements:
        stream.write(separator)
        stream.write(f"\n{indented(element)}".replace("\n", margin))
        separator = ","
    stream.write("[]" if separator == "[" else f"\n{' ' * indent}]")


def _escaped(match: re.Match[str]) -> str:
    """Write characters as JSON does (RFC 8259, section 7): UTF-16 code units in hexadecimal."""
    return json.dumps(match[0])[1:-1]
