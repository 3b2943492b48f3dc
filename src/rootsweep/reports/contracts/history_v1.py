"""The public JSON contract ``rootsweep.history/1``, as structs of its own: three views of the recorded runs.

Keys may be added, never removed. Times are RFC 3339 in UTC; what is absent is null, never left out.
"""

from collections.abc import Sequence
from typing import Final, Literal, TextIO

import msgspec

from rootsweep.core.history.recorded import (
    AccountDrift,
    AccountLife,
    Drift,
    DriftCounts,
    KeyLife,
    RecordedAccount,
    RunRecord,
    Sighting,
)
from rootsweep.reports.contracts import audit_v1
from rootsweep.reports.contracts.audit_v1 import KeyEntry, ScopeEntry, Status, SummaryEntry, Time, Tool, indented
from rootsweep.reports.contracts.audit_v1_write import key_entry
from rootsweep.reports.registry import RenderOptions
from rootsweep.version import __version__

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
    """Return the JSON Schema (2020-12) of the views, as the package ships it in ``rootsweep.history-1.schema.json``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        **msgspec.json.schema(Runs | Changes | Life),
    }


# The recorded runs for programs: the public contract ``rootsweep.history/1``.

_TOOL: Final = audit_v1.Tool("rootsweep", __version__)


def write_runs(runs: Sequence[RunRecord], stream: TextIO, options: RenderOptions) -> None:  # noqa: ARG001  JSON has one look
    """Write the view ``list``."""
    _write(Runs(SCHEMA, _TOOL, [_run(one) for one in runs]), stream)


def write_drift(drift: Drift, stream: TextIO, options: RenderOptions) -> None:  # noqa: ARG001  JSON has one look
    """Write the view ``diff``."""
    document = Changes(
        schema=SCHEMA,
        tool=_TOOL,
        before=None if drift.before is None else _run(drift.before),
        now=_run(drift.now),
        counts=_counts(drift.counts()),
        changes=[_change(one) for one in drift.changes],
        unchanged=msgspec.convert(drift.unchanged, UnchangedEntry, from_attributes=True),
    )
    _write(document, stream)


def write_life(life: AccountLife, stream: TextIO, options: RenderOptions) -> None:  # noqa: ARG001  JSON has one look
    """Write the view ``show``."""
    sightings = [_sighting(one) for one in life.sightings]
    _write(
        Life(SCHEMA, _TOOL, life.account_id, sightings, [_life(one) for one in life.keys]),
        stream,
    )


def _write(document: msgspec.Struct, stream: TextIO) -> None:
    stream.write(f"{indented(document)}\n")


def _run(record: RunRecord) -> RunEntry:
    scope = record.scope
    return RunEntry(
        number=record.number or 0,
        started_at=record.started_at,
        finished_at=record.finished_at,
        tool_version=record.tool_version,
        scope=audit_v1.ScopeEntry(
            scope.kind.value, scope.partition, scope.organization_id, record.complete, record.incomplete_because
        ),
        asked=scope.asked,
        summary=msgspec.convert(record.summary, audit_v1.SummaryEntry, from_attributes=True),
        rejected_inputs=record.rejected_inputs,
        drift=_counts(record.drift or DriftCounts()),
    )


def _counts(counts: DriftCounts) -> CountsEntry:
    return CountsEntry(counts.new, counts.reappeared, counts.fixed, counts.lost_sight_of)


def _change(one: AccountDrift) -> ChangeEntry:
    return ChangeEntry(
        account_id=one.account.id,
        change=one.change.value,
        reason=one.reason.value,
        fixed_in=one.fixed_in,
        keys=[key_entry(row) for row in one.keys],
        before=None if one.before is None else _account(one.before),
        now=None if one.now is None else _account(one.now),
    )


def _account(account: RecordedAccount) -> RecordedAccountEntry:
    return RecordedAccountEntry(
        name=account.name,
        partition=account.partition,
        state=None if account.state is None else account.state.value,
        is_management_account=account.is_management_account,
        path=account.path,
        verdict=account.verdict.value,
        severity=None if account.severity is None else account.severity.value,
        reasons=list(account.reasons),
        excepted=account.excepted,
        keys=[key_entry(row) for row in account.keys],
    )


def _sighting(one: Sighting) -> SightingEntry:
    first, last = one.first, one.last
    return SightingEntry(first.number or 0, first.finished_at, last.number or 0, last.finished_at, _account(one.account))


def _life(life: KeyLife) -> KeyLifeEntry:
    return KeyLifeEntry(
        key=key_entry(life.key),
        first_seen_at=life.first_seen_at,
        last_seen_at=life.last_seen_at,
        statuses=[StatusEntry(one.status.value, one.seen_at, one.run) for one in life.statuses],
        gone_at=life.gone_at,
        gone_by=life.gone_by,
    )
