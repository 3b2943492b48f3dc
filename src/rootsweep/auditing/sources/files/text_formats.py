"""Evidence as text: the AWS CLI's JSON and base64, delimited reports, the lines of a summary."""

import base64
import binascii
import csv
import io
import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from rootsweep.auditing.sources.files.account_pairing import account_in_document
from rootsweep.auditing.sources.files.content import Content, head_text, lines_of, read_head
from rootsweep.core.evidence import AccountSummary
from rootsweep.core.parsing.account_summary import (
    COMMAND,
    is_account_summary,
    parse_account_summary,
    parse_account_summary_line,
)
from rootsweep.core.parsing.credential_report import RootRow, columns_of, numbered_rows, read_credential_report
from rootsweep.core.parsing.timestamps import parse_json_timestamp, parse_timestamp
from rootsweep.errors import InputRefusedError

ENCODED_REPORT: Final = "dXNlcixhcm4"
"""How the base64 text of every report that AWS writes begins: ``user,arn``."""

_REPORT_AGAIN: Final = "save the output of `aws iam get-credential-report --output json` again"
_EVIDENCE_IS: Final = "give the output of `aws iam get-credential-report` or `aws iam get-account-summary`"


@dataclass(frozen=True, slots=True)
class JsonAnswer:
    """What a JSON answer shows; ``found`` is None for an account summary without the field.

    ``account_id`` is the account that the document names beside AWS's own members; None where it names none.
    """

    found: RootRow | AccountSummary | None
    account_id: str | None


def read_json_answer(text: str) -> JsonAnswer:
    """Read a JSON answer.

    Raises ``InputRefusedError`` for JSON that is broken, too deep, ambiguous or of another kind.
    """
    document = _parse(text)
    if not isinstance(document, dict):
        raise InputRefusedError("this JSON is not an answer of AWS: it is a list or a bare value", _EVIDENCE_IS)
    if "Content" in document:
        return JsonAnswer(_read_report(document), account_in_document(document))
    if is_account_summary(document):
        return JsonAnswer(parse_account_summary(document), account_in_document(document))
    raise InputRefusedError("this JSON is of another kind: neither a credential report nor an account summary", _EVIDENCE_IS)


def read_text_answer(text: str) -> RootRow:
    """Read base64 text, alone or followed by GeneratedTime and ReportFormat between tabs (``--output text``).

    Raises ``InputRefusedError`` when it is not a report.
    """
    content, *further = text.strip().split("\t")
    times = [time for part in further if (time := parse_timestamp(part.strip())) is not None]
    report = io.BytesIO(_decode(content))
    return read_delimited_report(read_head(report), generated_at=times[0] if len(times) == 1 else None)


def _read_report(document: dict[str, object]) -> RootRow:
    content = document["Content"]
    if not isinstance(content, str):
        raise InputRefusedError("the Content of this JSON is not text", _REPORT_AGAIN)
    if document.get("ReportFormat", "text/csv") != "text/csv":
        raise InputRefusedError("the ReportFormat of this JSON is not text/csv", _REPORT_AGAIN)
    report = io.BytesIO(_decode(content))
    return read_delimited_report(read_head(report), generated_at=parse_json_timestamp(document.get("GeneratedTime")))


def _decode(content: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s+", "", content, flags=re.ASCII), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputRefusedError(
            "the content of this report is not valid base64: it is cut off or was changed", _REPORT_AGAIN
        ) from error


def _parse(text: str) -> object:
    try:
        document: object = json.loads(text, object_pairs_hook=_without_duplicates)
    except json.JSONDecodeError as error:
        raise InputRefusedError(
            "this is not valid JSON: it is cut off or was edited", "save the output again", error.lineno
        ) from error
    except ValueError as error:
        raise InputRefusedError("this JSON holds a number too long to read", _EVIDENCE_IS) from error
    except RecursionError as error:
        raise InputRefusedError("this JSON is nested too deeply to be an answer of AWS", _EVIDENCE_IS) from error
    return document


def _without_duplicates(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise InputRefusedError("this JSON names a key twice, so that it is ambiguous", "save the output again")
    return document


# A credential report as delimited text: as AWS writes it, or as a spreadsheet saved it with semicolons or tabs.

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


# An account summary as lines of text: the output of the benchmark's own one-liner.

_SAVE_JSON: Final = "save the output of `aws iam get-account-summary --output json`"
_ONE_PER_FILE: Final = "save the output for each account in a file of its own, with the account id in its name"

# What stands around the line in an excerpt: other fields, names of the map, frames and braces, the command that was typed.
_FRAME: Final = " \t|,{}\"'"
_AROUND: Final = re.compile(r"""\w*["']?\s*(?:[:=|]\s*["']?\d*)?|[\W_]*""", re.ASCII)

_MEMBER: Final = re.compile(r"""(\w+)["']?\s*[:=|]\s*["']?(\d+)""", re.ASCII)


def read_summary_lines(text: str) -> tuple[AccountSummary, int, str | None]:
    """Find the only line that shows the flag.

    Returns what it says, its number, from 1, and the account that another line names; None where none does.
    Raises ``InputRefusedError`` when there is no such line, more than one, or one that cannot be read, when lines name several
    accounts, and when the text is more than an excerpt of a summary: a page that explains the benchmark shows the line as well.
    """
    found: tuple[AccountSummary, int] | None = None
    account_id: str | None = None
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
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
    return *found, account_id


def _account_named(line: str, known: str | None, number: int) -> str | None:
    """Return the account that a line names, else the one that is known; raises ``InputRefusedError`` where they differ."""
    member = _MEMBER.fullmatch(line.strip(_FRAME))
    named = None if member is None else account_in_document({member[1]: member[2]})
    if known is not None and named not in {None, known}:
        raise InputRefusedError("a second line names another account", _ONE_PER_FILE, number)
    return named or known
