"""What people hand over that is not evidence, told apart so that the refusal helps; never a word of the content is repeated."""

import io
import os
import re
import zipfile
from collections.abc import Mapping
from typing import Final

from rootsweep.core.parsing.credential_report import ROOT_USER
from rootsweep.errors import InputRefusedError

_EVIDENCE_IS: Final = "give a credential report (CSV or the AWS CLI's JSON) or an account summary"
_ANSWER_IS: Final = "give the output of `aws iam get-credential-report` or `aws iam get-account-summary`"
_WHOLE: Final = "save the whole output of `aws iam get-credential-report`"
_UNPACK: Final = "unpack it and give the files inside"
_SAVE_JSON: Final = "save the output of the AWS CLI with --output json"

_BINARY: Final = (
    (b"\x1f\x8b", "this is a gzip file", _UNPACK),
    (b"BZh", "this is a bzip2 file", _UNPACK),
    (b"\xfd7zXZ\0", "this is an xz file", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "this is a 7z archive", _UNPACK),
    (b"Rar!", "this is a RAR archive", _UNPACK),
    (b"PK\x05\x06", "this is an empty zip archive", _EVIDENCE_IS),
    (b"%PDF-", "this is a PDF", _EVIDENCE_IS),
    (b"\x89PNG", "this is a picture (PNG)", _EVIDENCE_IS),
    (b"\xff\xd8\xff", "this is a picture (JPEG)", _EVIDENCE_IS),
    (b"GIF8", "this is a picture (GIF)", _EVIDENCE_IS),
    (b"RIFF", "this is a picture, sound or film (RIFF)", _EVIDENCE_IS),
    (b"SQLite format 3\0", "this is an SQLite database", _EVIDENCE_IS),
    (b"PAR1", "this is a Parquet file", "save it as CSV"),
    (b"{\\rtf", "this is a document in Rich Text Format", _EVIDENCE_IS),
)
_ARCHIVES: Final = (
    ("word/", "this is a Word document", _EVIDENCE_IS),
    ("ppt/", "this is a PowerPoint presentation", _EVIDENCE_IS),
    ("content.xml", "this is an OpenDocument file", "save the sheet that holds the report as CSV and give that"),
)

_NEVER_EVIDENCE: Final = re.compile(
    r"(?:readme|license|licence|notice|contributing|changelog|makefile|dockerfile|codeowners)(?:\.(?:md|txt|rst|adoc))?"
    r"|thumbs\.db|desktop\.ini|icon\r|__macosx|.*\.lock|package-lock\.json|.*\.lnk|.*~",
    re.IGNORECASE,
)
"""Names that people and systems give to files beside evidence; names that begin with a dot are not looked at in a folder."""

_TRACES: Final = (b"root_account", b"AccountAccessKeysPresent", b"access_key_1", b":root")


def holds_no_evidence(path: str, head: bytes) -> bool:
    """Return whether a file that was refused is of a kind that never holds evidence, and nothing in it looks like some."""
    return _NEVER_EVIDENCE.fullmatch(os.path.basename(path)) is not None and not any(one in head for one in _TRACES)  # noqa: PTH119


# What tells a text by its first lines, whatever else it holds.
_TEXT_AT_ONCE: Final = (
    (re.compile(r"\x1b\["), "this text holds the colours of a terminal", "save it without them: NO_COLOR=1, or `jq -M`"),
    (
        re.compile(r"\A\s*(?:\d{4}-\d\d-\d\dT[\d:.]+Z ){1}"),
        "this is a log of a build",
        "give the file that was saved, not its log",
    ),
    (re.compile(r"\A\s*(?:<\?xml|<(?:\w+:)?Get\w+Response\b)"), "this is XML", _SAVE_JSON),
    (
        re.compile(r"\A\s*[\[{]\s*(?:\{\s*)?u?'"),
        "this is what Python shows of a dictionary",
        "write it with json.dump",
    ),
)
_TEXT: Final = (
    (
        re.compile(r"secret[ _]?access[ _]?key|awssecretkey|aws_session_token|-----BEGIN [A-Z ]*PRIVATE KEY", re.IGNORECASE),
        "this file holds secret credentials, not evidence",
        "keep it away from the evidence, and delete it if nobody needs it",
    ),
    (re.compile(r"-----BEGIN "), "this is a certificate or a key, not evidence", _EVIDENCE_IS),
    (
        re.compile(r"An error occurred \(|aws: error:|aws: \[ERROR\]|Unable to locate credentials"),
        "this is an error message of the AWS CLI, not evidence",
        "run the command again with credentials that may read it",
    ),
    (re.compile(r"<(?:!doctype|html|head|body)", re.IGNORECASE), "this is an HTML page, not evidence", _EVIDENCE_IS),
    (re.compile(r"<\?xml"), "this is XML", _SAVE_JSON),
    (re.compile(r"^\s*\|.*\|\s*\n\s*\|[\s:|-]+\|\s*$", re.MULTILINE), "this is a Markdown table", "save it as CSV"),
    (
        re.compile(re.escape(ROOT_USER)),
        "the first line is not the header of a credential report (user, arn, ... between commas, semicolons or tabs)",
        "download the report again and keep the file as AWS wrote it",
    ),
    (re.compile(r"SUMMARYMAP\t"), "this account summary has no names beside its numbers", "save it with --output json"),
    (re.compile(r"^\[[\w.\" -]+\]\s*$", re.MULTILINE), "this is a file of settings (INI or TOML), not evidence", _EVIDENCE_IS),
)

