"""The lines of a checkpoint, as structs of their own, and the values of ``core`` that they hold.

Times are RFC 3339 in UTC with microseconds; what equals its default is left out.
"""

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, TypeVar, assert_never

import msgspec

from rootsweep.core.evidence import (
    Access,
    AccountSummary,
    CallerIdentity,
    CredentialReport,
    Evidence,
    Fact,
    KeyStatus,
    NoLastUse,
    Observed,
    Origin,
    RootAccessKeys,
    SlotState,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep.core.organization import Account, AccountState
from rootsweep.storage.run_identity import FORMAT, RunIdentity

Time = Annotated[datetime, msgspec.Meta(tz=True)]


class Record(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The settings that all records share."""


class FormatRecord(msgspec.Struct, frozen=True):
    """Of the first line, what every version of the format has."""

    format: str


class RunRecord(Record, frozen=True):
    """The first line: the format, the identity of the run and when it was begun."""

    format: str
    started_at: Time
    scope: str
    organization_id: str | None
    caller_account_id: str


class AccountRecord(Record, frozen=True):
    """``model.organization.Account``."""

    id: str
    name: str | None = None
    partition: str | None = None
    state: AccountState | None = None
    is_management_account: bool = False
    path: str | None = None


class OriginRecord(Record, frozen=True):
    """``model.evidence.Origin``."""

    access: Access
    observed_at: Time | None = None
    api_call: str | None = None
    request_id: str | None = None
    path: str | None = None
    line: int | None = None
    named_for: str | None = None


class LastUsedRecord(Record, frozen=True):
    """``model.evidence.LastUsed``."""

    at: Time
    region: str | None = None
    service: str | None = None


class AccessKeyRecord(Record, frozen=True):
    """``model.evidence.AccessKey``."""

    id: str
    status: KeyStatus
    created_at: Time | None = None
    last_use: LastUsedRecord | NoLastUse = NoLastUse.UNKNOWN


class ReportSlotRecord(Record, frozen=True):
    """``model.evidence.ReportSlot``."""

    number: int
    state: SlotState
    active: bool | None
    last_rotated_at: Time | None = None
    last_use: LastUsedRecord | NoLastUse = NoLastUse.UNKNOWN
    unreadable: tuple[str, ...] = ()


class RootAccessKeysRecord(Record, frozen=True, tag_field="source", tag=Source.ROOT_ACCESS_KEYS.value):
    """``model.evidence.RootAccessKeys``."""

    keys: tuple[AccessKeyRecord, ...]


class AccountSummaryRecord(Record, frozen=True, tag_field="source", tag=Source.ACCOUNT_SUMMARY.value):
    """``model.evidence.AccountSummary``."""

    access_keys_present: bool


class CredentialReportRecord(Record, frozen=True, tag_field="source", tag=Source.CREDENTIAL_REPORT.value):
    """``model.evidence.CredentialReport``."""

    generated_at: Time | None
    slots: tuple[ReportSlotRecord, ...]


class CallerIdentityRecord(Record, frozen=True, tag_field="source", tag=Source.CALLER_IDENTITY.value):
    """``model.evidence.CallerIdentity``."""

    root_access_key_id: str | None


FactRecord = RootAccessKeysRecord | AccountSummaryRecord | CredentialReportRecord | CallerIdentityRecord


class ObservedRecord(Record, frozen=True, tag_field="kind", tag="observed"):
    """``model.evidence.Observed``."""

    fact: FactRecord
    origin: OriginRecord


class DenialRecord(Record, frozen=True):
    """``model.evidence.Denial``."""

    principal: str | None
    action: str
    resource: str | None


class UnavailableRecord(Record, frozen=True, tag_field="kind", tag="unavailable"):
    """``model.evidence.Unavailable``."""

    source: Source
    reason: UnavailableReason
    advice: str
    origin: OriginRecord
    error_code: str | None = None
    denial: DenialRecord | None = None


EvidenceRecord = ObservedRecord | UnavailableRecord


class FinishedRecord(Record, frozen=True):
    """A line after the first: a finished account with all of its evidence."""

    account: AccountRecord
    evidence: tuple[EvidenceRecord, ...]


# The model as lines of a checkpoint, and back: what is read equals what was written.
#
# The line of an account ends with a checksum of the JSON before it, after a tab, which JSON does not hold: one changed digit
# would credit the evidence to another account.

_Kind = TypeVar("_Kind")

_ENCODER: Final = msgspec.json.Encoder()
_FORMAT: Final = msgspec.json.Decoder(FormatRecord)
_RUN: Final = msgspec.json.Decoder(RunRecord)
_FINISHED: Final = msgspec.json.Decoder(FinishedRecord)


def line_of_run(identity: RunIdentity, started_at: datetime) -> bytes:
    """Return the first line of a checkpoint; ``started_at`` is aware, in UTC."""
    run = RunRecord(FORMAT, started_at, identity.scope, identity.organization_id, identity.caller_account_id)
    return _ENCODER.encode(run) + b"\n"


def format_of(line: bytes) -> str:
    """Read the format that a first line names, whatever its version; raises ``ValueError`` where it names none."""
    return _read(_FORMAT, line).format


def run_of(line: bytes) -> tuple[RunIdentity, datetime]:
    """Read a first line of this format; raises ``ValueError`` for anything else."""
    run = _read(_RUN, line)
    return RunIdentity(run.scope, run.organization_id, run.caller_account_id), run.started_at


def line_of_account(account: Account, evidence: Sequence[Evidence]) -> bytes:
    """Return the line of a finished account.

    Raises ``UnicodeEncodeError`` for text that JSON cannot carry (half of a surrogate pair), ``msgspec.ValidationError`` for
    values that the model does not allow, such as a time without a time zone.
    """
    content = _ENCODER.encode(FinishedRecord(_as(account, AccountRecord), tuple(map(_record_of, evidence))))
    return b"%b\t%08x\n" % (content, zlib.crc32(content))


def account_of(line: bytes) -> tuple[Account, tuple[Evidence, ...]]:
    """Read the line of a finished account; raises ``ValueError`` for anything else, and for one that was changed.

    A line without a checksum is of an earlier version.
    """
    content, tab, checksum = line.rstrip(b"\n").partition(b"\t")
    if tab and int(checksum, 16) != zlib.crc32(content):
        raise ValueError(checksum)
    finished = _read(_FINISHED, content)
    return _as(finished.account, Account), tuple(map(_evidence_of, finished.evidence))


def _read(decoder: msgspec.json.Decoder[_Kind], line: bytes) -> _Kind:
    """Decode a line; raises ``ValueError`` for wrong values, for what is not UTF-8, and for nesting without end."""
    try:
        return decoder.decode(line)
    except RecursionError as error:
        raise ValueError(str(error)) from error


def _as(value: object, kind: type[_Kind]) -> _Kind:
    """Convert by the names of fields, all the way down."""
    return msgspec.convert(value, kind, from_attributes=True)


def _record_of(evidence: Evidence) -> EvidenceRecord:
    match evidence:
        case Observed(fact=fact, origin=origin):
            return ObservedRecord(_record_of_fact(fact), _as(origin, OriginRecord))
        case Unavailable():
            return _as(evidence, UnavailableRecord)
        case _:
            assert_never(evidence)


def _record_of_fact(fact: Fact) -> FactRecord:
    match fact:
        case RootAccessKeys():
            return _as(fact, RootAccessKeysRecord)
        case AccountSummary():
            return _as(fact, AccountSummaryRecord)
        case CredentialReport():
            return _as(fact, CredentialReportRecord)
        case CallerIdentity():
            return _as(fact, CallerIdentityRecord)
        case _:
            assert_never(fact)


def _evidence_of(record: EvidenceRecord) -> Evidence:
    match record:
        case ObservedRecord(fact=fact, origin=origin):
            return Observed(_fact_of(fact), _as(origin, Origin))
        case UnavailableRecord():
            return _as(record, Unavailable)
        case _:
            assert_never(record)


def _fact_of(record: FactRecord) -> Fact:
    match record:
        case RootAccessKeysRecord():
            return _as(record, RootAccessKeys)
        case AccountSummaryRecord():
            return _as(record, AccountSummary)
        case CredentialReportRecord():
            return _as(record, CredentialReport)
        case CallerIdentityRecord():
            return _as(record, CallerIdentity)
        case _:
            assert_never(record)
