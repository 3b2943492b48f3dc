"""What the tests of saved evidence are made of: builders of files, and outcomes that can be compared."""

import base64
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rootsweep.auditing.sources.files import FileEvidence, read_evidence
from rootsweep.core.evidence import AccountSummary, CredentialReport, Observed, Unavailable
from rootsweep.core.run import RejectedInput

ACCOUNT: Final = "111122223333"
ASKED_FOR: Final = "444455556666"
ROOT_ARN: Final = f"arn:aws:iam::{ACCOUNT}:root"
CREATED: Final = "2019-05-06T07:08:09Z"

HEADER: Final = [
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "password_next_rotation",
    "mfa_active",
    "access_key_1_active",
    "access_key_1_last_rotated",
    "access_key_1_last_used_date",
    "access_key_1_last_used_region",
    "access_key_1_last_used_service",
    "access_key_2_active",
    "access_key_2_last_rotated",
    "access_key_2_last_used_date",
    "access_key_2_last_used_region",
    "access_key_2_last_used_service",
    "cert_1_active",
    "cert_1_last_rotated",
    "cert_2_active",
    "cert_2_last_rotated",
]


def row(user: str, arn: str, **cells: str) -> list[str]:
    plain = dict.fromkeys(HEADER, "N/A") | {name: "false" for name in HEADER if name.endswith("active")}
    plain |= {"user": user, "arn": arn, "user_creation_time": CREATED, "password_enabled": "true"}
    return list((plain | cells).values())


def root(**cells: str) -> list[str]:
    return row("<root_account>", ROOT_ARN, **cells)


def user(name: str, **cells: str) -> list[str]:
    return row(name, f"arn:aws:iam::{ACCOUNT}:user/division/someone", **cells)


def lines(rows: Iterable[Iterable[str]], delimiter: str = ",", end: str = "\n") -> str:
    return "".join(delimiter.join(fields) + end for fields in rows)


def report(*rows: list[str], delimiter: str = ",", end: str = "\n") -> str:
    return lines([HEADER, *rows], delimiter, end)


def without(name: str, *rows: list[str]) -> str:
    position = HEADER.index(name)
    return lines([[text for index, text in enumerate(fields) if index != position] for fields in (HEADER, *rows)])


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def answer(text: str, **changes: object) -> str:
    document = {"Content": encoded(text), "ReportFormat": "text/csv", "GeneratedTime": "2026-09-11T13:15:19+00:00"}
    return json.dumps(document | changes)


def zipped(**members: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, text in members.items():
            file.writestr(name, text)
    return archive.getvalue()


CLEAN: Final = report(root(), user("alice"))
ACTIVE: Final = {"access_key_1_active": "true", "access_key_1_last_rotated": CREATED}
INACTIVE: Final = {"access_key_1_active": "false", "access_key_1_last_rotated": CREATED}


@dataclass(frozen=True, slots=True)
class Report:
    """The evidence of a report: both slots' states, the root row's line, the account with its partition."""

    slots: str
    line: int = 2
    account: str = f"aws {ACCOUNT}"
    generated_at: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """The evidence of a summary: whether keys are present, None when the field is absent."""

    present: bool | None
    line: int | None = None
    account: str = ASKED_FOR


@dataclass(frozen=True, slots=True)
class Refused:
    line: int | None
    reason: str


Expected = Report | Summary | Refused


def outcome(result: FileEvidence | RejectedInput) -> Expected:
    if isinstance(result, RejectedInput):
        return Refused(result.line, result.reason)
    line = result.evidence.origin.line
    match result.evidence:
        case Unavailable():
            return Summary(None, line, result.account.id)
        case Observed(fact=AccountSummary(access_keys_present=present)):
            return Summary(present, line, result.account.id)
        case Observed(fact=CredentialReport(generated_at=generated_at, slots=slots)):
            return Report(
                " ".join(slot.state for slot in slots),
                line or 0,
                f"{result.account.partition} {result.account.id}",
                generated_at.isoformat() if generated_at else None,
            )
        case other:
            raise AssertionError(other)


def read(content: str | bytes) -> list[FileEvidence | RejectedInput]:
    data = content if isinstance(content, bytes) else content.encode()
    return list(read_evidence(["-"], account_ids=[ASKED_FOR], stdin=io.BytesIO(data)))
