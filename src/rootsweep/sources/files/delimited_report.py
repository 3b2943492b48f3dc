"""A credential report as delimited text: as AWS writes it, or as a spreadsheet saved it with semicolons or tabs."""

import csv
import itertools
import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Final

from rootsweep.documents.credential_report import RootRow, columns_of, may_be_root_row, read_credential_report
from rootsweep.errors import InputRefusedError
from rootsweep.sources.files.content import Content
from rootsweep.sources.files.text import head_text, lines_of

_DELIMITERS: Final = (",", ";", "\t")
# Excel puts "sep=;" before the header to tell itself the separator.
_FIRST_LINES: Final = re.compile(
    r"""(?P<separator>"?sep=[^\r\n]{0,3}[,;\t]*(?:\r\n|\r|\n))?\s*(?P<header>[^\r\n]*)""", re.IGNORECASE
)


def report_delimiter(head: str) -> str | None:
    """Find the delimiter by which the first line of a file is the header of a credential report; None when it is not one."""
    match = _FIRST_LINES.match(head)
    return None if match is None else _header_delimiter(match["header"])


def read_delimited_report(content: Content, *, generated_at: datetime | None) -> RootRow:
    """Read a report to its end in constant memory.

    Raises ``InputRefusedError`` with the line of what is wrong, ``OSError`` when reading fails.
    """
    head = head_text(content)
    lines = lines_of(content)
    match = _FIRST_LINES.match(head)
    if match is not None and match["separator"]:
        # A blank line in its place keeps the numbers of the lines right.
        lines = itertools.chain(["\n"], itertools.islice(lines, 1, None))
    rows = numbered_rows(lines, report_delimiter(head) or _DELIMITERS[0])
    return read_credential_report(rows, generated_at=generated_at)


def numbered_rows(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Split lines into rows, each with the number of the line it begins on, from 1.

    Of the rows after the header those are left out that are as wide as the header and cannot be the root user's. Raises
    ``InputRefusedError`` with the line when quoting is broken or a line cannot be read.
    """
    number = 0
    separators: int | None = None
    try:
        for number, line in enumerate(lines, start=1):
            if '"' in line:
                # From the first quote on, a line is not always a row: the rest is the csv module's.
                yield from _quoted_rows(itertools.chain([line], lines), delimiter, number)
                return
            if separators is None or line.count(delimiter) != separators or may_be_root_row(line):
                row = line.rstrip("\r\n").split(delimiter)
                yield number, row
                if separators is None and any(map(str.strip, row)):
                    separators = line.count(delimiter)
    except InputRefusedError as error:
        if error.line is None:
            error.line = number + 1
        raise


def _quoted_rows(lines: Iterator[str], delimiter: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    begin = first_line
    try:
        for row in rows:
            yield begin, row
            begin = first_line + rows.line_num
    except csv.Error as error:
        raise InputRefusedError(
            "the quoting is broken: a quoted field is not closed, is followed by other text, or is longer than 128 KiB",
            "download the report again and keep the file as AWS wrote it",
            begin,
        ) from error
    except InputRefusedError as error:
        error.line = first_line + rows.line_num
        raise


@lru_cache(maxsize=64)
def _header_delimiter(line: str) -> str | None:
    for delimiter in _DELIMITERS:
        try:
            header = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            return None
        if columns_of(tuple(header)).are_a_report:
            return delimiter
    return None
