"""The public contract ``rootsweep.plan/1``, as structs of its own.

Times are RFC 3339 in UTC, spans are whole seconds; what is absent is null, never left out. Every key is known to the version
that reads it: a plan that says more than its reader understands is refused, so that no guard of it goes unnoticed.
"""

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from rootsweep.model.evidence import KeyStatus
from rootsweep.model.organization import AccountState
from rootsweep.model.remediation import ActionKind, HeldBackReason, Precondition

SCHEMA: Final = "rootsweep.plan/1"

Time = Annotated[datetime, msgspec.Meta(tz=True)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=10**13)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings that all records share."""


class ToolRecord(Record, frozen=True):
    """The program that made the plan."""

    name: str
    version: str


class AccountRecord(Record, frozen=True):
    """An account, and where it stands in its organization."""

    id: str
    name: str | None
    partition: str | None
    state: AccountState | None
    is_management_account: bool
    path: str | None


class LastUsedRecord(Record, frozen=True):
    """When, where and by which service a key was last used."""

    at: Time
    region: str | None
    service: str | None


class KeyRecord(Record, frozen=True):
    """A key of a plan; ``last_used`` is there where ``last_used_status`` is ``recorded``, and only there."""

    account: AccountRecord
    id: str | None
    slot: int | None
    status: KeyStatus
    created_at: Time | None
    last_rotated_at: Time | None
    last_used: LastUsedRecord | None
    last_used_status: Literal["recorded", "never_recorded", "unknown"]


class ActionRecord(Record, frozen=True):
    """What is to be done with a key."""

    kind: ActionKind
    key: KeyRecord
    preconditions: tuple[Precondition, ...]
    runbook: tuple[str, ...]


class HeldBackRecord(Record, frozen=True):
    """A key that is left alone."""

    key: KeyRecord
    reason: HeldBackReason
    message: str
    release: str | None


class GuardsRecord(Record, frozen=True):
    """What a key must satisfy to be planned for deletion, and how many accounts a plan may touch."""

    min_idle_seconds: Seconds
    min_age_seconds: Seconds
    max_accounts: Count
    max_share: Share
    valid_for_seconds: Seconds
    allow_recent: tuple[str, ...]


class PlanRecord(Record, frozen=True):
    """A plan; ``digest`` is SHA-256, in hexadecimal, of all else: JSON in UTF-8 with sorted keys and without blanks."""

    schema: Literal["rootsweep.plan/1"]
    digest: str
    tool: ToolRecord
    created_at: Time
    expires_at: Time
    as_of: Time
    organization_id: str | None
    partition: str | None
    accounts: Count
    unread: tuple[str, ...]
    incomplete_because: str | None
    guards: GuardsRecord
    actions: tuple[ActionRecord, ...]
    held_back: tuple[HeldBackRecord, ...]


def json_schema() -> dict[str, object]:
    """Give the JSON Schema (2020-12) of a plan, as the package ships it in ``rootsweep.plan-1.schema.json``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        **msgspec.json.schema(PlanRecord),
    }
