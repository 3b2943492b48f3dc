"""Saved evidence, from the paths that were given to one account's evidence each."""

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from rootsweep.auditing.sources.files.account_pairing import account_filed_under, account_of_path
from rootsweep.auditing.sources.files.content import Content, head_text, read_head, read_whole, whole_text, without_prompts
from rootsweep.auditing.sources.files.given_files import STANDARD_INPUT, GivenFile, cannot_be_read, displayable, given_files
from rootsweep.auditing.sources.files.not_evidence import (
    holds_no_evidence,
    refuse_archive,
    refuse_at_once,
    refuse_binary,
    refuse_text,
)
from rootsweep.auditing.sources.files.report_text import (
    ENCODED_REPORT,
    Report,
    Summary,
    is_listed_report,
    read_delimited_report,
    read_listed_report,
    read_text_answer,
    report_delimiter,
)
from rootsweep.core.evidence import Access, Observed, Origin, Source, Unavailable, UnavailableReason
from rootsweep.core.organization import Account
from rootsweep.core.parsing.account_summary import COLUMN, FIELD
from rootsweep.core.run import RejectedInput
from rootsweep.errors import InputRefusedError

_ZIP: Final = b"PK\x03\x04"
# The container of an old Office document ([MS-CFB], section 2.2).
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# "[default]" begins a credentials file, not a list.
_JSON: Final = re.compile(r"""\{|\[\s*[\[\]{"]|"(?:user|dXNlcixhcm4|ZFhObGNpeGhjbT|data:)""")
_YAML: Final = re.compile(r"""(?:---\s+)?(?:- )?["']?(?:Content|GeneratedTime|ReportFormat|SummaryMap)["']?:\s""")
_REPORT_IN_TABLE: Final = re.compile(r"\|\s*Content\s*\|")


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """One piece of evidence and whose it is; ``account`` carries the id, and the partition where the evidence tells it.

    ``folder`` is the folder in whose name the account id nearest to the file stands; None where none has one, or where the file
    tells it itself.
    """

    account: Account
    evidence: Observed | Unavailable
    folder: str | None = None


AwaitInput = Callable[[BinaryIO, str], None]
"""Waits until a stream, whose name is given beside it, has something to read or is at its end."""


def read_evidence(
    paths: Sequence[str],
    *,
    account_ids: Collection[str],
    stdin: BinaryIO,
    await_input: AwaitInput | None = None,
    on_skipped: Callable[[str], None] | None = None,
) -> Iterator[FileEvidence | RejectedInput]:
    """Read every file that the paths stand for, one at a time, in order; ``-`` is ``stdin``.

    ``account_ids`` (12 digits each) is the accounts that were asked for: a summary whose path names no account belongs to the
    only one of them. Whatever is not evidence, or names no account, comes as a ``RejectedInput``, whose ``reason`` is one
    sentence that repeats nothing of the content but names of columns and the kind of an ARN. ``await_input`` is called with
    standard input and each named pipe before it is read, and returns when there is something to read; without it, opening a
    named pipe waits for its writer. ``on_skipped`` hears of files in
    folders that are named as no evidence is, such as README, and hold none; without it they are refused like any other.
    """
    for given in given_files(paths):
        if isinstance(given, RejectedInput):
            yield given
        else:
            yield from _read_file(given, account_ids, stdin, await_input, on_skipped)


def _read_file(
    given: GivenFile,
    account_ids: Collection[str],
    stdin: BinaryIO,
    await_input: AwaitInput | None,
    on_skipped: Callable[[str], None] | None,
) -> list[FileEvidence] | list[RejectedInput]:
    path = displayable(given.path)
    content: Content | None = None
    try:
        if given.path == STANDARD_INPUT:
            if await_input is not None:
                await_input(stdin, "standard input")
            content = read_head(stdin)
            found = _read_content(content)
        else:
            awaits_writer = await_input if given.is_pipe else None
            opener = None if awaits_writer is None else _open_without_writer
            with open(given.path, "rb", buffering=0, opener=opener) as stream:
                if awaits_writer is not None:
                    awaits_writer(stream, path)
                    os.set_blocking(stream.fileno(), True)
                content = read_head(stream)
                found = _read_content(content)
        return [_evidence(one, path, account_ids, is_alone=len(found) == 1) for one in found]
    except InputRefusedError as error:
        if on_skipped is not None and _is_skipped(given, content):
            on_skipped(path)
            return []
        return [RejectedInput(path, error.line, f"{error}; {error.advice}")]
    except OSError as error:
        return [cannot_be_read(given.path, error)]


