"""The lines of a checkpoint, as structs of their own: they mirror the model, and a field that only one of them has is an error.

Times are RFC 3339 in UTC with microseconds; what equals its default is left out.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from rootsweep.model.evidence import Access, KeyStatus, NoLastUse, SlotState, Source, UnavailableReason
from rootsweep.model.organization import AccountState

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
