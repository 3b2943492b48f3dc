"""The lines of a journal, as structs of their own: they mirror the model, and a field that only one of them has is an error.

Times are RFC 3339 in UTC; nothing is left out, what is absent is null.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from rootsweep.model.journal import EntryKind, RemediationCommand

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
