"""The public JSON contract ``rootsweep.history/1``, as structs of its own: three views of the recorded runs.

Keys may be added, never removed. Times are RFC 3339 in UTC; what is absent is null, never left out.
"""

from typing import Final, Literal

import msgspec

from rootsweep.reports.contract import KeyEntry, ScopeEntry, Status, SummaryEntry, Time, Tool

SCHEMA: Final = "rootsweep.history/1"

Verdict = Literal["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE", "INSUFFICIENT_DATA"]


class CountsEntry(msgspec.Struct, frozen=True):
    """How many accounts have changed."""

    new: int
    reappeared: int
    fixed: int
    lost_sight_of: int


class RunEntry(msgspec.Struct, frozen=True):
    """A recorded run; ``drift`` is against the last complete run of the same scope before it, as it was when it was saved."""

    number: int
    started_at: Time
    finished_at: Time
    tool_version: str
    scope: ScopeEntry
    asked: str
    summary: SummaryEntry
    rejected_inputs: int
    drift: CountsEntry


class RecordedAccountEntry(msgspec.Struct, frozen=True):
    """An account in one run; ``reasons`` are codes."""

    name: str | None
    partition: str | None
    state: Literal["PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"] | None
    is_management_account: bool
    path: str | None
    verdict: Verdict
    severity: Literal["CRITICAL", "HIGH"] | None
    reasons: list[str]
    excepted: bool
    keys: list[KeyEntry]


class ChangeEntry(msgspec.Struct, frozen=True):
    """An account that has changed; ``keys`` are those that the change is about."""

    account_id: str
    change: Literal["new", "reappeared", "fixed", "lost_sight_of"]
    reason: str
    fixed_in: int | None
    keys: list[KeyEntry]
    before: RecordedAccountEntry | None
    now: RecordedAccountEntry | None


class UnchangedEntry(msgspec.Struct, frozen=True):
    """Counts of the accounts that are none of new, reappeared, fixed and lost sight of."""

    compliant: int
    non_compliant: int
    not_applicable: int
    insufficient_data: int
    newly_proven: int
    others: int


class StatusEntry(msgspec.Struct, frozen=True):
    """From when on a key was seen with a status."""

    status: Status
    seen_at: Time
    run: int


class KeyLifeEntry(msgspec.Struct, frozen=True):
    """The life of one key; ``gone_by`` is the run that proves that the account has none."""

    key: KeyEntry
    first_seen_at: Time
    last_seen_at: Time
    statuses: list[StatusEntry]
    gone_at: Time | None
    gone_by: int | None


class SightingEntry(msgspec.Struct, frozen=True):
    """The account as it was from one run to another of the same scope."""

    first_run: int
    first_seen_at: Time
    last_run: int
    last_seen_at: Time
    account: RecordedAccountEntry


class Runs(msgspec.Struct, frozen=True, tag_field="view", tag="list"):
    """``rootsweep history list``: the newest runs, the newest first."""

    schema: Literal["rootsweep.history/1"]
    tool: Tool
    runs: list[RunEntry]


class Changes(msgspec.Struct, frozen=True, tag_field="view", tag="diff"):
    """``rootsweep history diff``: what has changed; ``before`` is null where there was no run to compare with."""

    schema: Literal["rootsweep.history/1"]
    tool: Tool
    before: RunEntry | None
    now: RunEntry
    counts: CountsEntry
    changes: list[ChangeEntry]
    unchanged: UnchangedEntry


class Life(msgspec.Struct, frozen=True, tag_field="view", tag="show"):
    """``rootsweep history show``: an account over time."""

    schema: Literal["rootsweep.history/1"]
    tool: Tool
    account_id: str
    sightings: list[SightingEntry]
    keys: list[KeyLifeEntry]


def json_schema() -> dict[str, object]:
    """Give the JSON Schema (2020-12) of the views, as the package ships it in ``rootsweep.history-1.schema.json``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        **msgspec.json.schema(Runs | Changes | Life),
    }
