"""The recorded runs for programs: the public contract ``rootsweep.history/1``."""

from collections.abc import Sequence
from typing import Final, TextIO

import msgspec

from rootsweep import __version__
from rootsweep.model.history import (
    AccountDrift,
    AccountLife,
    Drift,
    DriftCounts,
    KeyLife,
    RecordedAccount,
    RunRecord,
    Sighting,
)
from rootsweep.reports import contract, history_contract
from rootsweep.reports.formats.json_contract import key_entry
from rootsweep.reports.json_text import indented
from rootsweep.reports.registry import RenderOptions

_TOOL: Final = contract.Tool("rootsweep", __version__)


def write_runs(runs: Sequence[RunRecord], stream: TextIO, options: RenderOptions) -> None:  # noqa: ARG001  JSON has one look
    """Write the view ``list``."""
    _write(history_contract.Runs(history_contract.SCHEMA, _TOOL, [_run(one) for one in runs]), stream)


def write_drift(drift: Drift, stream: TextIO, options: RenderOptions) -> None:  # noqa: ARG001  JSON has one look
    """Write the view ``diff``."""
    document = history_contract.Changes(
        schema=history_contract.SCHEMA,
        tool=_TOOL,
        before=None if drift.before is None else _run(drift.before),
        now=_run(drift.now),
        counts=_counts(drift.counts()),
        changes=[_change(one) for one in drift.changes],
        unchanged=msgspec.convert(drift.unchanged, history_contract.UnchangedEntry, from_attributes=True),
    )
    _write(document, stream)


def write_life(life: AccountLife, stream: TextIO, options: RenderOptions) -> None:  # noqa: ARG001  JSON has one look
    """Write the view ``show``."""
    sightings = [_sighting(one) for one in life.sightings]
    _write(
        history_contract.Life(history_contract.SCHEMA, _TOOL, life.account_id, sightings, [_life(one) for one in life.keys]),
        stream,
    )


def _write(document: msgspec.Struct, stream: TextIO) -> None:
    stream.write(f"{indented(document)}\n")


def _run(record: RunRecord) -> history_contract.RunEntry:
    scope = record.scope
    return history_contract.RunEntry(
        number=record.number or 0,
        started_at=record.started_at,
        finished_at=record.finished_at,
        tool_version=record.tool_version,
        scope=contract.ScopeEntry(
            scope.kind.value, scope.partition, scope.organization_id, record.complete, record.incomplete_because
        ),
        asked=scope.asked,
        summary=msgspec.convert(record.summary, contract.SummaryEntry, from_attributes=True),
        rejected_inputs=record.rejected_inputs,
        drift=_counts(record.drift or DriftCounts()),
    )


def _counts(counts: DriftCounts) -> history_contract.CountsEntry:
    return history_contract.CountsEntry(counts.new, counts.reappeared, counts.fixed, counts.lost_sight_of)


def _change(one: AccountDrift) -> history_contract.ChangeEntry:
    return history_contract.ChangeEntry(
        account_id=one.account.id,
        change=one.change.value,
        reason=one.reason.value,
        fixed_in=one.fixed_in,
        keys=[key_entry(row) for row in one.keys],
        before=None if one.before is None else _account(one.before),
        now=None if one.now is None else _account(one.now),
    )


def _account(account: RecordedAccount) -> history_contract.RecordedAccountEntry:
    return history_contract.RecordedAccountEntry(
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


def _sighting(one: Sighting) -> history_contract.SightingEntry:
    first, last = one.first, one.last
    return history_contract.SightingEntry(
        first.number or 0, first.finished_at, last.number or 0, last.finished_at, _account(one.account)
    )


def _life(life: KeyLife) -> history_contract.KeyLifeEntry:
    return history_contract.KeyLifeEntry(
        key=key_entry(life.key),
        first_seen_at=life.first_seen_at,
        last_seen_at=life.last_seen_at,
        statuses=[history_contract.StatusEntry(one.status.value, one.seen_at, one.run) for one in life.statuses],
        gone_at=life.gone_at,
        gone_by=life.gone_by,
    )
