"""Old runs deleted, and with them the rows that no other run needs."""

import sqlite3
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, exists, or_, select

from rootsweep.history.tables import ACCOUNTS, KEYS, RUNS


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
