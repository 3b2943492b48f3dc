"""What is kept of a run: who was judged how, and which keys were there; not when or by which request that was seen."""

from rootsweep.core.finding import Finding, KeyRow
from rootsweep.core.history.recorded import RecordedAccount, RecordedRun, RecordedScope, RunRecord
from rootsweep.core.run import Run

_AFTER_EVERY_SLOT = 9


def scope_of(run: Run, asked: str) -> RecordedScope:
    """Take the scope by which runs are compared; ``asked`` tells what the audit was asked to cover."""
    return RecordedScope(run.scope.kind, run.scope.partition, run.scope.organization_id, asked)


def record(run: Run, asked: str) -> RecordedRun:
    """Take what is kept of a run; ``asked`` tells what the audit was asked to cover."""
    scope = run.scope
    return RecordedRun(
        RunRecord(
            number=None,
            scope=scope_of(run, asked),
            started_at=run.started_at,
            finished_at=run.finished_at,
            tool_version=run.tool_version,
            complete=scope.complete,
            incomplete_because=scope.incomplete_because,
            summary=run.summary(),
            rejected_inputs=len(run.rejected_inputs),
        ),
        tuple(sorted(map(_account, run.findings), key=lambda one: one.id)),
    )


def in_order(keys: tuple[KeyRow, ...]) -> tuple[KeyRow, ...]:
    """Sort keys by slot and id."""
    return tuple(sorted(keys, key=lambda key: (key.slot or _AFTER_EVERY_SLOT, key.id or "", repr(key))))


def _account(finding: Finding) -> RecordedAccount:
    account = finding.account
    return RecordedAccount(
        id=account.id,
        name=account.name,
        partition=account.partition,
        state=account.state,
        is_management_account=account.is_management_account,
        path=account.path,
        verdict=finding.verdict,
        severity=finding.severity,
        reasons=finding.reason_codes,
        excepted=finding.exception is not None,
        keys=in_order(finding.keys),
    )