def _is_skipped(given: GivenFile, content: Content | None) -> bool:
    return given.is_in_folder and content is not None and holds_no_evidence(given.path, content.head)


def _open_without_writer(path: str, flags: int) -> int:
    # Opening a named pipe waits for its writer: that wait is left to await_input.
    return os.open(path, flags | os.O_NONBLOCK)


def _read_content(content: Content) -> Sequence[Report | Summary]:
    if content.head.startswith(_ZIP):
        # Few audits meet a workbook: none of the others waits for the import of what unpacks it.
        from rootsweep.auditing.sources.files.workbook import is_workbook, read_workbook  # noqa: PLC0415

        data = read_whole(content)
        if is_workbook(data):
            return [Report(row) for row in read_workbook(data)]
        raise refuse_archive(data)
    if content.head.startswith(_OLE):
        from rootsweep.auditing.sources.files.old_workbook import read_old_workbook  # noqa: PLC0415  the same

        return [Report(row) for row in read_old_workbook(read_whole(content))]
    refusal = refuse_binary(content.head)
    if refusal is not None:
        raise refusal
    head = head_text(content)
    if report_delimiter(head) is not None:
        return [Report(row) for row in read_delimited_report(content, generated_at=None)]
    refusal = refuse_at_once(head)
    if refusal is not None or not _may_be_evidence(head):
        raise refusal or refuse_text(head)
    return _read_whole_text(whole_text(content))


def _may_be_evidence(head: str) -> bool:
    """Return whether a text may be evidence that is read as a whole, which nothing else is: it may be of any size."""
    start = _start_of(head).lstrip()
    looks_like = start.startswith(ENCODED_REPORT) or _JSON.match(start) or _YAML.match(start) or _REPORT_IN_TABLE.search(head)
    return bool(looks_like) or is_listed_report(start) or FIELD in head or COLUMN in head


def _start_of(text: str) -> str:
    return "".join(without_prompts(text.splitlines(keepends=True)))


def _read_whole_text(text: str) -> Sequence[Report | Summary]:
    # Few audits meet a document that is no plain report: none of the others waits for these imports.
    from rootsweep.auditing.sources.files.documents import read_json, read_report_table, read_yaml  # noqa: PLC0415
    from rootsweep.auditing.sources.files.summary_text import read_summary_text  # noqa: PLC0415

    document = _start_of(text)
    start = document.lstrip()
    if start.startswith(ENCODED_REPORT):
        return [Report(row) for row in read_text_answer(document)]
    if _JSON.match(start):
        return read_json(document)
    if _YAML.match(start):
        return read_yaml(document)
    if is_listed_report(start):
        return [Report(row) for row in read_listed_report(text)]
    table = read_report_table(text)
    if table is not None:
        return table
    if FIELD in text or COLUMN in text:
        return read_summary_text(text)
    raise refuse_text(text)


def _evidence(found: Report | Summary, path: str, account_ids: Collection[str], *, is_alone: bool) -> FileEvidence:
    """Return what was found its account; the name of a file that holds the reports of many accounts is of none of them."""
    account = _account(found, path, account_ids)
    named, folder = account_filed_under(path, account_ids) if is_alone else (None, None)
    if isinstance(found, Report) and found.named is not None:
        named, folder = found.named, None
    origin = Origin(Access.FILES, path=path, line=found.line, named_for=None if named == account.id else named)
    if isinstance(found, Report):
        return FileEvidence(account, Observed(found.row.report, origin), folder)
    if found.fact is not None:
        return FileEvidence(account, Observed(found.fact, origin), folder)
    advice = f"the account summary does not hold {FIELD}: save the whole output of `aws iam get-account-summary`"
    return FileEvidence(account, Unavailable(Source.ACCOUNT_SUMMARY, UnavailableReason.FIELD_ABSENT, advice, origin), folder)


def _account(found: Report | Summary, path: str, account_ids: Collection[str]) -> Account:
    if found.account_id is not None:
        return Account(found.account_id, partition=found.row.partition if isinstance(found, Report) else None)
    what = "this account summary" if isinstance(found, Summary) else "this credential report has no column arn and"
    return Account(account_of_path(path, account_ids, what))
