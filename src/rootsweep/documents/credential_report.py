"""What the ``<root_account>`` row of a credential report says.

Columns are found by name, because their number has changed (22 or 23) and people rearrange them. The columns and their values:
IAM User Guide, "Get credential reports for your AWS account"; captured AWS answers (commercial partition, September 2026) show
that an inactive key keeps its ``last_rotated`` date, which the guide does not say.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, Protocol

from rootsweep.documents.report_slot import slots_of
from rootsweep.errors import InputRefusedError
from rootsweep.model.evidence import CredentialReport

ROOT_USER: Final = "<root_account>"

_ROOT_ARN: Final = re.compile(r"arn:(?P<partition>aws(?:-[a-z]+)*):iam::(?P<account>\d{12}):root", re.ASCII)
_COLUMNS_READ: Final = re.compile(
    r"user|arn|additional_credentials_info|access_key_[12]_(?:active|last_rotated|last_used_(?:date|region|service))"
)
_DOWNLOAD_AGAIN: Final = "download the report again and keep the file as AWS wrote it"


class NumberedRows(Protocol):
    """Rows of fields, and the number of the line that was read last, from 1: what ``csv.reader`` is."""

    @property
    def line_num(self) -> int:
        """The number of the last line read."""
        ...

    def __iter__(self) -> Iterator[list[str]]:
        """Iterate the rows."""
        ...

    def __next__(self) -> list[str]:
        """Read one row; raises ``csv.Error`` when the quoting is broken."""
        ...


@dataclass(frozen=True, slots=True)
class RootRow:
    """The root user's row: whose it is (``account_id`` 12 digits), what it says, and the line it begins on."""

    account_id: str
    partition: str
    report: CredentialReport
    line: int


@dataclass(frozen=True, slots=True)
class ReportColumns:
    """The header of a report: the number of its columns, and where the known ones are."""

    width: int
    positions: dict[str, int]


def is_report_header(header: Sequence[str]) -> bool:
    """Tell whether a row is the header of a credential report: the columns that tell a user are there."""
    return {"user", "arn"} <= {text.strip().casefold() for text in header}


@lru_cache(maxsize=64)
def columns_of(header: tuple[str, ...]) -> ReportColumns:
    """Find the columns by name; case and surrounding spaces do not matter.

    Raises ``InputRefusedError`` when a column that is read comes twice.
    """
    positions: dict[str, int] = {}
    for position, text in enumerate(header):
        name = text.strip().casefold()
        if name in positions and _COLUMNS_READ.fullmatch(name):
            raise InputRefusedError(f"the column {name} comes twice in the header", _DOWNLOAD_AGAIN)
        positions.setdefault(name, position)
    return ReportColumns(len(header), positions)


def read_credential_report(rows: NumberedRows, *, generated_at: datetime | None) -> RootRow:
    """Read a report to its end and return its only root row; ``rows`` begin with the header, blank rows are skipped.

    Raises ``InputRefusedError`` with the line for: no header of a report, a row of another width, no root row or two, a root
    row whose ARN does not tell the account, broken quoting.
    """
    try:
        columns = _read_header(rows)
        return _read_rows(rows, columns, generated_at)
    except csv.Error as error:
        raise InputRefusedError(
            "the quoting is broken: a quoted field is not closed, is followed by other text, or is longer than 128 KiB",
            _DOWNLOAD_AGAIN,
            rows.line_num,
        ) from error
    except InputRefusedError as error:
        if error.line is None:
            error.line = rows.line_num + 1
        raise


def _read_header(rows: NumberedRows) -> ReportColumns:
    for row in rows:
        if _is_blank(row):
            continue
        if not is_report_header(row):
            break
        try:
            return columns_of(tuple(row))
        except InputRefusedError as error:
            raise InputRefusedError(str(error), error.advice, rows.line_num) from error
    raise InputRefusedError(
        "this is not a credential report: no header with the columns user and arn", _DOWNLOAD_AGAIN, max(rows.line_num, 1)
    )


def _read_rows(rows: NumberedRows, columns: ReportColumns, generated_at: datetime | None) -> RootRow:
    width, user, arn = columns.width, columns.positions["user"], columns.positions["arn"]
    found: RootRow | None = None
    begin = rows.line_num + 1
    for row in rows:
        if len(row) != width:
            if not _is_blank(row):
                raise _wrong_width(len(row), width, begin)
        # No IAM user name holds "<" and no user's ARN ends with ":root": two cheap tests that every root row passes.
        elif "<" in row[user] or ":root" in row[arn]:
            root_row = _root_row(row, columns, generated_at, begin)
            if root_row is not None and found is not None:
                raise InputRefusedError(
                    f"a second {ROOT_USER} row (the first is on line {found.line})",
                    "give each account's report as a file of its own",
                    begin,
                )
            found = root_row or found
        begin = rows.line_num + 1
    if found is None:
        raise InputRefusedError(f"no {ROOT_USER} row in this credential report", _DOWNLOAD_AGAIN, max(rows.line_num, 1))
    return found


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
        if is_called_root and ":user/" not in arn:
            raise InputRefusedError(f"the ARN in the {ROOT_USER} row does not tell the account", _DOWNLOAD_AGAIN, line)
        return None
    if not is_called_root:
        raise InputRefusedError(f"a row has the root user's ARN but is not called {ROOT_USER}", _DOWNLOAD_AGAIN, line)
    cells = {name: row[position].strip() for name, position in columns.positions.items()}
    return RootRow(match["account"], match["partition"], CredentialReport(generated_at, slots_of(cells)), line)
