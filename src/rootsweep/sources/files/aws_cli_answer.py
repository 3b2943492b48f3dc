"""What the AWS CLI prints: JSON of get-credential-report and get-account-summary, and a report's content as base64 text."""

import base64
import binascii
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rootsweep.documents.account_summary import is_account_summary, parse_account_summary
from rootsweep.documents.credential_report import RootRow
from rootsweep.documents.timestamps import parse_json_timestamp, parse_timestamp
from rootsweep.errors import InputRefusedError
from rootsweep.model.evidence import AccountSummary
from rootsweep.sources.files.account_pairing import account_in_document
from rootsweep.sources.files.content import read_head
from rootsweep.sources.files.delimited_report import read_delimited_report

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
