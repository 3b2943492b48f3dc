"""What a credential report says of the root user: its rows, and each access key slot.

Columns are found by name, because their number has changed (22 or 23) and people rearrange them. The columns and their values:
IAM User Guide, "Get credential reports for your AWS account"; captured AWS answers (commercial partition, September 2026) show
that an inactive key keeps its ``last_rotated`` date, which the guide does not say. Scripts write the reports of many accounts
below each other, add columns in front, repeat the header or leave it out: each root row names its account by its ARN.
"""

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from rootsweep.core.evidence import CredentialReport, LastUse, LastUsed, NoLastUse, ReportSlot, SlotState
from rootsweep.core.times import parse_timestamp
from rootsweep.errors import InputRefusedError

ROOT_USER: Final = "<root_account>"

_ROOT_ARN: Final = re.compile(r"arn:(?P<partition>aws(?:-[a-z]+)*):iam::(?P<account>\d{12}):root", re.ASCII)
_COLUMNS_READ: Final = re.compile(
    r"user|arn|additional_credentials_info|access_key_.+_(?:active|last_rotated|last_used_(?:date|region|service))", re.DOTALL
)

# An ARN up to the type of its resource; the resource's name is not repeated in a refusal.
_ARN_TO_TYPE: Final = re.compile(r"(arn:[\w-]*:[\w-]*:[\w-]*:[\w*-]*:[\w-]{1,40})(.*)", re.ASCII)
_TELLING: Final = ("arn", "access_key_1_active", "access_key_2_active")
_DOWNLOAD_AGAIN: Final = "download the report again and keep the file as AWS wrote it"


# What stands for a column in the tables of others: Steampipe's aws_iam_credential_report, and people's own scripts.
_OTHER_NAMES: Final = {"user_name": "user", "user name": "user", "username": "user", "user_arn": "arn"}

# The columns that AWS writes, but for additional_credentials_info, which is free text.
_AWS_COLUMNS: Final = re.compile(r"user|arn|user_creation_time|mfa_active|(?:password|access_key_\d|cert_\d)_.+", re.ASCII)
_NEVER_WRITTEN: Final = re.compile(r"[^\w<>:+./, -]", re.ASCII)


@dataclass(frozen=True, slots=True)
class RootRow:
    """The root user's row: what it says, and the line it begins on, from 1; None where lines are invalid.

    ``account_id`` (12 digits) and ``partition`` are those of its ARN; None in a report without the column ``arn``.
    """

    account_id: str | None
    partition: str | None
    report: CredentialReport
    line: int | None


@dataclass(frozen=True, slots=True)
class ReportColumns:
    """A header: the number of its columns, where each is, and the first that is read and comes twice."""

    width: int
    positions: dict[str, int]
    duplicate: str | None

    @property
    def are_a_report(self) -> bool:
        """True when the columns that tell a user are there, and one that tells whose or what access keys."""
        return "user" in self.positions and not self.positions.keys().isdisjoint(_TELLING)


@lru_cache(maxsize=64)
def columns_of(header: tuple[str, ...]) -> ReportColumns:
    """Find the columns by name; case and surrounding spaces do not matter."""
    written = [text.strip().casefold() for text in header]
    present = set(written)
    names = [name if (known := _OTHER_NAMES.get(name)) in present else known or name for name in written]
    positions = {name: position for position, name in reversed(list(enumerate(names)))}
    duplicates = (name for position, name in enumerate(names) if positions[name] != position and _COLUMNS_READ.fullmatch(name))
    return ReportColumns(len(header), positions, next(duplicates, None))


def may_be_root_row(row: str) -> bool:
    """Pass over rows fast: True for the line, or the user and ARN, of every row that can be the root user's.

    No IAM user name holds ``<`` (IAM User Guide, "IAM and AWS STS quotas", name requirements); root's ARN ends with ``:root``.
    """
    return "<" in row or ":root" in row


def _may_be_header(line: str) -> bool:
    """Pass over rows fast: no header holds an ARN, but for columns that nobody names so; every user's row does."""
    return "arn:" not in line or "_active" in line


def read_credential_report(rows: Iterable[tuple[int, Sequence[str]]], *, generated_at: datetime | None) -> RootRow:
    """Read the report of one account, as AWS hands it out, and return its only root row.

    Raises ``InputRefusedError`` as ``read_root_rows`` does, and where there are two root rows or no column ``arn``.
    """
    first, *further = read_root_rows(rows, generated_at=generated_at)
    if further:
        raise InputRefusedError(
            f"a second {ROOT_USER} row (the first is on line {first.line})", _DOWNLOAD_AGAIN, further[0].line
        )
    if first.account_id is None:
        raise InputRefusedError("the column arn is missing", _DOWNLOAD_AGAIN)
    return first