# JSON documents of other tools, by members that tell them.
_DOCUMENTS: Final = (
    (
        {"GeneratedTime"},
        "the Content of this credential report is missing",
        "save the whole output of `aws iam get-credential-report`",
    ),
    (
        {"ReportFormat"},
        "the Content of this credential report is missing",
        "save the whole output of `aws iam get-credential-report`",
    ),
    ({"State", "Description"}, "this is the answer of generate-credential-report, which holds no report", _ANSWER_IS),
    ({"State"}, "this is the answer of generate-credential-report, which holds no report", _ANSWER_IS),
    ({"AccessKeyMetadata"}, "this is the answer of list-access-keys, which is that of one user", _ANSWER_IS),
    ({"UserId", "Account", "Arn"}, "this is the answer of get-caller-identity", _ANSWER_IS),
    ({"Credentials"}, "this document holds credentials, not evidence", "keep it away from the evidence"),
    ({"SecretAccessKey"}, "this document holds credentials, not evidence", "keep it away from the evidence"),
    ({"schema", "findings"}, "this is a run that rootsweep saved", "show it with `rootsweep report FILE`"),
    ({"SchemaVersion", "ProductArn"}, "this is a finding of AWS Security Hub (ASFF)", _ANSWER_IS),
    ({"Findings"}, "these are findings of AWS Security Hub (ASFF)", _ANSWER_IS),
    ({"class_uid"}, "this is an OCSF event", _ANSWER_IS),
    ({"eventVersion"}, "this is an event of CloudTrail", _ANSWER_IS),
    ({"Records"}, "these are events of CloudTrail", _ANSWER_IS),
    ({"Events"}, "these are events of CloudTrail", _ANSWER_IS),
    ({"configurationItems"}, "this is a snapshot of AWS Config", _ANSWER_IS),
    ({"EvaluationResults"}, "these are results of AWS Config", _ANSWER_IS),
    ({"$schema", "runs"}, "this is a SARIF report", _ANSWER_IS),
    ({"Error"}, "this is an error of AWS, not evidence", "run the command again with credentials that may read it"),
)


def refuse_binary(head: bytes) -> InputRefusedError | None:
    """Build the refusal of a file that is known by its first bytes; None for any other."""
    for magic, message, advice in _BINARY:
        if head.startswith(magic):
            return InputRefusedError(message, advice)
    return None


def refuse_archive(data: bytes) -> InputRefusedError:
    """Build the refusal of a zip archive that is no workbook, by what it holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError):
        names = []
    for beginning, message, advice in _ARCHIVES:
        if any(name.startswith(beginning) for name in names):
            return InputRefusedError(message, advice)
    return InputRefusedError("this is a zip archive", _UNPACK)


def refuse_document(document: Mapping[str, object]) -> InputRefusedError:
    """Build the refusal of a JSON object that is no answer of AWS about access keys, by its members."""
    for members, message, advice in _DOCUMENTS:
        if members <= document.keys():
            return InputRefusedError(message, advice)
    return InputRefusedError("this JSON is of another kind: neither a credential report nor an account summary", _ANSWER_IS)


def refuse_at_once(head: str) -> InputRefusedError | None:
    """Build the refusal of a text that is reported by its first lines to be no evidence; None for any other."""
    for pattern, message, advice in _TEXT_AT_ONCE:
        if pattern.search(head):
            return InputRefusedError(message, advice)
    return None


def refuse_text(head: str) -> InputRefusedError:
    """Build the refusal of a text that is not evidence, as exactly as its first 64 KiB allow."""
    if not head.strip():
        return InputRefusedError("this file is empty", "save the evidence again")
    for pattern, message, advice in _TEXT:
        if pattern.search(head):
            return InputRefusedError(message, advice)
    if "\0" in head:
        return InputRefusedError("this is a binary file, or UTF-16 without a byte order mark", "save it as UTF-8")
    return InputRefusedError("this is not evidence: neither a credential report nor an account summary", _EVIDENCE_IS)
