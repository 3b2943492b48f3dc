"""What is recorded, read back, inside of a transaction that the caller began."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Select, select

from rootsweep.history.rows import Values, account_of, accounts_of, key_of, run_of, values_of_scope
from rootsweep.history.spans import rows_at, rows_of_account
from rootsweep.history.tables import ACCOUNTS, KEYS, RUNS, SCOPES
from rootsweep.model.finding import Verdict
from rootsweep.model.history import EarlierVerdict, RecordedRun, RecordedScope, RunRecord, Sighting

_Spans = Sequence[tuple[int, int, int | None, Values]]


def runs(connection: Connection, limit: int | None, scope: RecordedScope | None = None) -> tuple[RunRecord, ...]:
    """Give the newest runs, the newest first."""
    statement = _runs(scope).order_by(RUNS.c.number.desc()).limit(limit)
    return tuple(map(run_of, connection.execute(statement)))


def run(connection: Connection, number: int) -> RunRecord | None:
    """Give a run without its accounts."""
    row = connection.execute(_runs(None).where(RUNS.c.number == number)).one_or_none()
    return None if row is None else run_of(row)


def last_complete(connection: Connection, scope: RecordedScope | None, before: int | None = None) -> RunRecord | None:
    """Give the newest complete run, with a smaller number than ``before``."""
    statement = _runs(scope).where(RUNS.c.complete)
    if before is not None:
        statement = statement.where(RUNS.c.number < before)
    row = connection.execute(statement.order_by(RUNS.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else run_of(row)


def load(connection: Connection, record: RunRecord) -> RecordedRun:
    """Give a run with its accounts; of one that was pruned meanwhile, what is left."""
    number = record.number
    scope_id = connection.execute(select(RUNS.c.scope_id).where(RUNS.c.number == number)).scalar_one_or_none()
    if number is None or scope_id is None:
        return RecordedRun(record, ())
    accounts = rows_at(connection, ACCOUNTS, scope_id, number)
    return RecordedRun(record, accounts_of(accounts, rows_at(connection, KEYS, scope_id, number)))


def earlier_verdicts(
    connection: Connection, scope: RecordedScope, up_to: int | None = None
) -> dict[str, tuple[EarlierVerdict, ...]]:
    """Give the verdicts, the oldest first, of the accounts of a scope that were non-compliant once, up to and with a run."""
    of_scope = ACCOUNTS.c.scope_id.in_(select(SCOPES.c.id).filter_by(**values_of_scope(scope)))
    once_found = select(ACCOUNTS.c.account_id).where(of_scope, ACCOUNTS.c.verdict == Verdict.NON_COMPLIANT.value)
    statement = select(ACCOUNTS.c.account_id, ACCOUNTS.c.first_run, ACCOUNTS.c.verdict).where(
        of_scope, ACCOUNTS.c.account_id.in_(once_found)
    )
    if up_to is not None:
        statement = statement.where(ACCOUNTS.c.first_run <= up_to)
    found: defaultdict[str, list[EarlierVerdict]] = defaultdict(list)
    for account_id, first_run, verdict in connection.execute(statement.order_by(ACCOUNTS.c.first_run)):
        found[account_id].append(EarlierVerdict(first_run, Verdict(verdict)))
    return {account_id: tuple(verdicts) for account_id, verdicts in found.items()}


def sightings(connection: Connection, account_id: str) -> tuple[Sighting, ...]:
    """Give everything that is recorded of an account, the oldest first."""
    accounts = rows_of_account(connection, ACCOUNTS, account_id)
    keys = rows_of_account(connection, KEYS, account_id)
    by_scope: defaultdict[int, list[RunRecord]] = defaultdict(list)
    of_scopes = RUNS.c.scope_id.in_({scope_id for scope_id, *_ in accounts})
    for row in connection.execute(_runs(None).where(of_scopes).order_by(RUNS.c.number)):
        by_scope[row.scope_id].append(run_of(row))
    found = [sighting for span in accounts for sighting in _sightings_in(span, keys, by_scope[span[0]])]
    return tuple(sorted(found, key=lambda one: one.first.number or 0))


def _sightings_in(
    span: tuple[int, int, int | None, Values], keys: _Spans, runs_of_scope: Sequence[RunRecord]
) -> Iterator[Sighting]:
    """Divide the time in which an account's row holds where its keys change."""
    scope_id, first, gone, values = span
    its_keys = [one for one in keys if one[0] == scope_id]
    end = (runs_of_scope[-1].number or 0) + 1 if runs_of_scope else first
    last = end if gone is None else gone
    changes = {number for _, begun, ended, _ in its_keys for number in (begun, ended) if number and first < number < last}
    for begin, until in pairwise([first, *sorted(changes), last]):
        within = [one for one in runs_of_scope if begin <= (one.number or 0) < until]
        if within:
            held = [key_of(key) for _, begun, ended, key in its_keys if begun <= begin and (ended is None or ended > begin)]
            yield Sighting(account_of(values, held), within[0], within[-1])


def _runs(scope: RecordedScope | None) -> Select[Any]:
    statement = select(RUNS, SCOPES).join(SCOPES, RUNS.c.scope_id == SCOPES.c.id)
    return statement if scope is None else statement.filter(*(SCOPES.c[k] == v for k, v in values_of_scope(scope).items()))