def read_root_rows(rows: Iterable[tuple[int, Sequence[str]]], *, generated_at: datetime | None) -> tuple[RootRow, ...]:
    """Read the reports of one or many accounts, below each other, to their end and return their root rows, at least one.

    ``rows`` are the numbers of the lines that rows begin on, from 1, and their fields, the header first; it may be repeated,
    and another may follow. Blank rows are skipped; rows that are as wide as the header, fail ``may_be_root_row`` and can be no
    header may be left out. Raises ``InputRefusedError`` with the line for: no header of a report, a row of another width, no
    root row, two without the column ``arn``, a root row inside a quoted field, a root row whose ARN is not the root user's or
    that holds characters that AWS never writes there.
    """
    rows = iter(rows)
    columns = _read_header(rows)
    found: list[RootRow] = []
    for line, row in rows:
        if len(row) != columns.width or "user" in map(_name, row):
            if _is_blank(row):
                continue
            other = columns_of(tuple(row))
            if other.are_a_report:
                columns = _checked_header(other, row, line)
                continue
            if len(row) != columns.width:
                raise _wrong_width(len(row), columns.width, line)
        _refuse_hidden_row(row, columns.positions["user"], line)
        if may_be_root_row(row[columns.positions["user"]]) or may_be_root_row(row[columns.positions.get("arn", 0)]):
            cells = {name: row[position].strip() for name, position in columns.positions.items()}
            root_row = root_row_of(cells, generated_at=generated_at, line=line)
            if root_row is not None and root_row.account_id is None and found:
                raise InputRefusedError(
                    f"a second {ROOT_USER} row (the first is on line {found[0].line}), and no column arn tells them apart",
                    "give each account's report as a file of its own, or keep the column arn",
                    line,
                )
            found += () if root_row is None else (root_row,)
    if not found:
        raise InputRefusedError(f"no {ROOT_USER} row in this credential report", _DOWNLOAD_AGAIN)
    return tuple(found)


def _name(text: str) -> str:
    name = text.strip().casefold()
    return _OTHER_NAMES.get(name, name)


def _read_header(rows: Iterator[tuple[int, Sequence[str]]]) -> ReportColumns:
    for line, row in rows:
        if _is_blank(row):
            continue
        columns = columns_of(tuple(row))
        if not columns.are_a_report:
            break
        return _checked_header(columns, row, line)
    raise InputRefusedError("this is not a credential report: no header with the columns user and arn", _DOWNLOAD_AGAIN)


def _checked_header(columns: ReportColumns, row: Sequence[str], line: int) -> ReportColumns:
    _refuse_hidden_row(row, columns.positions["user"], line)
    if columns.duplicate is not None:
        raise InputRefusedError(f"the column {columns.duplicate} comes twice in the header", _DOWNLOAD_AGAIN, line)
    return columns


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


def root_row_of(cells: Mapping[str, str], *, generated_at: datetime | None, line: int | None) -> RootRow | None:
    """Read a row, given as stripped texts by lower-case column name; None for the row of an IAM user.

    Raises ``InputRefusedError`` with the line for a root row that contradicts itself or holds what AWS never writes there.
    """
    is_called_root = cells.get("user", "").casefold() == ROOT_USER
    arn = cells.get("arn")
    match = None if arn is None else _ROOT_ARN.fullmatch(arn)
    if arn is not None and match is None and is_called_root:
        known = _ARN_TO_TYPE.fullmatch(arn)
        shown = "" if known is None else f" {known[1]}{'/...' if known[2] else ''}"
        raise InputRefusedError(f"the ARN{shown} in the {ROOT_USER} row is not that of a root user", _DOWNLOAD_AGAIN, line)
    if not is_called_root:
        if match is None:
            return None
        raise InputRefusedError(f"a row has the root user's ARN but is not called {ROOT_USER}", _DOWNLOAD_AGAIN, line)
    if any(_NEVER_WRITTEN.search(text) for name, text in cells.items() if _AWS_COLUMNS.fullmatch(name)):
        # Damage in UTF-16 shifts every character from there on, line breaks too, so that two rows look like one.
        raise InputRefusedError(f"the {ROOT_USER} row holds characters that AWS never writes there", _DOWNLOAD_AGAIN, line)
    account_id, partition = (None, None) if match is None else (match["account"], match["partition"])
    return RootRow(account_id, partition, CredentialReport(generated_at, slots_of(cells)), line)


# Lines of delimited text to numbered rows, without parsing the rows that cannot matter.


