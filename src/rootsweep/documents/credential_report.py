"""What the ``<root_account>`` row of a credential report says.

Columns are found by name, because their number has changed (22 or 23) and people rearrange them. The columns and their values:
IAM User Guide, "Get credential reports for your AWS account"; captured AWS answers (commercial partition, September 2026) show
that an inactive key keeps its ``last_rotated`` date, which the guide does not say.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from rootsweep.documents.report_slot import slots_of
from rootsweep.errors import InputRefusedError
from rootsweep.model.evidence import CredentialReport

ROOT_USER: Final = "<root_account>"

_ROOT_ARN: Final = re.compile(r"arn:(?P<partition>aws(?:-[a-z]+)*):iam::(?P<account>\d{12}):root", re.ASCII)
_COLUMNS_READ: Final = re.compile(
    r"user|arn|additional_credentials_info|access_key_.+_(?:active|last_rotated|last_used_(?:date|region|service))", re.DOTALL
)
# An ARN up to the type of its resource; the resource's name is not repeated in a refusal.
_ARN_TO_TYPE: Final = re.compile(r"(arn:[\w-]*:[\w-]*:[\w-]*:[\w*-]*:[\w-]{1,40})(.*)", re.ASCII)
_DOWNLOAD_AGAIN: Final = "download the report again and keep the file as AWS wrote it"


@dataclass(frozen=True, slots=True)
class RootRow:
    """The root user's row: whose it is (``account_id`` 12 digits), what it says, and the line it begins on."""

    account_id: str
    partition: str
    report: CredentialReport
    line: int


@dataclass(frozen=True, slots=True)
class ReportColumns:
    """A header: the number of its columns, where each is, and the first that is read and comes twice."""

    width: int
    positions: dict[str, int]
    duplicate: str | None

    @property
    def are_a_report(self) -> bool:
        """True when the columns that tell a user are there."""
        return "user" in self.positions and "arn" in self.positions


@lru_cache(maxsize=64)
def columns_of(header: tuple[str, ...]) -> ReportColumns:
    """Find the columns by name; case and surrounding spaces do not matter."""
    names = [text.strip().casefold() for text in header]
    positions = {name: position for position, name in reversed(list(enumerate(names)))}
    duplicates = (name for position, name in enumerate(names) if positions[name] != position and _COLUMNS_READ.fullmatch(name))
    return ReportColumns(len(header), positions, next(duplicates, None))


def may_be_root_row(row: str) -> bool:
    """Pass over rows fast: True for the line, or the user and ARN, of every row that can be the root user's.

    No IAM user name holds ``<`` (IAM User Guide, "IAM and AWS STS quotas", name requirements); root's ARN ends with ``:root``.
    """
    return "<" in row or ":root" in row


def read_credential_report(rows: Iterable[tuple[int, Sequence[str]]], *, generated_at: datetime | None) -> RootRow:
    """Read a report to its end and return its only root row.

    ``rows`` are the numbers of the lines that rows begin on, from 1, and their fields, the header first. Blank rows are
    skipped; rows that are as wide as the header and fail ``may_be_root_row`` may be left out. Raises ``InputRefusedError``
    with the line for: no header of a report, a row of another width, no root row or two, a root row inside a quoted field, a
    root row whose ARN is not the root user's or that holds characters beyond ASCII.
    """
    rows = iter(rows)
    columns = _read_header(rows)
    user, arn = columns.positions["user"], columns.positions["arn"]
    found: RootRow | None = None
    for line, row in rows:
        if len(row) != columns.width:
            if not _is_blank(row):
                raise _wrong_width(len(row), columns.width, line)
            continue
        _refuse_hidden_row(row, user, line)
        if may_be_root_row(row[user]) or may_be_root_row(row[arn]):
            root_row = _root_row(row, columns, generated_at, line)
            if root_row is not None and found is not None:
                raise InputRefusedError(
                    f"a second {ROOT_USER} row (the first is on line {found.line})",
                    "give each account's report as a file of its own",
                    line,
                )
            found = root_row or found
    if found is None:
        raise InputRefusedError(f"no {ROOT_USER} row in this credential report", _DOWNLOAD_AGAIN)
    return found


def _read_header(rows: Iterator[tuple[int, Sequence[str]]]) -> ReportColumns:
    for line, row in rows:
        if _is_blank(row):
            continue
        columns = columns_of(tuple(row))
        if not columns.are_a_report:
            break
        _refuse_hidden_row(row, columns.positions["user"], line)
        if columns.duplicate is not None:
            raise InputRefusedError(f"the column {columns.duplicate} comes twice in the header", _DOWNLOAD_AGAIN, line)
        return columns
    raise InputRefusedError("this is not a credential report: no header with the columns user and arn", _DOWNLOAD_AGAIN)


def _refuse_hidden_row(row: Sequence[str], user: int, line: int) -> None:
    """Refuse a row with a field that swallowed the root user's row, as one quotation mark too many makes it.

    The root user's name stands in its own column and alone: nothing that AWS writes elsewhere holds ``<`` or a line break.
    """
    for position, text in enumerate(row):
        if "<" in text and ROOT_USER in text.casefold() and (position != user or len(text.strip().splitlines()) > 1):
            raise InputRefusedError(f"a quoted field of this row holds a {ROOT_USER} row of its own", _DOWNLOAD_AGAIN, line)


def _is_blank(row: Sequence[str]) -> bool:
    return not any(map(str.strip, row))


def _wrong_width(width: int, expected: int, line: int) -> InputRefusedError:
    cause = "the file is cut off or was edited" if width < expected else "a field that holds a separator is not quoted"
    return InputRefusedError(f"this row has {width} columns where the header has {expected}: {cause}", _DOWNLOAD_AGAIN, line)


def _root_row(row: Sequence[str], columns: ReportColumns, generated_at: datetime | None, line: int) -> RootRow | None:
    """Read a row that may be the root user's; None for an IAM user's row."""
    is_called_root = row[columns.positions["user"]].strip().casefold() == ROOT_USER
    arn = row[columns.positions["arn"]].strip()
    match = _ROOT_ARN.fullmatch(arn)
    if match is None:
        if is_called_root:
            known = _ARN_TO_TYPE.fullmatch(arn)
            shown = "" if known is None else f" {known[1]}{'/...' if known[2] else ''}"
            raise InputRefusedError(f"the ARN{shown} in the {ROOT_USER} row is not that of a root user", _DOWNLOAD_AGAIN, line)
        return None
    if not is_called_root:
        raise InputRefusedError(f"a row has the root user's ARN but is not called {ROOT_USER}", _DOWNLOAD_AGAIN, line)
    if not "".join(row).isascii():
        # Damage in UTF-16 shifts every character from there on, line breaks too, so that two rows look like one.
        raise InputRefusedError(f"the {ROOT_USER} row holds characters that AWS never writes there", _DOWNLOAD_AGAIN, line)
    cells = {name: row[position].strip() for name, position in columns.positions.items()}
    return RootRow(match["account"], match["partition"], CredentialReport(generated_at, slots_of(cells)), line)
