"""Rows that hold from one run to another of the same scope: what does not change is kept once, and not written again."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, insert, or_, select, update

from rootsweep.history.rows import Values

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
