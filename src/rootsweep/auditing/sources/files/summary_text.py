"""Account summaries as text: the benchmark's own one-liner, tables, what PowerShell shows, rows of a script."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

from rootsweep.auditing.sources.files.account_pairing import account_in_document
from rootsweep.auditing.sources.files.content import without_prompts
from rootsweep.auditing.sources.files.report_text import Summary
from rootsweep.core.evidence import AccountSummary
from rootsweep.core.parsing.account_summary import COMMAND, FIELD, parse_account_summary, parse_account_summary_line
from rootsweep.errors import InputRefusedError

_SAVE_JSON: Final = "save the output of `aws iam get-account-summary --output json`"
_ONE_PER_FILE: Final = "save the output for each account in a file of its own, with the account id in its name"

# What stands around the line in an excerpt: other fields, names of the map, frames and braces, the command that was typed.
_FRAME: Final = " \t|,{}\"'"
_AROUND: Final = re.compile(r"""\w*["']?\s*(?:[:=|]\s*["']?\d*)?|[\W_]*""", re.ASCII)

_MEMBER: Final = re.compile(r"""(\w+)["']?\s*[:=|]\s*["']?(\d+)""", re.ASCII)


# PowerShell shows a dictionary as a table of two columns, or, by Format-List, as a pair of lines for each member.
_TABLE_HEADER: Final = re.compile(r"(?:Key|Name)\s+Value", re.IGNORECASE)
_TABLE_RULE: Final = re.compile(r"-+\s+-+")
_TABLE_ROW: Final = re.compile(r"(\w+)\s+(\d{1,18})", re.ASCII)
_LISTED: Final = re.compile(r"(Key|Name|Value)\s*:\s*(\w+)", re.ASCII | re.IGNORECASE)

_DELIMITERS: Final = (",", ";", "\t")
_COLUMN_NAME: Final = re.compile(r"""("?)[A-Za-z_][\w .-]*\1""")


def read_summary_text(text: str) -> tuple[Summary, ...]:
    """Read one summary as a tool printed it, or rows of several accounts that a script wrote with their ids.

    Raises ``InputRefusedError`` where what it says, or of which account, is not clear.
    """
    lines = list(without_prompts(re.split(r"\r\n|\r|\n", text)))
    rows = _rows_of_accounts(lines)
    if rows is not None:
        return rows
    members = _powershell_members(lines)
    if members is not None:
        document = {name: value for name, (value, _) in members.items()}
        return (Summary(parse_account_summary(document), account_in_document(document), members[FIELD][1]),)
    return (_read_summary_lines(lines),)


def _powershell_members(lines: Sequence[str]) -> dict[str, tuple[str, int]] | None:
    """Return the members with their lines; None where the text is no dictionary of PowerShell's with the flag in it."""
    written = [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()]
    if len(written) > 1 and _TABLE_HEADER.fullmatch(written[0][1]) and _TABLE_RULE.fullmatch(written[1][1]):
        pairs = [(number, _TABLE_ROW.fullmatch(line)) for number, line in written[2:]]
        found = [(match[1], (match[2], number)) for number, match in pairs if match is not None]
        is_complete = len(found) == len(pairs)
    else:
        listed = [(number, _LISTED.fullmatch(line)) for number, line in written]
        words = [(match[1].casefold(), match[2], number) for number, match in listed if match is not None]
        names, values = words[::2], words[1::2]
        is_complete = len(words) == len(listed) and all(one[0] != "value" for one in names)
        is_complete = is_complete and len(names) == len(values) and all(one[0] == "value" for one in values)
        found = [(name[1], (value[1], value[2])) for name, value in zip(names, values, strict=False)]
    members = dict(found)
    return members if is_complete and len(members) == len(found) and FIELD in members else None


def _rows_of_accounts(lines: Sequence[str]) -> tuple[Summary, ...] | None:
    """Read delimited text; None where its header has no column of the flag beside others.

    A column ``Key`` or ``Name`` beside ``Value`` is the dictionary of PowerShell's Export-Csv; elsewhere each row names its
    account.
    """
    first = next((number for number, line in enumerate(lines) if line.strip() and not line.startswith("#TYPE ")), None)
    header_line = "" if first is None else lines[first].strip()
    delimiter = next((one for one in _DELIMITERS if _is_header(header_line.split(one))), None)
    if first is None or delimiter is None:
        return None
    rows = _delimited_rows(lines, first, delimiter)
    header = [re.sub(r"[\W_]", "", name).casefold() for name in next(rows)[1]]
    if sorted(header) in (["key", "value"], ["name", "value"]):
        return (_dictionary(rows, header.index("value")),)
    flags = [place for place, name in enumerate(header) if name == FIELD.casefold()]
    if len(flags) != 1 or len(set(header)) != len(header):
        return None
    return tuple(_row_of_account(row, header, flags[0], number) for number, row in rows)


def _is_header(fields: Sequence[str]) -> bool:
    return len(fields) > 1 and all(_COLUMN_NAME.fullmatch(field.strip()) for field in fields)


def _delimited_rows(lines: Sequence[str], first: int, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO("\n".join(lines[first:])), delimiter=delimiter, strict=True)
    width: int | None = None
    try:
        for row in reader:
            if any(map(str.strip, row)):
                if width is not None and len(row) != width:
                    raise InputRefusedError("this row is not as wide as the header", _SAVE_JSON, first + reader.line_num)
                width = len(row)
                yield first + reader.line_num, row
    except csv.Error as error:
        raise InputRefusedError("the quoting is broken", _SAVE_JSON, first + reader.line_num) from error


def _dictionary(rows: Iterator[tuple[int, list[str]]], value: int) -> Summary:
    members = [(row[1 - value].strip(), row[value], number) for number, row in rows]
    document = {name: text for name, text, _ in members}
    if len(document) != len(members):
        raise InputRefusedError("this account summary names a member twice", _SAVE_JSON)
    line = next((number for name, _, number in members if name == FIELD), None)
    return Summary(parse_account_summary(document), account_in_document(document), line)


def _row_of_account(row: Sequence[str], header: Sequence[str], flag: int, number: int) -> Summary:
    try:
        account_id = account_in_document(dict(zip(header, row, strict=True)))
        fact = parse_account_summary({FIELD: row[flag]})
    except InputRefusedError as error:
        raise InputRefusedError(str(error), error.advice, number) from error
    if account_id is None:
        raise InputRefusedError("this row of account summaries does not name its account", _ONE_PER_FILE, number)
    return Summary(fact, account_id, number)


def _read_summary_lines(lines: Sequence[str]) -> Summary:
    """Find the only line that shows the flag, and the account that another line names.

    Raises ``InputRefusedError`` when there is no such line, more than one, or one that cannot be read, when lines name several
    accounts, and when the text is more than an excerpt of a summary: a page that explains the benchmark shows the line as well.
    """
    found: tuple[AccountSummary, int] | None = None
    account_id: str | None = None
    for number, line in enumerate(lines, start=1):
        try:
            summary = parse_account_summary_line(line)
        except InputRefusedError as error:
            raise InputRefusedError(str(error), error.advice, number) from error
        if summary is None:
            if not _AROUND.fullmatch(line.strip(_FRAME)) and COMMAND not in line:
                raise InputRefusedError(
                    "this text is more than an account summary: it may be an explanation of one", _SAVE_JSON, number
                )
            account_id = _account_named(line, account_id, number)
            continue
        if found is not None:
            raise InputRefusedError(f"a second line shows the flag (the first is line {found[1]})", _ONE_PER_FILE, number)
        found = summary, number
    if found is None:
        raise InputRefusedError("this text names AccountAccessKeysPresent but shows no value of it", _ONE_PER_FILE)
    return Summary(found[0], account_id, found[1])


def _account_named(line: str, known: str | None, number: int) -> str | None:
    """Return the account that a line names, else the one that is known; raises ``InputRefusedError`` where they differ."""
    member = _MEMBER.fullmatch(line.strip(_FRAME))
    named = None if member is None else account_in_document({member[1]: member[2]})
    if known is not None and named not in {None, known}:
        raise InputRefusedError("a second line names another account", _ONE_PER_FILE, number)
    return named or known
