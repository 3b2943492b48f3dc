"""Lines of delimited text to numbered rows, without parsing the rows that cannot matter."""

import csv
import itertools
from collections.abc import Iterator

from rootsweep.documents.credential_report import may_be_root_row
from rootsweep.errors import InputRefusedError


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
