"""The tables of the history. A change here needs a migration; a test compares both.

A row of ``rootsweep_accounts`` and of ``rootsweep_keys`` holds for every run of its scope from ``first_run`` on, up to but not
including ``gone_in``; None there means until now. Names begin with ``rootsweep_``, so that a database can be shared.
"""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

VERSION_TABLE: Final = "rootsweep_version"
VERSIONS: Final = ("0001",)
"""Every version that the tables ever had, the newest last; known here so that Alembic is imported only to change them."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn it into UTC, without a zone for SQLite."""
        if value is None:
            return None
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Make it aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


METADATA: Final = MetaData()

SCOPES: Final = Table(
    "rootsweep_scopes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("partition", Text, nullable=False),
    Column("organization_id", Text, nullable=False),
    Column("asked", Text, nullable=False),
    UniqueConstraint("kind", "partition", "organization_id", "asked", name="rootsweep_scopes_once"),
)
RUNS: Final = Table(
    "rootsweep_runs",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("scope_id", ForeignKey("rootsweep_scopes.id", name="rootsweep_runs_scope"), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime, nullable=False),
    Column("tool_version", Text, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("incomplete_because", Text),
    *(
        Column(name, Integer, nullable=False)
        for name in ("accounts", "applicable", "proven", "compliant", "non_compliant", "not_applicable", "insufficient_data")
    ),
    Column("excepted", Integer, nullable=False),
    Column("rejected_inputs", Integer, nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("new", "reappeared", "fixed", "lost_sight_of")),
    Index("rootsweep_runs_of_scope", "scope_id", "number"),
    sqlite_autoincrement=True,  # the number of a run that was pruned is never given again
)


def _spanning(name: str, *columns: Column[object]) -> Table:
    """Make a table whose rows hold over several runs."""
    return Table(
        name,
        METADATA,
        Column("id", Integer, primary_key=True),
        Column("scope_id", ForeignKey("rootsweep_scopes.id", name=f"{name}_scope"), nullable=False),
        Column("first_run", Integer, nullable=False),
        Column("gone_in", Integer),
        Column("account_id", Text, nullable=False),
        *columns,
        Index(f"{name}_in_force", "scope_id", "gone_in", "first_run"),
        Index(f"{name}_of_account", "account_id"),
    )


ACCOUNTS: Final = _spanning(
    "rootsweep_accounts",
    Column("name", Text),
    Column("partition", Text),
    Column("state", Text),
    Column("is_management_account", Boolean, nullable=False),
    Column("path", Text),
    Column("verdict", Text, nullable=False),
    Column("severity", Text),
    Column("reasons", Text, nullable=False),
    Column("excepted", Boolean, nullable=False),
)
KEYS: Final = _spanning(
    "rootsweep_keys",
    Column("key_id", Text),
    Column("slot", Integer),
    Column("status", Text, nullable=False),
    Column("created_at", UtcTime),
    Column("last_rotated_at", UtcTime),
    Column("last_use", Text, nullable=False),
    Column("last_used_at", UtcTime),
    Column("last_used_region", Text),
    Column("last_used_service", Text),
)
