"""Saved evidence, from the paths that were given to one account's evidence each."""

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from rootsweep.auditing.sources.files.account_pairing import account_filed_under, account_of_path
from rootsweep.auditing.sources.files.content import Content, head_text, read_head, read_whole, whole_text
from rootsweep.auditing.sources.files.given_files import STANDARD_INPUT, GivenFile, cannot_be_read, displayable, given_files
from rootsweep.auditing.sources.files.not_evidence import refuse_binary, refuse_text
from rootsweep.auditing.sources.files.text_formats import (
    ENCODED_REPORT,
    read_delimited_report,
    read_json_answer,
    read_summary_lines,
    read_text_answer,
    report_delimiter,
)
from rootsweep.core.evidence import Access, AccountSummary, Observed, Origin, Source, Unavailable, UnavailableReason
from rootsweep.core.organization import Account
from rootsweep.core.parsing.account_summary import FIELD
from rootsweep.core.parsing.credential_report import RootRow
from rootsweep.core.run import RejectedInput
from rootsweep.errors import InputRefusedError

_ZIP: Final = b"PK\x03\x04"
# "[default]" begins a credentials file, not a list.
_JSON: Final = re.compile(r"\{|\[\s*[\[\]{\"]")


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """One piece of evidence and whose it is; ``account`` carries the id, and the partition where the evidence tells it.

    ``folder`` is the folder in whose name the account id nearest to the file stands; None where none has one, or where the file
    tells it itself.
    """

    account: Account
    evidence: Observed | Unavailable
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class _Summary:
    """An account summary as a file shows it; ``fact`` is None when the field is absent, ``account_id`` what the file names."""

    fact: AccountSummary | None
    line: int | None = None
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Report:
    """A credential report as a file shows it; ``account_id`` is the account that the file names beside the report."""

    row: RootRow
    account_id: str | None = None

    @property
    def line(self) -> int:
        return self.row.line


AwaitInput = Callable[[BinaryIO, str], None]
"""Waits until a stream, whose name is given beside it, has something to read or is at its end."""


def read_evidence(
    paths: Sequence[str], *, account_ids: Collection[str], stdin: BinaryIO, await_input: AwaitInput | None = None
) -> Iterator[FileEvidence | RejectedInput]:
    """Read every file that the paths stand for, one at a time, in order; ``-`` is ``stdin``.

    ``account_ids`` (12 digits each) is the accounts that were asked for: a summary whose path names no account belongs to the
    only one of them. Whatever is not evidence, or names no account, comes as a ``RejectedInput``, whose ``reason`` is one
    sentence that repeats nothing of the content but names of columns and the kind of an ARN. ``await_input`` is called with
    standard input and each named pipe before it is read, and returns when there is something to read; without it, opening a
    named pipe waits for its writer.
    """
    for given in given_files(paths):
        yield given if isinstance(given, RejectedInput) else _read_file(given, account_ids, stdin, await_input)


def _read_file(
    given: GivenFile, account_ids: Collection[str], stdin: BinaryIO, await_input: AwaitInput | None
) -> FileEvidence | RejectedInput:
    path = displayable(given.path)
    try:
        if given.path == STANDARD_INPUT:
            if await_input is not None:
                await_input(stdin, "standard input")
            found = _read_content(read_head(stdin))
        else:
            awaits_writer = await_input if given.is_pipe else None
            opener = None if awaits_writer is None else _open_without_writer
            with open(given.path, "rb", buffering=0, opener=opener) as stream:
                if awaits_writer is not None:
                    awaits_writer(stream, path)
                    os.set_blocking(stream.fileno(), True)
                found = _read_content(read_head(stream))
        return _evidence(found, path, account_ids)
    except InputRefusedError as error:
        return RejectedInput(path, error.line, f"{error}; {error.advice}")
    except OSError as error:
        return cannot_be_read(given.path, error)


def _open_without_writer(path: str, flags: int) -> int:
    # Opening a named pipe waits for its writer: that wait is left to await_input.
    return os.open(path, flags | os.O_NONBLOCK)


def _read_content(content: Content) -> _Report | _Summary:
    if content.head.startswith(_ZIP):
        # Few audits meet a workbook: none of the others waits for the import of what unpacks it.
        from rootsweep.auditing.sources.files.workbook import is_workbook, read_workbook  # noqa: PLC0415

        data = read_whole(content)
        if is_workbook(data):
            return _Report(read_workbook(data))
    refusal = refuse_binary(content.head)
    if refusal is not None:
        raise refusal
    head = head_text(content)
    if report_delimiter(head) is not None:
        return _Report(read_delimited_report(content, generated_at=None))
    start = head.lstrip()
    if start.startswith(ENCODED_REPORT):
        return _Report(read_text_answer(whole_text(content)))
    if _JSON.match(start):
        answer = read_json_answer(whole_text(content))
        if isinstance(answer.found, RootRow):
            return _Report(answer.found, answer.account_id)
        return _Summary(answer.found, account_id=answer.account_id)
    if FIELD in head:
        return _Summary(*read_summary_lines(whole_text(content)))
    raise refuse_text(head)


def _evidence(found: _Report | _Summary, path: str, account_ids: Collection[str]) -> FileEvidence:
    account = _account(found, path, account_ids)
    named, folder = account_filed_under(path, account_ids)
    if isinstance(found, _Report) and found.account_id is not None:
        named, folder = found.account_id, None
    origin = Origin(Access.FILES, path=path, line=found.line, named_for=None if named == account.id else named)
    if isinstance(found, _Report):
        return FileEvidence(account, Observed(found.row.report, origin), folder)
    if found.fact is not None:
        return FileEvidence(account, Observed(found.fact, origin), folder)
    advice = f"the account summary does not hold {FIELD}: save the whole output of `aws iam get-account-summary`"
    return FileEvidence(account, Unavailable(Source.ACCOUNT_SUMMARY, UnavailableReason.FIELD_ABSENT, advice, origin), folder)


def _account(found: _Report | _Summary, path: str, account_ids: Collection[str]) -> Account:
    match found:
        case _Report(row=row):
            return Account(row.account_id, partition=row.partition)
        case _Summary(account_id=str() as account_id):
            return Account(account_id)
        case _Summary():
            return Account(account_of_path(path, account_ids))
