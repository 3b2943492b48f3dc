"""Runs saved, listed, loaded and pruned."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from rootsweep.errors import UsageError
from rootsweep.history import reading
from rootsweep.history.failures import told
from rootsweep.history.location import Location
from rootsweep.history.opening import connected, nothing_recorded, transaction
from rootsweep.history.pruning import Pruned, doomed_runs, prune_runs, shrink
from rootsweep.history.rows import values_of_account, values_of_key, values_of_run, values_of_scope
from rootsweep.history.spans import save_rows
from rootsweep.history.tables import ACCOUNTS, KEYS, RUNS, SCOPES
from rootsweep.model.history import Drift, EarlierVerdict, RecordedRun, RecordedScope, RunRecord, Sighting

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
            last = reading.last_complete(connection, run.record.scope)
            before = None if last is None else reading.load(connection, last)
            drift = compare(before, run, reading.earlier_verdicts(connection, run.record.scope))
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
            return reading.runs(connection, limit, scope)

    def run(self, number: int) -> RunRecord:
        """Give a run without its accounts; raises ``UsageError`` when there is none of that number."""
        with self._transaction() as connection:
            found = reading.run(connection, number)
        if found is None:
            raise UsageError(f"run {number} is not recorded in {self._location}", "`rootsweep history list` shows the runs")
        return found

    def newest_run(self, scope: RecordedScope | None = None) -> RunRecord:
        """Give the newest run, of a scope; raises ``UsageError`` when there is none."""
        with self._transaction() as connection:
            found = reading.runs(connection, 1, scope)
        if not found:
            raise nothing_recorded(self._location)
        return found[0]

    def last_complete(self, scope: RecordedScope | None = None, *, before: int | None = None) -> RunRecord | None:
        """Give the newest complete run, of a scope, and with a smaller number than ``before``."""
        with self._transaction() as connection:
            return reading.last_complete(connection, scope, before)

    def load(self, record: RunRecord) -> RecordedRun:
        """Give a run with its accounts."""
        with self._transaction() as connection:
            return reading.load(connection, record)

    def earlier_verdicts(self, before: RunRecord) -> dict[str, tuple[EarlierVerdict, ...]]:
        """Give the verdicts in a run and in those of its scope before it, of accounts that were non-compliant once."""
        with self._transaction() as connection:
            return reading.earlier_verdicts(connection, before.scope, before.number)

    def timeline(self, account_id: str) -> tuple[Sighting, ...]:
        """Give everything that is recorded of an account, the oldest first."""
        with self._transaction() as connection:
            return reading.sightings(connection, account_id)

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
