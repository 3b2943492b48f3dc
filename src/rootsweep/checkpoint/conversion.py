"""The model as lines of a checkpoint, and back: what is read equals what was written.

The line of an account ends with a checksum of the JSON before it, after a tab, which JSON does not hold: one changed digit
would credit the evidence to another account.
"""

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar, assert_never

import msgspec

from rootsweep.checkpoint.identity import FORMAT, RunIdentity
from rootsweep.checkpoint.records import (
    AccountRecord,
    AccountSummaryRecord,
    CallerIdentityRecord,
    CredentialReportRecord,
    EvidenceRecord,
    FactRecord,
    FinishedRecord,
    FormatRecord,
    ObservedRecord,
    OriginRecord,
    RootAccessKeysRecord,
    RunRecord,
    UnavailableRecord,
)
from rootsweep.model.evidence import (
    AccountSummary,
    CallerIdentity,
    CredentialReport,
    Evidence,
    Fact,
    Observed,
    Origin,
    RootAccessKeys,
    Unavailable,
)
from rootsweep.model.organization import Account

_Kind = TypeVar("_Kind")

_ENCODER: Final = msgspec.json.Encoder()
_FORMAT: Final = msgspec.json.Decoder(FormatRecord)
_RUN: Final = msgspec.json.Decoder(RunRecord)
_FINISHED: Final = msgspec.json.Decoder(FinishedRecord)


def line_of_run(identity: RunIdentity, started_at: datetime) -> bytes:
    """Give the first line of a checkpoint; ``started_at`` is aware, in UTC."""
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
    """Give the line of a finished account.

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
