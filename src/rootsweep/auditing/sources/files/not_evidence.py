"""What people hand over that is not evidence, told apart so that the refusal helps; never a word of the content is repeated."""

import re
from typing import Final

from rootsweep.core.parsing.credential_report import ROOT_USER
from rootsweep.errors import InputRefusedError

_EVIDENCE_IS: Final = "give a credential report (CSV or the AWS CLI's JSON) or an account summary"
_UNPACK: Final = "unpack it and give the files inside"

_BINARY: Final = (
    (b"\x1f\x8b", "this is a gzip file", _UNPACK),
    (b"PK\x03\x04", "this is a zip archive", _UNPACK),
    (b"PK\x05\x06", "this is an empty zip archive", _EVIDENCE_IS),
    (b"%PDF-", "this is a PDF", _EVIDENCE_IS),
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
    (
        re.compile(r"<(?:!doctype|html|\?xml|head|body)", re.IGNORECASE),
        "this is an HTML or XML page, not evidence",
        _EVIDENCE_IS,
    ),
    (
        re.compile(re.escape(ROOT_USER)),
        "the first line is not the header of a credential report (user, arn, ... between commas, semicolons or tabs)",
        "download the report again and keep the file as AWS wrote it",
    ),
    (re.compile(r"SUMMARYMAP\t"), "this account summary has no names beside its numbers", "save it with --output json"),
)


def refuse_binary(head: bytes) -> InputRefusedError | None:
    """Build the refusal of a file that is known by its first bytes; None for any other."""
    for magic, message, advice in _BINARY:
        if head.startswith(magic):
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
