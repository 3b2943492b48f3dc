"""Runs saved, listed, loaded and pruned, and the rows that hold from one run to another."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rootsweep.core.finding import Verdict
from rootsweep.core.history.recorded import Drift, EarlierVerdict, RecordedRun, RecordedScope, RunRecord, Sighting
from rootsweep.errors import UsageError
from rootsweep.storage.history.database import Database, connected, database_errors, nothing_recorded
from rootsweep.storage.history.location import Location
from rootsweep.storage.history.rows import (
    RUN_COLUMNS,
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

# What is recorded, read back, inside of a transaction that the caller began.

_Spans = Sequence[tuple[int, int, int | None, Values]]

_RUNS: Final = (
    f"SELECT {', '.join(RUN_COLUMNS)} FROM rootsweep_runs "  # noqa: S608  names of ours
    "JOIN rootsweep_scopes ON rootsweep_runs.scope_id = rootsweep_scopes.id"
)
_OF_SCOPE: Final = "kind = ? AND partition = ? AND organization_id = ? AND asked = ?"
_SCOPE_ID: Final = f"SELECT id FROM rootsweep_scopes WHERE {_OF_SCOPE}"  # noqa: S608  the same


def runs(database: Database, limit: int | None, scope: RecordedScope | None = None) -> tuple[RunRecord, ...]:
    """Return the newest runs, the newest first."""
    conditions = [] if scope is None else [_OF_SCOPE]
    return _selected(database, conditions, _scope_values(scope), limit)


def run(database: Database, number: int) -> RunRecord | None:
    """Return a run without its accounts."""
    return next(iter(_selected(database, ["number = ?"], (number,))), None)


def last_complete(database: Database, scope: RecordedScope | None, before: int | None = None) -> RunRecord | None:
    """Return the newest complete run, with a smaller number than ``before``."""
    conditions = ["complete", *([] if scope is None else [_OF_SCOPE]), *([] if before is None else ["number < ?"])]
    values = (*_scope_values(scope), *(() if before is None else (before,)))
    return next(iter(_selected(database, conditions, values, 1)), None)


def load(database: Database, record: RunRecord) -> RecordedRun:
    """Return a run with its accounts; of one that was pruned meanwhile, what is left."""
    number = record.number
    scope_ids = database.execute("SELECT scope_id FROM rootsweep_runs WHERE number = ?", (number,))
    if number is None or not scope_ids:
        return RecordedRun(record, ())
    scope_id = scope_ids[0][0]
    accounts = rows_at(database, ACCOUNTS, scope_id, number)
    return RecordedRun(record, accounts_of(accounts, rows_at(database, KEYS, scope_id, number)))


def earlier_verdicts(
    database: Database, scope: RecordedScope, up_to: int | None = None
) -> dict[str, tuple[EarlierVerdict, ...]]:
    """Return the verdicts, the oldest first, of the accounts of a scope that were non-compliant once, up to and with a run."""
    of_scope = f"scope_id IN ({_SCOPE_ID})"
    once_found = f"SELECT account_id FROM rootsweep_accounts WHERE {of_scope} AND verdict = ?"  # noqa: S608  the same
    up_to_run = "" if up_to is None else " AND first_run <= ?"
    statement = (
        f"SELECT account_id, first_run, verdict FROM rootsweep_accounts WHERE {of_scope} "  # noqa: S608  the same
        f"AND account_id IN ({once_found}){up_to_run} ORDER BY first_run"
    )
    values = _scope_values(scope)
    last = () if up_to is None else (up_to,)
    found: defaultdict[str, list[EarlierVerdict]] = defaultdict(list)
    for account_id, first_run, verdict in database.execute(statement, (*values, *values, Verdict.NON_COMPLIANT.value, *last)):
        found[account_id].append(EarlierVerdict(first_run, Verdict(verdict)))
    return {account_id: tuple(verdicts) for account_id, verdicts in found.items()}


def accounts_named(database: Database, name: str) -> tuple[str, ...]:
    """Return the ids of the accounts that have a name now, in order."""
    found = database.execute(
        "SELECT DISTINCT account_id FROM rootsweep_accounts WHERE name = ? AND gone_in IS NULL ORDER BY account_id", (name,)
    )
    return tuple(account_id for (account_id,) in found)


def sightings(database: Database, account_id: str) -> tuple[Sighting, ...]:
    """Return everything that is recorded of an account, the oldest first."""
    accounts = rows_of_account(database, ACCOUNTS, account_id)
    keys = rows_of_account(database, KEYS, account_id)
    scope_ids = sorted({scope_id for scope_id, *_ in accounts})
    places = ", ".join("?" * len(scope_ids))
    by_scope: defaultdict[int, list[RunRecord]] = defaultdict(list)
    for row in database.execute(f"{_RUNS} WHERE scope_id IN ({places}) ORDER BY number", scope_ids) if scope_ids else ():
        values = dict(zip(RUN_COLUMNS, row, strict=True))
        by_scope[values["scope_id"]].append(run_of(values))
    found = [sighting for span in accounts for sighting in _sightings_in(span, keys, by_scope[span[0]])]
    return tuple(sorted(found, key=lambda one: one.first.number or 0))


def _selected(
    database: Database, conditions: Sequence[str], values: Sequence[object], limit: int | None = None
) -> tuple[RunRecord, ...]:
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    most = "" if limit is None else " LIMIT ?"
    found = database.execute(f"{_RUNS}{where} ORDER BY number DESC{most}", (*values, *(() if limit is None else (limit,))))
    return tuple(run_of(dict(zip(RUN_COLUMNS, row, strict=True))) for row in found)


def _scope_values(scope: RecordedScope | None) -> tuple[str, ...]:
    return () if scope is None else tuple(values_of_scope(scope).values())


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


# Rows that hold from one run to another of the same scope: what does not change is kept once, and not written again.


@dataclass(frozen=True, slots=True)
class Table:
    """A table of such rows: after its id, scope, first run and the run in which it was gone come these columns."""

    name: str
    columns: tuple[str, ...]

    @property
    def listed(self) -> str:
        """The columns, as SQL lists them."""
        return ", ".join(self.columns)


ACCOUNTS: Final = Table(
    "rootsweep_accounts",
    (
        "account_id",
        "name",
        "partition",
        "state",
        "is_management_account",
        "path",
        "verdict",
        "severity",
        "reasons",
        "excepted",
    ),
)
KEYS: Final = Table(
    "rootsweep_keys",
    (
        "account_id",
        "key_id",
        "slot",
        "status",
        "created_at",
        "last_rotated_at",
        "last_use",
        "last_used_at",
        "last_used_region",
        "last_used_service",
    ),
)


def save_rows(database: Database, table: Table, scope_id: int, run: int, rows: Iterable[Values]) -> None:
    """Let the rows in force be those of a run, the newest of its scope: end those that are gone, and begin the new ones."""
    statement = f"SELECT id, {table.listed} FROM {table.name} WHERE scope_id = ? AND gone_in IS NULL"  # noqa: S608  names of ours
    in_force: defaultdict[Values, list[int]] = defaultdict(list)
    for row in database.execute(statement, (scope_id,)):
        in_force[row[1:]].append(row[0])
    begun: list[Values] = []
    for values in map(database.bound, rows):
        same = in_force.get(values)
        if same:
            same.pop()
        else:
            begun.append((scope_id, run, *values))
    gone = [(run, row_id) for row_ids in in_force.values() for row_id in row_ids]
    database.execute_each(f"UPDATE {table.name} SET gone_in = ? WHERE id = ?", gone)  # noqa: S608  the same
    places = ", ".join("?" * (len(table.columns) + 2))
    columns = f"scope_id, first_run, {table.listed}"
    database.execute_each(f"INSERT INTO {table.name} ({columns}) VALUES ({places})", begun)  # noqa: S608  the same


def rows_at(database: Database, table: Table, scope_id: int, run: int) -> list[Values]:
    """Return the rows of a run."""
    statement = (
        f"SELECT {table.listed} FROM {table.name} "  # noqa: S608  the same
        "WHERE scope_id = ? AND first_run <= ? AND (gone_in IS NULL OR gone_in > ?)"
    )
    return database.execute(statement, (scope_id, run, run))


def rows_of_account(database: Database, table: Table, account_id: str) -> list[tuple[int, int, int | None, Values]]:
    """Return every row of an account with its scope, its first run and the run in which it was gone, the oldest first."""
    statement = (
        f"SELECT scope_id, first_run, gone_in, {table.listed} FROM {table.name} "  # noqa: S608  the same
        "WHERE account_id = ? ORDER BY first_run, id"
    )
    return [(row[0], row[1], row[2], row[3:]) for row in database.execute(statement, (account_id,))]


# Old runs deleted, and with them the rows that no other run needs.


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many runs were deleted, and how many are left."""

    runs: int
    left: int


