"""Runs, and the accounts and keys that they found.

It repeats what ``tables`` says, because that will change and this version will not.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TIME = sa.DateTime(timezone=True)
_COUNTS = (
    "accounts",
    "applicable",
    "proven",
    "compliant",
    "non_compliant",
    "not_applicable",
    "insufficient_data",
    "excepted",
    "rejected_inputs",
    "new",
    "reappeared",
    "fixed",
    "lost_sight_of",
)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "rootsweep_scopes",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "partition", "organization_id", "asked")),
        sa.UniqueConstraint("kind", "partition", "organization_id", "asked", name="rootsweep_scopes_once"),
    )
    op.create_table(
        "rootsweep_runs",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("scope_id", sa.Integer, sa.ForeignKey("rootsweep_scopes.id", name="rootsweep_runs_scope"), nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("finished_at", _TIME, nullable=False),
        sa.Column("tool_version", sa.Text, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("incomplete_because", sa.Text),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _COUNTS),
        sqlite_autoincrement=True,
    )
    op.create_index("rootsweep_runs_of_scope", "rootsweep_runs", ["scope_id", "number"])
    _create_spanning(
        "rootsweep_accounts",
        sa.Column("name", sa.Text),
        sa.Column("partition", sa.Text),
        sa.Column("state", sa.Text),
        sa.Column("is_management_account", sa.Boolean, nullable=False),
        sa.Column("path", sa.Text),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("severity", sa.Text),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("excepted", sa.Boolean, nullable=False),
    )
    _create_spanning(
        "rootsweep_keys",
        sa.Column("key_id", sa.Text),
        sa.Column("slot", sa.Integer),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("created_at", _TIME),
        sa.Column("last_rotated_at", _TIME),
        sa.Column("last_use", sa.Text, nullable=False),
        sa.Column("last_used_at", _TIME),
        sa.Column("last_used_region", sa.Text),
        sa.Column("last_used_service", sa.Text),
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("rootsweep_keys", "rootsweep_accounts", "rootsweep_runs", "rootsweep_scopes"):
        op.drop_table(name)


def _create_spanning(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("scope_id", sa.Integer, sa.ForeignKey("rootsweep_scopes.id", name=f"{name}_scope"), nullable=False),
        sa.Column("first_run", sa.Integer, nullable=False),
        sa.Column("gone_in", sa.Integer),
        sa.Column("account_id", sa.Text, nullable=False),
        *columns,
    )
    op.create_index(f"{name}_in_force", name, ["scope_id", "gone_in", "first_run"])
    op.create_index(f"{name}_of_account", name, ["account_id"])
