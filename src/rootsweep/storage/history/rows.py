"""The model as rows, and back: what is read equals what was written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any, Final

from rootsweep.core.evidence import KeyStatus, LastUsed, NoLastUse
from rootsweep.core.finding import KeyRow, Severity, Verdict
from rootsweep.core.history.recorded import DriftCounts, RecordedAccount, RecordedScope, RunRecord
from rootsweep.core.organization import AccountState, ScopeKind
from rootsweep.core.run import Summary
from rootsweep.storage.history.recording import in_order

Values = tuple[Any, ...]

_RECORDED: Final = "recorded"


def values_of_scope(scope: RecordedScope) -> dict[str, str]:
    """Return the columns of a scope; what is absent is empty, because a database takes no two NULLs for equal."""
    return {
        "kind": scope.kind.value,
        "partition": scope.partition or "",
        "organization_id": scope.organization_id or "",
        "asked": scope.asked,
    }


def values_of_run(record: RunRecord, drift: DriftCounts) -> dict[str, Any]:
    """Return the columns of a run, without its number and scope."""
    return {
        "started_at": record.started_at,
        "finished_at": record.finished_at,
        "tool_version": record.tool_version,
        "complete": record.complete,
        "incomplete_because": _storable(record.incomplete_because),
        "rejected_inputs": record.rejected_inputs,
        **asdict(record.summary),
        **asdict(drift),
    }


def run_of(row: Mapping[str, Any]) -> RunRecord:
    """Read a run, joined with its scope."""
    return RunRecord(
        number=_count(row["number"]),
        scope=RecordedScope(
            ScopeKind(row["kind"]), _text(row["partition"]) or None, _text(row["organization_id"]) or None, _text(row["asked"])
        ),
        started_at=_time(row["started_at"]),
        finished_at=_time(row["finished_at"]),
        tool_version=_text(row["tool_version"]),
        complete=_flag(row["complete"]),
        incomplete_because=_text_or_none(row["incomplete_because"]),
        summary=Summary(*(_count(row[one.name]) for one in fields(Summary))),
        rejected_inputs=_count(row["rejected_inputs"]),
        drift=DriftCounts(*(_count(row[one.name]) for one in fields(DriftCounts))),
    )


RUN_COLUMNS: Final = (
    "number",
    "scope_id",
    "started_at",
    "finished_at",
    "tool_version",
    "complete",
    "incomplete_because",
    "rejected_inputs",
    *(one.name for one in fields(Summary)),
    *(one.name for one in fields(DriftCounts)),
    "kind",
    "partition",
    "organization_id",
    "asked",
)
"""The columns of a run, joined with its scope."""


def values_of_account(account: RecordedAccount) -> Values:
    """Return the columns of an account, in the order of the table, from ``account_id`` on."""
    return (
        account.id,
        _storable(account.name),
        account.partition,
        None if account.state is None else account.state.value,
        account.is_management_account,
        account.path,
        account.verdict.value,
        None if account.severity is None else account.severity.value,
        " ".join(account.reasons),
        account.excepted,
    )


def values_of_key(account_id: str, key: KeyRow) -> Values:
    """Return the columns of a key, in the order of the table, from ``account_id`` on."""
    use = key.last_use
    used = (_RECORDED, use.at, use.region, use.service) if isinstance(use, LastUsed) else (use.value, None, None, None)
    return (account_id, key.id, key.slot, key.status.value, key.created_at, key.last_rotated_at, *used)


def accounts_of(accounts: Iterable[Values], keys: Iterable[Values]) -> tuple[RecordedAccount, ...]:
    """Read accounts with their keys, in ascending order of their ids."""
    by_account: defaultdict[str, list[KeyRow]] = defaultdict(list)
    for values in keys:
        by_account[values[0]].append(key_of(values))
    return tuple(account_of(values, by_account.get(values[0], ())) for values in sorted(accounts, key=lambda one: str(one[0])))


def account_of(values: Values, keys: Iterable[KeyRow]) -> RecordedAccount:
    """Read an account."""
    account_id, name, partition, state, is_management_account, path, verdict, severity, reasons, excepted = values
    return RecordedAccount(
        id=_text(account_id),
        name=_text_or_none(name),
        partition=_text_or_none(partition),
        state=None if state is None else AccountState(state),
        is_management_account=_flag(is_management_account),
        path=_text_or_none(path),
        verdict=Verdict(verdict),
        severity=None if severity is None else Severity(severity),
        reasons=tuple(reasons.split()),
        excepted=_flag(excepted),
        keys=in_order(tuple(keys)),
    )


def key_of(values: Values) -> KeyRow:
    """Read a key."""
    _, key_id, slot, status, created_at, last_rotated_at, last_use, used_at, region, service = values
    is_recorded = last_use == _RECORDED
    use = LastUsed(_time(used_at), _text_or_none(region), _text_or_none(service)) if is_recorded else NoLastUse(last_use)
    number = None if slot is None else _count(slot)
    return KeyRow(
        _text_or_none(key_id), number, KeyStatus(status), _time_or_none(created_at), _time_or_none(last_rotated_at), use
    )


def _count(value: object) -> int:
    """Check a number: SQLite keeps whatever a damaged file holds in a column of any type."""
    if not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _flag(value: object) -> bool:
    """Check a truth value: SQLite keeps it as 0 or 1."""
    if value not in {0, 1}:
        raise ValueError(value)
    return bool(value)


def _time(value: object) -> datetime:
    """Read a time: SQLite keeps it as text, in UTC, without a zone; a server gives it in the zone of the session."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    time = datetime.fromisoformat(_text(value))
    if time.tzinfo is not None:
        raise ValueError(value)
    return time.replace(tzinfo=UTC)


def _time_or_none(value: object) -> datetime | None:
    return None if value is None else _time(value)


def _storable(text: str | None) -> str | None:
    """Escape what no database takes: the character NUL, and halves of surrogate pairs."""
    if text is None:
        return None
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")
