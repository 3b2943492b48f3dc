"""Credential reports as text: delimited, as AWS or a spreadsheet wrote them; base64; lists of names and values."""

import base64
import binascii
import csv
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from rootsweep.auditing.sources.files.content import Content, head_text, is_prompt, lines_of, read_head, without_prompts
from rootsweep.core.evidence import AccountSummary
from rootsweep.core.parsing.credential_report import RootRow, columns_of, numbered_rows, read_root_rows, root_row_of
from rootsweep.core.times import parse_timestamp
from rootsweep.errors import InputRefusedError

ENCODED_REPORT: Final = "dXNlcixhcm4"
"""How the base64 text of every report that AWS writes begins: ``user,arn``."""

REPORT_AGAIN: Final = "save the output of `aws iam get-credential-report --output json` again"

_DELIMITERS: Final = (",", ";", "\t")
_MOST_LINES_BEFORE: Final = 20

# Excel puts "sep=;" before the header to tell itself the separator, PowerShell's Export-Csv "#TYPE ...", a person a comment.
_BEFORE_HEADER: Final = re.compile(r"\s*(?:\"?sep=[^\r\n]{0,3}[,;\t]*|#[^\r\n]{0,200})?\s*", re.IGNORECASE)


def report_delimiter(head: str) -> str | None:
    """Find the delimiter by which the first line that counts is the header of a credential report; None when it is not one.

    What Excel, PowerShell, a comment or a terminal put before the header does not count.
    """
    header = next(itertools.islice(io.StringIO(head, newline=""), _lines_before(head), None), "")
    return _header_delimiter(header.rstrip("\r\n"))


def read_delimited_report(content: Content, *, generated_at: datetime | None) -> tuple[RootRow, ...]:
    """Read the reports of one or many accounts to their end in constant memory.

    Raises ``InputRefusedError`` with the line of what is wrong, ``OSError`` when reading fails.
    """
    head = head_text(content)
    before = _lines_before(head)
    # Blank lines in their place keep the numbers of the lines right.
    lines = itertools.chain(["\n"] * before, itertools.islice(lines_of(content), before, None))
    rows = numbered_rows(without_prompts(lines), report_delimiter(head) or _DELIMITERS[0])
    return read_root_rows(rows, generated_at=generated_at)


def _lines_before(head: str) -> int:
    """Count the lines before the header, as far as they can be told to be none of the report."""
    for number, line in enumerate(itertools.islice(io.StringIO(head, newline=""), _MOST_LINES_BEFORE)):
        if not _BEFORE_HEADER.fullmatch(line) and not is_prompt(line):
            return number
    return 0


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


# The content of an answer: base64 as AWS sends it, or what a program made of it.
_DATA_URI: Final = re.compile(r"data:[\w/.+-]*(?:;[\w=.-]+)*;base64,", re.ASCII)
_SHOWN_BYTES: Final = re.compile(r"""b['"]""")
_MOST_ENCODINGS: Final = 2


def read_report_text(text: str, *, generated_at: datetime | None) -> tuple[RootRow, ...]:
    """Read a report as delimited text, as base64, as base64 of that, or as a data URI.

    Raises ``InputRefusedError`` when it is none of these, or no report.
    """
    text = text.strip()
    if _SHOWN_BYTES.match(text):
        raise InputRefusedError("the content is what Python shows of bytes (b'...'), not the bytes", REPORT_AGAIN)
    if report_delimiter(text) is not None:
        return read_delimited_report(read_head(io.BytesIO(text.encode())), generated_at=generated_at)
    data = _decode(_DATA_URI.sub("", text, count=1))
    for _ in range(_MOST_ENCODINGS - 1):
        if not data.startswith(ENCODED_REPORT.encode()):
            break
        data = _decode(data.decode("ascii", "replace"))
    return read_delimited_report(read_head(io.BytesIO(data)), generated_at=generated_at)


def read_text_answer(text: str) -> tuple[RootRow, ...]:
    """Read base64 text, alone or followed by GeneratedTime and ReportFormat between tabs (``--output text``).

    Raises ``InputRefusedError`` when it is not a report.
    """
    content, *further = text.strip().split("\t")
    times = [time for part in further if (time := parse_timestamp(part.strip())) is not None]
    return read_report_text(content, generated_at=times[0] if len(times) == 1 else None)


def _decode(content: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s+", "", content, flags=re.ASCII), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputRefusedError(
            "the content of this report is not valid base64: it is cut off or was changed", REPORT_AGAIN
        ) from error


# PowerShell's Format-List: a line for each column, a blank line between two users.
_LISTED: Final = re.compile(r"(?P<name>[\w ]{1,60}?)\s*:\s?(?P<value>.*)", re.ASCII)
_FIRST_LISTED: Final = re.compile(r"\s*user\s*:\s", re.IGNORECASE)


def is_listed_report(head: str) -> bool:
    """Return whether a text begins as a credential report does in PowerShell's Format-List."""
    return _FIRST_LISTED.match(head) is not None


def read_listed_report(text: str) -> tuple[RootRow, ...]:
    """Read a report as Format-List shows it; raises ``InputRefusedError`` for a wrapped line, and without a root row."""
    found = [row for line, cells in _listed_rows(text) if (row := root_row_of(cells, generated_at=None, line=line)) is not None]
    if not found:
        raise InputRefusedError("no <root_account> row in this credential report", REPORT_AGAIN)
    return tuple(found)


def _listed_rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    cells: dict[str, str] = {}
    begin = 1
    for number, line in enumerate([*without_prompts(text.splitlines()), ""], start=1):
        if not line.strip():
            if cells:
                yield begin, cells
            cells = {}
            continue
        match = _LISTED.fullmatch(line.strip())
        name = "" if match is None else match["name"].strip().casefold()
        if match is None or name in cells:
            raise InputRefusedError("this list of a credential report was wrapped or edited", REPORT_AGAIN, number)
        if not cells:
            begin = number
        cells[name] = match["value"].strip()


# What a file shows: root rows of credential reports, and account summaries, each with the account that is named beside it.


@dataclass(frozen=True, slots=True)
class Report:
    """The root row of a credential report; ``named`` is the account that the document names beside it, None where none is."""

    row: RootRow
    named: str | None = None

    @property
    def account_id(self) -> str | None:
        """The account of the ARN, or else the one that is named; None where neither is."""
        return self.row.account_id or self.named

    @property
    def line(self) -> int | None:
        """The line of the row."""
        return self.row.line


@dataclass(frozen=True, slots=True)
class Summary:
    """An account summary; ``fact`` is None where the field is absent, ``line`` None where lines are invalid."""

    fact: AccountSummary | None
    named: str | None = None
    line: int | None = None

    @property
    def account_id(self) -> str | None:
        """The account that is named; None where none is."""
        return self.named
