"""Runs saved, listed, loaded and pruned, and the rows that hold from one run to another."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, delete, exists, insert, or_, select, update

from rootsweep.core.finding import Verdict
from rootsweep.core.history.recorded import Drift, EarlierVerdict, RecordedRun, RecordedScope, RunRecord, Sighting
from rootsweep.errors import UsageError
from rootsweep.storage.history.database import connected, nothing_recorded, told, transaction
from rootsweep.storage.history.location import Location
from rootsweep.storage.history.rows import (
    Values,
    account_of,
    accounts_of,
    key_of,
    run_of,
    values_of_account,
    values_of_key,
    values_of_run,
    values_of_scope,
)
from rootsweep.storage.history.tables import ACCOUNTS, KEYS, RUNS, SCOPES

# What is recorded, read back, inside of a transaction that the caller began.

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


# Rows that hold from one run to another of the same scope: what does not change is kept once, and not written again.

_OWN_COLUMNS = 4
"""The columns before ``account_id``: id, scope, first run, gone in."""


def save_rows(connection: Connection, table: Table, scope_id: int, run: int, rows: Iterable[Values]) -> None:
    """Let the rows in force be those of a run, the newest of its scope: end those that are gone, and begin the new ones."""
    in_force: defaultdict[Values, list[int]] = defaultdict(list)
    for row in connection.execute(_in_force(table, scope_id)):
        in_force[tuple(row[1:])].append(row[0])
    begun: list[dict[str, Any]] = []
    names = [column.name for column in table.columns][_OWN_COLUMNS:]
    for values in rows:
        same = in_force.get(values)
        if same:
            same.pop()
        else:
            begun.append({"scope_id": scope_id, "first_run": run, **dict(zip(names, values, strict=True))})
    gone = [{"row_id": row_id} for row_ids in in_force.values() for row_id in row_ids]
    if gone:
        connection.execute(update(table).where(table.c.id == bindparam("row_id")).values(gone_in=run), gone)
    if begun:
        connection.execute(insert(table), begun)


def rows_at(connection: Connection, table: Table, scope_id: int, run: int) -> list[Values]:
    """Give the rows of a run."""
    statement = select(*_values(table)).where(
        table.c.scope_id == scope_id, table.c.first_run <= run, or_(table.c.gone_in.is_(None), table.c.gone_in > run)
    )
    return [tuple(row) for row in connection.execute(statement)]


def rows_of_account(connection: Connection, table: Table, account_id: str) -> list[tuple[int, int, int | None, Values]]:
    """Give every row of an account with its scope, its first run and the run in which it was gone, the oldest first."""
    columns = (table.c.scope_id, table.c.first_run, table.c.gone_in, *_values(table))
    statement = select(*columns).where(table.c.account_id == account_id).order_by(table.c.first_run, table.c.id)
    return [(row[0], row[1], row[2], tuple(row[3:])) for row in connection.execute(statement)]


def _in_force(table: Table, scope_id: int) -> Select[Any]:
    return select(table.c.id, *_values(table)).where(table.c.scope_id == scope_id, table.c.gone_in.is_(None))


def _values(table: Table) -> list[Any]:
    return list(table.columns)[_OWN_COLUMNS:]


# Old runs deleted, and with them the rows that no other run needs.


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many runs were deleted, and how many are left."""

    runs: int
    left: int


def doomed_runs(connection: Connection, keep: int) -> tuple[list[int], int]:
    """Give the runs that pruning would delete, and how many it would leave."""
    newest_first = select(RUNS.c.number, RUNS.c.scope_id, RUNS.c.complete).order_by(RUNS.c.number.desc())
    kept: defaultdict[int, int] = defaultdict(int)
    has_complete: set[int] = set()
    doomed: list[int] = []
    for number, scope_id, complete in connection.execute(newest_first):
        is_last_complete = complete and scope_id not in has_complete
        if is_last_complete:
            has_complete.add(scope_id)
        if kept[scope_id] < keep or is_last_complete:
            kept[scope_id] += 1
        else:
            doomed.append(number)
    return doomed, sum(kept.values())


def prune_runs(connection: Connection, keep: int) -> Pruned:
    """Delete all but the newest runs of each scope, and the last complete one."""
    doomed, left = doomed_runs(connection, keep)
    if doomed:
        connection.execute(delete(RUNS).where(RUNS.c.number == bindparam("doomed")), [{"doomed": number} for number in doomed])
        for table in (ACCOUNTS, KEYS):
            is_in_force = exists().where(
                RUNS.c.scope_id == table.c.scope_id,
                RUNS.c.number >= table.c.first_run,
                or_(table.c.gone_in.is_(None), RUNS.c.number < table.c.gone_in),
            )
            connection.execute(delete(table).where(~is_in_force))
    return Pruned(len(doomed), left)


