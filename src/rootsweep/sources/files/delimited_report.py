"""A credential report as delimited text: as AWS writes it, or as a spreadsheet saved it with semicolons or tabs."""

import csv
import itertools
import re
from datetime import datetime
from functools import lru_cache
from typing import Final

from rootsweep.documents.credential_report import RootRow, columns_of, read_credential_report
from rootsweep.documents.report_rows import numbered_rows
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