def doomed_runs(database: Database, keep: int) -> tuple[list[int], int]:
    """Return the runs that pruning would delete, and how many it would leave."""
    newest_first = "SELECT number, scope_id, complete FROM rootsweep_runs ORDER BY number DESC"
    kept: defaultdict[int, int] = defaultdict(int)
    has_complete: set[int] = set()
    doomed: list[int] = []
    for number, scope_id, complete in database.execute(newest_first):
        is_last_complete = complete and scope_id not in has_complete
        if is_last_complete:
            has_complete.add(scope_id)
        if kept[scope_id] < keep or is_last_complete:
            kept[scope_id] += 1
        else:
            doomed.append(number)
    return doomed, sum(kept.values())


def prune_runs(database: Database, keep: int) -> Pruned:
    """Delete all but the newest runs of each scope, and the last complete one."""
    doomed, left = doomed_runs(database, keep)
    database.execute_each("DELETE FROM rootsweep_runs WHERE number = ?", [(number,) for number in doomed])
    for table in (ACCOUNTS, KEYS) if doomed else ():
        database.execute(
            f"DELETE FROM {table.name} WHERE NOT EXISTS ("  # noqa: S608  names of ours
            f"SELECT 1 FROM rootsweep_runs WHERE rootsweep_runs.scope_id = {table.name}.scope_id "
            f"AND number >= first_run AND (gone_in IS NULL OR number < gone_in))"
        )
    return Pruned(len(doomed), left)