def numbered_rows(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Split lines into rows, each with the number of the line it begins on, from 1.

    Of the rows after the header those are left out that are as wide as the header and can be neither the root user's nor
    another header. Raises ``InputRefusedError`` with the line when quoting is broken or a line cannot be read.
    """
    number = 0
    separators: int | None = None
    try:
        for number, line in enumerate(lines, start=1):
            if '"' in line:
                # From the first quote on, a line is not always a row: the rest is the csv module's.
                yield from _quoted_rows(itertools.chain([line], lines), delimiter, number)
                return
            if separators is None or line.count(delimiter) != separators or may_be_root_row(line) or _may_be_header(line):
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


# What a credential report tells of each access key slot of one user.
#
# A slot says that it holds no key only when ``active`` is ``false``, ``last_rotated`` is ``N/A`` and nothing tells of a use:
# whatever is missing, empty or unknown leaves the slot unread. AWS writes ``true`` or ``false`` in ``active``, and ``N/A`` in
# ``last_rotated`` where there is no key (IAM User Guide, "Get credential reports for your AWS account", and captured answers
# of 2026); ``no_information`` and ``not_supported`` do not say that there is none.

_PLACEHOLDERS: Final = frozenset({"n/a", "no_information", "not_supported"})
_NEVER_USED: Final = frozenset({"n/a", "no_information"})
_NO_KEY: Final = "n/a"
_BOOLEANS: Final = {"true": True, "false": False}
_SLOTS: Final = ("1", "2")
_SLOT_COLUMN: Final = re.compile(
    r"access_key_(?P<slot>.+)_(?:active|last_rotated|last_used_(?:date|region|service))", re.DOTALL
)
_LONGEST_NUMBER: Final = 4
_FURTHER_KEYS: Final = "additional_credentials_info"


def slots_of(cells: Mapping[str, str]) -> tuple[ReportSlot, ...]:
    """Read a row, given as stripped texts by lower-case column name.

    Returns slots 1 and 2, then one for each further ``access_key_N_…`` that the columns describe, whatever N is, then one
    where ``additional_credentials_info`` counts further keys.
    """
    described = {match["slot"] for name in cells if (match := _SLOT_COLUMN.fullmatch(name))}
    slots = [_slot(int(name), f"access_key_{name}_", cells) for name in _SLOTS]
    numbers = {slot.number for slot in slots}
    highest = max(numbers)
    for name in sorted(described - {*_SLOTS}):
        own = int(name) if name.isascii() and name.isdigit() and len(name) <= _LONGEST_NUMBER else 0
        # A slot whose columns hold no number of their own gets the next free one.
        number = highest + 1 if own == 0 or own in numbers else own
        numbers.add(number)
        highest = max(highest, number)
        slots.append(_slot(number, f"access_key_{name}_", cells))
    further = cells.get(_FURTHER_KEYS, "")
    if further and not _is_placeholder(further):
        counts = re.findall(r"\d+", further, re.ASCII)
        if not counts or any(count.strip("0") for count in counts):
            unreadable = () if counts else (_FURTHER_KEYS,)
            slots.append(ReportSlot(highest + 1, SlotState.UNREAD, active=None, unreadable=unreadable))
    return tuple(slots)


def _slot(number: int, prefix: str, cells: Mapping[str, str]) -> ReportSlot:
    active_text = cells.get(f"{prefix}active")
    active = None if active_text is None else _BOOLEANS.get(active_text.casefold())
    rotated, used = f"{prefix}last_rotated", f"{prefix}last_used_date"
    times = {name: parse_timestamp(cells[name]) for name in (rotated, used) if name in cells}
    unreadable = [f"{prefix}active"] if active_text is not None and active is None else []
    if times.get(rotated) is None and cells.get(rotated, _NO_KEY).casefold() != _NO_KEY:
        unreadable.append(rotated)
    if times.get(used) is None and not _is_placeholder(cells.get(used, _NO_KEY)):
        unreadable.append(used)
    if not any(times.values()):
        unreadable += [name for part in ("region", "service") if _value(cells, name := f"{prefix}last_used_{part}") is not None]
    is_complete = rotated in cells and used in cells
    return ReportSlot(
        number,
        _state(active=active, has_date=any(times.values()), says_nothing=is_complete and not unreadable),
        active,
        last_rotated_at=times.get(rotated),
        last_use=_last_use(cells, prefix, times.get(used)),
        unreadable=tuple(unreadable),
    )


def _state(*, active: bool | None, has_date: bool, says_nothing: bool) -> SlotState:
    if active:
        return SlotState.ACTIVE
    if has_date:
        return SlotState.UNKNOWN if active is None else SlotState.INACTIVE
    return SlotState.NO_KEY if active is False and says_nothing else SlotState.UNREAD


def _last_use(cells: Mapping[str, str], prefix: str, used_at: datetime | None) -> LastUse:
    if used_at is not None:
        return LastUsed(used_at, _value(cells, f"{prefix}last_used_region"), _value(cells, f"{prefix}last_used_service"))
    if cells.get(f"{prefix}last_used_date", "").casefold() in _NEVER_USED:
        return NoLastUse.NEVER_RECORDED
    return NoLastUse.UNKNOWN


def _value(cells: Mapping[str, str], name: str) -> str | None:
    text = cells.get(name, "")
    return None if not text or _is_placeholder(text) else text


def _is_placeholder(text: str) -> bool:
    return text.casefold() in _PLACEHOLDERS
