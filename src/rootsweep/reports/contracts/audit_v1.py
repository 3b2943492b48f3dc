"""The public JSON contract ``rootsweep.audit/1``, as structs of its own.

Keys may be added, never removed. Times are RFC 3339 in UTC; what is absent is null, never left out.
"""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Final, Literal, TextIO

import msgspec

SCHEMA: Final = "rootsweep.audit/1"

Time = Annotated[datetime, msgspec.Meta(tz=True)]
Status = Literal["ACTIVE", "INACTIVE", "UNKNOWN"]
Outcome = Literal["PASS", "FAIL", "UNKNOWN"]


class Tool(msgspec.Struct, frozen=True):
    """The program that made the run."""

    name: str
    version: str


class ReferenceEntry(msgspec.Struct, frozen=True):
    """The control's number in one framework version."""

    framework: str
    version: str
    requirement: str


class ControlEntry(msgspec.Struct, frozen=True):
    """The control."""

    id: str
    title: str
    level: int
    references: list[ReferenceEntry]


class ScopeEntry(msgspec.Struct, frozen=True):
    """What the audit covers."""

    kind: Literal["account", "organization", "files"]
    partition: str | None
    organization_id: str | None
    complete: bool
    incomplete_because: str | None


class SummaryEntry(msgspec.Struct, frozen=True):
    """Counts of accounts."""

    accounts: int
    applicable: int
    proven: int
    compliant: int
    non_compliant: int
    not_applicable: int
    insufficient_data: int
    excepted: int


class MessageEntry(msgspec.Struct, frozen=True):
    """A reason or a warning."""

    code: str
    message: str


class ExceptionEntry(msgspec.Struct, frozen=True):
    """An exception that stands for an account."""

    owner: str
    reason: str
    ticket: str | None
    expires_at: Time


class LastUsedEntry(msgspec.Struct, frozen=True):
    """The last recorded use of a key."""

    at: Time
    region: str | None
    service: str | None


class KeyEntry(msgspec.Struct, frozen=True):
    """One root access key."""

    id: str | None
    slot: int | None
    status: Status
    created_at: Time | None
    last_rotated_at: Time | None
    last_used: LastUsedEntry | None
    last_used_status: Literal["recorded", "never_recorded", "unknown"]


class ProceduresEntry(msgspec.Struct, frozen=True):
    """The outcomes of the benchmark's two audit procedures."""

    account_summary: Outcome
    credential_report: Outcome


class DenialEntry(msgspec.Struct, frozen=True):
    """What AWS denied: to whom, which action, on what; null is what AWS did not tell."""

    principal: str | None
    action: str
    resource: str | None


class EvidenceEntry(msgspec.Struct, frozen=True):
    """One piece of evidence, or why there is none."""

    source: Literal["root_access_keys", "account_summary", "credential_report", "caller_identity"]
    status: Literal["observed", "unavailable"]
    access: Literal["own", "role", "root-session", "root", "files"]
    observed_at: Time | None
    generated_at: Time | None
    request_id: str | None
    path: str | None
    line: int | None
    reason: str | None
    api_call: str | None
    error_code: str | None
    advice: str | None
    denial: DenialEntry | None


class AccountEntry(msgspec.Struct, frozen=True):
    """One account in scope."""

    account_id: str
    name: str | None
    partition: str | None
    state: Literal["PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"] | None
    is_management_account: bool
    path: str | None
    verdict: Literal["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE", "INSUFFICIENT_DATA"]
    severity: Literal["CRITICAL", "HIGH"] | None
    as_of: Time | None
    reasons: list[MessageEntry]
    warnings: list[MessageEntry]
    exception: ExceptionEntry | None
    keys: list[KeyEntry]
    procedures: ProceduresEntry
    evidence: list[EvidenceEntry]
    next_step: str | None


class RejectedInputEntry(msgspec.Struct, frozen=True):
    """An input that is not evidence."""

    path: str
    line: int | None
    reason: str


class LeftOutEntry(msgspec.Struct, frozen=True):
    """Saved evidence of an account that the options exclude; it was not judged."""

    path: str
    account_id: str
    source: Literal["root_access_keys", "account_summary", "credential_report", "caller_identity"]
    shows_key: bool


class OrganizationalUnitEntry(msgspec.Struct, frozen=True):
    """The name of a root or an organizational unit."""

    id: str
    name: str


class GapEntry(msgspec.Struct, frozen=True):
    """The accounts that one change would open: what to change, and the lines to copy."""

    code: str
    change: str
    how: list[str]
    accounts: list[str]


class Audit(msgspec.Struct, frozen=True):
    """A whole run."""

    schema: Literal["rootsweep.audit/1"]
    tool: Tool
    started_at: Time
    finished_at: Time
    control: ControlEntry
    scope: ScopeEntry
    summary: SummaryEntry
    warnings: list[MessageEntry]
    accounts: list[AccountEntry]
    gap: list[GapEntry]
    rejected_inputs: list[RejectedInputEntry]
    organizational_units: list[OrganizationalUnitEntry]
    left_out: list[LeftOutEntry]


def json_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of a run, as the package ships it in ``rootsweep.audit-1.schema.json``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rootsweep.audit/1",
        **msgspec.json.schema(Audit),
    }


# JSON that no name can make act on a terminal, and that every encoding can carry: in ASCII, indented by two.

_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]+")


def in_ascii(encoded: bytes) -> str:
    """Return encoded JSON as text in ASCII."""
    text = encoded.decode("utf-8")
    return text if text.isascii() else _BEYOND_ASCII.sub(_escaped, text)


def indented(document: msgspec.Struct) -> str:
    """Return a document in ASCII, indented by two."""
    return in_ascii(msgspec.json.format(msgspec.json.encode(document), indent=2))


def write_array(elements: Iterable[msgspec.Struct], stream: TextIO, indent: int = 0) -> None:
    """Write an array element by element, so that a run of thousands never stands in memory a second time, as text.

    The elements are indented by two more than the ``indent`` of the line in which the array begins.
    """
    separator, margin = "[", "\n" + " " * (indent + 2)
    for element in elements:
        stream.write(separator)
        stream.write(f"\n{indented(element)}".replace("\n", margin))
        separator = ","
    stream.write("[]" if separator == "[" else f"\n{' ' * indent}]")


def _escaped(match: re.Match[str]) -> str:
    """Write characters as JSON does (RFC 8259, section 7): UTF-16 code units in hexadecimal."""
    return json.dumps(match[0])[1:-1]
