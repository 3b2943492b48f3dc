"""The lines of a journal, as structs of their own, and the values of ``core`` that they hold.

Times are RFC 3339 in UTC; nothing is left out, what is absent is null.
"""

import hashlib
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, TypeVar, assert_never

import msgspec

from rootsweep.core.removal.journal import (
    Entry,
    EntryKind,
    Intent,
    Note,
    Outcome,
    Payload,
    PlanOpened,
    RemediationCommand,
    TornLine,
    kind_of,
)

Time = Annotated[datetime, msgspec.Meta(tz=True)]
Digest = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Count = Annotated[int, msgspec.Meta(ge=0)]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """What all entries have."""

    sequence: Count
    at: Time
    previous: Digest


class PlanOpenedRecord(Record, frozen=True, tag=EntryKind.PLAN_OPENED.value):
    """``model.journal.PlanOpened``."""

    plan_digest: str
    organization_id: str | None
    caller_arn: str
    tool_version: str
    command: RemediationCommand


class IntentRecord(Record, frozen=True, tag=EntryKind.INTENT.value):
    """``model.journal.Intent``."""

    plan_digest: str
    account_id: str
    key_id: str | None
    action: str


class OutcomeRecord(Record, frozen=True, tag=EntryKind.OUTCOME.value):
    """``model.journal.Outcome``."""

    plan_digest: str
    account_id: str
    key_id: str | None
    action: str
    outcome: str
    detail: str | None
    request_ids: tuple[str, ...]


class TornLineRecord(Record, frozen=True, tag=EntryKind.TORN_LINE.value):
    """``model.journal.TornLine``."""

    length: Count
    digest: Digest


class NoteRecord(Record, frozen=True, tag=EntryKind.NOTE.value):
    """``model.journal.Note``."""

    text: str


EntryRecord = PlanOpenedRecord | IntentRecord | OutcomeRecord | TornLineRecord | NoteRecord


# The model as lines of a journal, and back: what is read equals what was written.

_Kind = TypeVar("_Kind")

_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final[msgspec.json.Decoder[EntryRecord]] = msgspec.json.Decoder(EntryRecord)
_BEGINNINGS: Final = tuple(f'{{"kind":"{kind}","sequence":0,"at":"'.encode() for kind in EntryKind)


def hash_of(content: bytes) -> str:
    """Return the SHA-256 hash in hexadecimal; a line is hashed with its line end."""
    return hashlib.sha256(content).hexdigest()


def line_of(sequence: int, at: datetime, previous: str, payload: Payload) -> bytes:
    """Return the line of an entry; ``at`` is aware.

    Raises ``ValueError`` for text that JSON cannot carry (half of a surrogate pair) and for values that the model does not
    allow, such as a time without a time zone.
    """
    values = {field.name: getattr(payload, field.name) for field in fields(payload)}
    in_utc = at if at.tzinfo is None else at.astimezone(UTC)
    head = {"kind": kind_of(payload).value, "sequence": sequence, "at": in_utc, "previous": previous}
    record: EntryRecord = msgspec.convert(head | values, EntryRecord)
    return _ENCODER.encode(record) + b"\n"


def entry_of(line: bytes) -> Entry:
    """Read the line of an entry, with its line end; raises ``ValueError`` for anything else, such as a time not in UTC."""
    try:
        record = _DECODER.decode(line)
    except RecursionError as error:
        raise ValueError(str(error)) from error
    if record.at.utcoffset() != timedelta():
        raise ValueError("the time is not in UTC")
    return Entry(record.sequence, record.at, record.previous, hash_of(line), _payload_of(record))


def may_begin_a_journal(content: bytes) -> bool:
    """Return whether this is the beginning of a first line, which a crash may have cut off anywhere."""
    return any(content.startswith(beginning[: len(content)]) for beginning in _BEGINNINGS)


def _payload_of(record: EntryRecord) -> Payload:
    match record:
        case PlanOpenedRecord():
            return _as(record, PlanOpened)
        case IntentRecord():
            return _as(record, Intent)
        case OutcomeRecord():
            return _as(record, Outcome)
        case TornLineRecord():
            return _as(record, TornLine)
        case NoteRecord():
            return _as(record, Note)
        case _:
            assert_never(record)


def _as(value: object, kind: type[_Kind]) -> _Kind:
    """Convert by the names of fields."""
    return msgspec.convert(value, kind, from_attributes=True)
