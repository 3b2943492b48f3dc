"""A history that the first version of rootsweep wrote, by SQLAlchemy and Alembic, is read as it was, and continued.

``first_version/`` holds five runs: the file of SQLite, and what pg_dump 15 wrote of the same runs in PostgreSQL.
"""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from rootsweep.core.evidence import LastUsed, NoLastUse
from rootsweep.core.history.drift import compare
from rootsweep.core.history.recorded import RecordedRun
from rootsweep.storage.history.database import Database, connected
from rootsweep.storage.history.location import Location, parse_location
from rootsweep.storage.history.store import open_history
from tests.storage.history.postgresql_server import Server
from tests.storage.history.values import (
    BEGIN,
    COMPLIANT,
    CREATED,
    KEY,
    NON_COMPLIANT,
    NOT_APPLICABLE,
    ORGANIZATION,
    OTHER,
    UNIT,
    UNJUDGED,
    A,
    B,
    C,
    D,
    account,
    key,
    run,
)

FOLDER: Final = Path(__file__).parent / "first_version"
USED: Final = key(KEY.id, created=CREATED, last_use=LastUsed(BEGIN, "eu-west-1", "s3"))
BY_SLOT: Final = key(slot=1, active=False, rotated=CREATED, last_use=NoLastUse.NEVER_RECORDED)
RUNS: Final = (
    run(account(A, NON_COMPLIANT, KEY, name="prod ü"), account(B, COMPLIANT), account(C, UNJUDGED)),
    run(
        account(A, NON_COMPLIANT, USED, excepted=True, name="prod ü"),
        account(B, NON_COMPLIANT, BY_SLOT),
        account(C, COMPLIANT),
        day=1,
    ),
    run(account(A, COMPLIANT, name="prod ü"), account(B, UNJUDGED), account(D, NOT_APPLICABLE), day=2, complete=False),
    run(account(A, NON_COMPLIANT, OTHER), account(B, COMPLIANT), day=3, scope=UNIT),
    run(account(A, COMPLIANT), account(B, COMPLIANT), account(C, COMPLIANT), account(D, NOT_APPLICABLE), day=4),
)
DRIFTS: Final = [(1, 0, 0, 0), (1, 0, 0, 0), (0, 0, 1, 2), (1, 0, 0, 0), (0, 0, 2, 0)]


@pytest.fixture(name="old", params=["sqlite", "postgresql"])
def history_of_the_first_version(request: pytest.FixtureRequest, tmp_path: Path) -> Location:
    if request.param == "sqlite":
        shutil.copyfile(FOLDER / "history.sqlite3", tmp_path / "history.sqlite3")
        return parse_location(f"sqlite:///{tmp_path}/history.sqlite3")
    server: Server = request.getfixturevalue("server")
    url = server.create_database()
    server.execute(url, (FOLDER / "history.postgresql.sql").read_text("utf-8"))
    return parse_location(url)


def without_number(one: RecordedRun) -> RecordedRun:
    return replace(one, record=replace(one.record, number=None, drift=None))


def test_every_run_is_read_as_it_was(old: Location) -> None:
    with open_history(old, creates=False) as history:
        records = history.runs()[::-1]
        assert [record.number for record in records] == [1, 2, 3, 4, 5]
        loaded = [without_number(history.load(record)) for record in records]
        assert loaded == [without_number(one) for one in RUNS]
        drifts = [record.drift for record in records if record.drift is not None]
        assert [(one.new, one.reappeared, one.fixed, one.lost_sight_of) for one in drifts] == DRIFTS
        assert [len(history.timeline(account_id)) for account_id in (A, B, C, D)] == [5, 5, 3, 1]


def test_it_is_continued(old: Location) -> None:
    with open_history(old, creates=True) as history:
        saved = history.save(run(account(A, NON_COMPLIANT, KEY), account(B, COMPLIANT), account(C, COMPLIANT), day=5), compare)
        assert saved.number == 6
        counts = saved.drift.counts()
        assert (counts.new, counts.reappeared, counts.fixed, counts.lost_sight_of) == (0, 1, 0, 0)
        assert history.newest_run(ORGANIZATION).number == 6
        assert history.prune(1).runs == 4
        assert [record.number for record in history.runs()] == [6, 4]


def test_a_new_history_has_the_same_tables(old: Location, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    is_file = old.path is not None
    new = parse_location(
        f"sqlite:///{tmp_path}/new.sqlite3" if is_file else request.getfixturevalue("server").create_database()
    )
    with connected(old, creates=False) as before, connected(new, creates=True) as now:
        assert described(now) == described(before)


def described(database: Database) -> list[tuple[object, ...]]:
    """Return the tables with their columns, types and indexes, as the database itself tells them."""
    if not database.on_server:
        tables = "SELECT one.name, {} FROM sqlite_master AS one, pragma_{}(one.name) AS its ORDER BY one.name, its.{}"
        statements = database.execute("SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE INDEX%' ORDER BY name")
        return [
            *database.execute(tables.format('its.name, its.type, its."notnull", its.pk', "table_info", "cid")),
            *database.execute(tables.format('its."table", its."from", its."to"', "foreign_key_list", "id")),
            *database.execute(tables.format('its."unique", its.origin', "index_list", "seq")),
            *((name, re.sub(r"\s+", " ", sql)) for name, sql in statements),
        ]
    return [
        *database.execute(
            "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
            "WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
        ),
        *database.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname"),
        *database.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace "
            "ORDER BY conname"
        ),
    ]
