"""A JSON array that is written element by element, so that a run of thousands never stands in memory a second time, as text."""

from collections.abc import Iterable
from typing import TextIO

import msgspec

from rootsweep.reports.formats.json_contract import in_ascii


def write_array(elements: Iterable[msgspec.Struct], stream: TextIO, indent: int = 0) -> None:
    """Write the elements in ASCII, indented by two more than the ``indent`` of the line in which the array begins."""
    separator, margin = "[", "\n" + " " * (indent + 2)
    for element in elements:
        stream.write(separator)
        stream.write(f"\n{indented(element)}".replace("\n", margin))
        separator = ","
    stream.write("[]" if separator == "[" else f"\n{' ' * indent}]")


def indented(document: msgspec.Struct) -> str:
    """Give a document in ASCII, indented by two."""
    return in_ascii(msgspec.json.format(msgspec.json.encode(document), indent=2))