def shrink(connection: Connection) -> None:
    """Give the room of what was deleted back, and leave none of it in the file; a server does so by itself."""
    if connection.dialect.name != "sqlite":
        return
    # Past SQLAlchemy, which begins a transaction before whatever it executes.
    cursor = connection.connection.cursor()
    with suppress(sqlite3.OperationalError):  # in use, or no room for a copy: it shrinks the next time
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


Compare = Callable[[RecordedRun | None, RecordedRun, Mapping[str, Sequence[EarlierVerdict]]], Drift]
"""What tells the drift from one run to another, given the earlier verdicts on its accounts."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The number that a run was given, and its drift from the last complete run of the same scope."""

    number: int
    drift: Drift


class History:
    """The recorded runs; for one thread. Every method raises ``CannotRunError`` for what the database refuses."""

    __slots__ = ("_connection", "_location")

    def __init__(self, connection: Connection, location: Location) -> None:
        self._connection = connection
        self._location = location

    def save(self, run: RecordedRun, compare: Compare) -> Saved:
        """Save a run, whole or not at all, and tell what has changed; other processes save before it or after it."""
        with self._transaction(writes=True) as connection:
            scope_id = _id_of_scope(connection, run.record.scope)
            last = last_complete(connection, run.record.scope)
            before = None if last is None else load(connection, last)
            drift = compare(before, run, earlier_verdicts(connection, run.record.scope))
            values = {"scope_id": scope_id, **values_of_run(run.record, drift.counts())}
            number = int(connection.execute(insert(RUNS).values(values).returning(RUNS.c.number)).scalar_one())
            accounts = [values_of_account(account) for account in run.accounts]
            keys = [values_of_key(account.id, key) for account in run.accounts for key in account.keys]
            save_rows(connection, ACCOUNTS, scope_id, number, accounts)
            save_rows(connection, KEYS, scope_id, number, keys)
        return Saved(number, drift)

    def runs(self, limit: int | None = None, scope: RecordedScope | None = None) -> tuple[RunRecord, ...]:
        """Give the newest runs, of a scope, the newest first."""
        with self._transaction() as connection:
            return runs(connection, limit, scope)

    def run(self, number: int) -> RunRecord:
        """Give a run without its accounts; raises ``UsageError`` when there is none of that number."""
        with self._transaction() as connection:
            found = run(connection, number)
        if found is None:
            raise UsageError(f"run {number} is not recorded in {self._location}", "`rootsweep history list` shows the runs")
        return found

    def newest_run(self, scope: RecordedScope | None = None) -> RunRecord:
        """Give the newest run, of a scope; raises ``UsageError`` when there is none."""
        with self._transaction() as connection:
            found = runs(connection, 1, scope)
        if not found:
            raise nothing_recorded(self._location)
        return found[0]

    def last_complete(self, scope: RecordedScope | None = None, *, before: int | None = None) -> RunRecord | None:
        """Give the newest complete run, of a scope, and with a smaller number than ``before``."""
        with self._transaction() as connection:
            return last_complete(connection, scope, before)

    def load(self, record: RunRecord) -> RecordedRun:
        """Give a run with its accounts."""
        with self._transaction() as connection:
            return load(connection, record)

    def earlier_verdicts(self, before: RunRecord) -> dict[str, tuple[EarlierVerdict, ...]]:
        """Give the verdicts in a run and in those of its scope before it, of accounts that were non-compliant once."""
        with self._transaction() as connection:
            return earlier_verdicts(connection, before.scope, before.number)

    def timeline(self, account_id: str) -> tuple[Sighting, ...]:
        """Give everything that is recorded of an account, the oldest first."""
        with self._transaction() as connection:
            return sightings(connection, account_id)

    def what_pruning_deletes(self, keep: int) -> tuple[list[int], int]:
        """Give the numbers of the runs that ``prune`` would delete, and how many it would leave."""
        with self._transaction() as connection:
            return doomed_runs(connection, keep)

    def prune(self, keep: int) -> Pruned:
        """Delete all but the newest runs of each scope, and the last complete one; the rest stays as it was."""
        with self._transaction(writes=True) as connection:
            pruned = prune_runs(connection, keep)
        if pruned.runs:
            with told(self._location):
                shrink(self._connection)
        return pruned

    @contextmanager
    def _transaction(self, *, writes: bool = False) -> Iterator[Connection]:
        with told(self._location), transaction(self._connection, writes=writes):
            yield self._connection


@contextmanager
def open_history(location: Location, *, creates: bool) -> Iterator[History]:
    """Open the history; where there is none it is made, or without ``creates`` ``UsageError`` is raised.

    Raises ``CannotRunError`` for what is broken, of a newer rootsweep, not permitted or out of reach.
    """
    with connected(location, creates=creates) as connection:
        yield History(connection, location)


def _id_of_scope(connection: Connection, scope: RecordedScope) -> int:
    values = values_of_scope(scope)
    known = connection.execute(select(SCOPES.c.id).filter_by(**values)).scalar_one_or_none()
    if known is None:
        known = connection.execute(insert(SCOPES).values(values).returning(SCOPES.c.id)).scalar_one()
    return int(known)