Compare = Callable[[RecordedRun | None, RecordedRun, Mapping[str, Sequence[EarlierVerdict]]], Drift]
"""What tells the drift from one run to another, given the earlier verdicts on its accounts."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The number that a run was given, and its drift from the last complete run of the same scope."""

    number: int
    drift: Drift


class History:
    """The recorded runs; for one thread. Every method raises ``CannotRunError`` for what the database refuses."""

    __slots__ = ("_database", "_location")

    def __init__(self, database: Database, location: Location) -> None:
        self._database = database
        self._location = location

    def save(self, run: RecordedRun, compare: Compare) -> Saved:
        """Save a run, whole or not at all, and tell what has changed; other processes save before it or after it."""
        with self._transaction(writes=True) as database:
            scope_id = _id_of_scope(database, run.record.scope)
            last = last_complete(database, run.record.scope)
            before = None if last is None else load(database, last)
            drift = compare(before, run, earlier_verdicts(database, run.record.scope))
            values = {"scope_id": scope_id, **values_of_run(run.record, drift.counts())}
            number = database.insert("rootsweep_runs", values, "number")
            accounts = [values_of_account(account) for account in run.accounts]
            keys = [values_of_key(account.id, key) for account in run.accounts for key in account.keys]
            save_rows(database, ACCOUNTS, scope_id, number, accounts)
            save_rows(database, KEYS, scope_id, number, keys)
        return Saved(number, drift)

    def runs(self, limit: int | None = None, scope: RecordedScope | None = None) -> tuple[RunRecord, ...]:
        """Return the newest runs, of a scope, the newest first."""
        with self._transaction() as database:
            return runs(database, limit, scope)

    def run(self, number: int) -> RunRecord:
        """Return a run without its accounts; raises ``UsageError`` when there is none of that number."""
        with self._transaction() as database:
            found = run(database, number)
        if found is None:
            raise UsageError(f"run {number} is not recorded in {self._location}", "`rootsweep history list` shows the runs")
        return found

    def newest_run(self, scope: RecordedScope | None = None) -> RunRecord:
        """Return the newest run, of a scope; raises ``UsageError`` when there is none."""
        with self._transaction() as database:
            found = runs(database, 1, scope)
        if not found:
            raise nothing_recorded(self._location)
        return found[0]

    def last_complete(self, scope: RecordedScope | None = None, *, before: int | None = None) -> RunRecord | None:
        """Return the newest complete run, of a scope, and with a smaller number than ``before``."""
        with self._transaction() as database:
            return last_complete(database, scope, before)

    def load(self, record: RunRecord) -> RecordedRun:
        """Return a run with its accounts."""
        with self._transaction() as database:
            return load(database, record)

    def earlier_verdicts(self, before: RunRecord) -> dict[str, tuple[EarlierVerdict, ...]]:
        """Return the verdicts in a run and in those of its scope before it, of accounts that were non-compliant once."""
        with self._transaction() as database:
            return earlier_verdicts(database, before.scope, before.number)

    def accounts_named(self, name: str) -> tuple[str, ...]:
        """Return the ids of the accounts that have a name now, in order."""
        with self._transaction() as database:
            return accounts_named(database, name)

    def timeline(self, account_id: str) -> tuple[Sighting, ...]:
        """Return everything that is recorded of an account, the oldest first."""
        with self._transaction() as database:
            return sightings(database, account_id)

    def what_pruning_deletes(self, keep: int) -> tuple[list[int], int]:
        """Return the numbers of the runs that ``prune`` would delete, and how many it would leave."""
        with self._transaction() as database:
            return doomed_runs(database, keep)

    def prune(self, keep: int) -> Pruned:
        """Delete all but the newest runs of each scope, and the last complete one; the rest stays as it was."""
        with self._transaction(writes=True) as database:
            pruned = prune_runs(database, keep)
        if pruned.runs:
            with database_errors(self._location):
                self._database.shrink()
        return pruned

    @contextmanager
    def _transaction(self, *, writes: bool = False) -> Iterator[Database]:
        with database_errors(self._location), self._database.transaction(writes=writes):
            yield self._database


@contextmanager
def open_history(location: Location, *, creates: bool) -> Iterator[History]:
    """Open the history; where there is none it is made, or without ``creates`` ``UsageError`` is raised.

    Raises ``CannotRunError`` for what is broken, of a newer rootsweep, not permitted or out of reach.
    """
    with connected(location, creates=creates) as database:
        yield History(database, location)


def _id_of_scope(database: Database, scope: RecordedScope) -> int:
    values = values_of_scope(scope)
    known = database.execute(_SCOPE_ID, tuple(values.values()))
    return int(known[0][0]) if known else database.insert("rootsweep_scopes", dict(values), "id")
