"""The database, opened, with its tables at the newest version; what it refuses, as one sentence.

One text of SQL serves SQLite, by the standard library, and PostgreSQL, by psycopg: ``?`` stands for a value.
"""

import os
import socket
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from string import Template
from threading import Timer
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from rootsweep.errors import CannotRunError, UsageError
from rootsweep.storage.history.location import Location, missing_driver

VERSIONS: Final = ("0001",)
"""Every version that the tables ever had, the newest last; each has a file in ``versions``."""

_BUSY_SECONDS: Final = 30
_BUSY_PAUSE: Final = 0.05
_CONNECT_SECONDS: Final = 10
_STATEMENT_SECONDS: Final = 60
_TRANSACTION_SECONDS: Final = 300
_LOCK: Final = 0x726F6F7473776565
"""The key of the advisory lock on a server: "rootswee" in ASCII."""

_NOTHING: Final = "`rootsweep audit` records its runs"
_OF_FILE: Final = {
    "identity": "INTEGER NOT NULL PRIMARY KEY",
    "number": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT",
    "time": "DATETIME",
}
_OF_SERVER: Final = {"identity": "SERIAL PRIMARY KEY", "number": "SERIAL PRIMARY KEY", "time": "TIMESTAMP WITH TIME ZONE"}

Row = tuple[Any, ...]


class Database:
    """A connection of ``sqlite3`` or of psycopg, outside of any transaction but those of ``transaction``."""

    __slots__ = ("_connection", "on_server")

    def __init__(self, connection: Any, *, on_server: bool) -> None:
        self._connection = connection
        self.on_server = on_server

    def execute(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """Execute a statement and return its rows."""
        cursor = self._connection.execute(self._written(statement), self.bound(values))
        return list(cursor.fetchall()) if cursor.description else []

    def execute_each(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Execute a statement once for each row of values."""
        bound = [self.bound(values) for values in rows]
        if bound:
            self._connection.cursor().executemany(self._written(statement), bound)

    def insert(self, table: str, values: dict[str, object], key: str) -> int:
        """Insert a row and return the number that the database gave it in the column ``key``."""
        places = ", ".join("?" * len(values))
        statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})"  # noqa: S608  names of ours
        if self.on_server:
            return int(self.execute(f"{statement} RETURNING {key}", tuple(values.values()))[0][0])
        # RETURNING came with SQLite 3.35, which some systems do not have yet.
        return int(self._connection.execute(statement, self.bound(tuple(values.values()))).lastrowid)

    def bound(self, values: Sequence[object]) -> Row:
        """Return values as the database keeps them: SQLite keeps times as text, in UTC, without a zone."""
        if self.on_server:
            return tuple(values)
        return tuple(_text_of_time(value) if isinstance(value, datetime) else value for value in values)

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[None]:
        """Begin a transaction that sees one state of the database; one that writes has it for itself."""
        with limited(self._connection, _TRANSACTION_SECONDS) if self.on_server else nullcontext():
            self._begin(writes=writes)
            try:
                yield
            except BaseException:
                with suppress(Exception):  # a connection that is broken ends its transaction by itself
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _begin(self, *, writes: bool) -> None:
        if not self.on_server:
            self._connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            return
        self._connection.execute(f"BEGIN ISOLATION LEVEL {'READ COMMITTED' if writes else 'REPEATABLE READ'}")
        if writes:
            # Before anything is read: what the one who had it wrote is then seen.
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))

    def shrink(self) -> None:
        """Return the room of what was deleted back, and leave none of it in the file; a server does so by itself."""
        if self.on_server:
            return
        with suppress(sqlite3.OperationalError):  # in use, or no room for a copy: it shrinks the next time
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _written(self, statement: str) -> str:
        return statement.replace("?", "%s") if self.on_server else statement


def _text_of_time(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


@contextmanager
def connected(location: Location, *, creates: bool) -> Iterator[Database]:
    """Open the database and bring its tables to the newest version; raises ``CannotRunError`` where that cannot be.

    Where there is none, it is made, or without ``creates`` ``UsageError`` is raised.
    """
    if location.path is not None:
        _prepare_file(location.path, location, creates=creates)
    with database_errors(location):
        database = _open_file(location.path) if location.path is not None else _open_server(location.server or "")
    try:
        with database_errors(location):
            with database.transaction(writes=False):
                version = _version(database, location)
            if version != VERSIONS[-1]:
                with database.transaction(writes=True):
                    _upgrade(database, location, creates=creates)
        yield database
    finally:
        database.close()


def nothing_recorded(location: Location) -> UsageError:
    """Return the error for a history without a run."""
    return UsageError(f"no run is recorded in {location}", _NOTHING)


def _prepare_file(path: Path, location: Location, *, creates: bool) -> None:
    """Make the file for its owner alone: SQLite gives the files beside it the same mode."""
    with database_errors(location):
        if path.is_dir():
            raise CannotRunError(f"the history {location} is a folder", "name a file with --history")
        if not creates and not path.exists():
            raise nothing_recorded(location)
        if location.is_default:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def _open_file(path: Path) -> Database:
    """Let transactions begin where they are said to, and let readers and one writer work at once."""
    connection = sqlite3.connect(str(path.absolute()), timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            _write_ahead(connection)
    except BaseException:
        connection.close()
        raise
    return Database(connection, on_server=False)


def _open_server(url: str) -> Database:
    parts = urlsplit(url)
    named = {
        "host": parts.hostname,
        "port": parts.port,
        "user": None if parts.username is None else unquote(parts.username),
        "password": None if parts.password is None else unquote(parts.password),
        "dbname": unquote(parts.path.removeprefix("/")),
    }
    options: dict[str, Any] = {"connect_timeout": _CONNECT_SECONDS}
    options |= {name: value for name, value in named.items() if value is not None} | dict(parse_qsl(parts.query))
    connection = _psycopg().connect(autocommit=True, **options)
    try:
        _limit(connection)
    except BaseException:
        connection.close()
        raise
    return Database(connection, on_server=True)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn write-ahead logging on; SQLite does not wait by itself for others that turn it on at the same time."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_BUSY_PAUSE)
        else:
            return


def _psycopg() -> Any:
    try:
        # 130 ms, for a history on a server alone
        import psycopg  # noqa: PLC0415
    except ImportError as error:  # psycopg is there, and the C library that it needs is not
        raise missing_driver() from error
    return psycopg


def _limit(connection: Any) -> None:
    """Let no statement on a server, and no wait for a lock there, go on for ever, unless the URL or the server limits it."""
    with limited(connection, _CONNECT_SECONDS):
        for name, seconds in (("lock_timeout", _BUSY_SECONDS), ("statement_timeout", _STATEMENT_SECONDS)):
            connection.execute("SELECT set_config(%s, %s, false) WHERE current_setting(%s) = '0'", (name, f"{seconds}s", name))


@contextmanager
def limited(connection: Any, seconds: float) -> Iterator[None]:
    """Break a connection of psycopg off when it is used for longer than so many seconds; what it waits for then fails.

    A server that is frozen ends nothing by limits of its own, while its system goes on acknowledging what it is sent.
    """
    with socket.socket(fileno=os.dup(connection.fileno())) as wire:
        timer = Timer(seconds, _break_off, (wire,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()


def _break_off(wire: socket.socket) -> None:
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)


# The version of the tables, and what brings them to the newest.

# to_regclass answers from a cache, which may not know yet what the process before has made.
_TABLE_OF_SERVER: Final = "SELECT 1 FROM pg_class WHERE relname = 'rootsweep_version' AND pg_table_is_visible(oid)"
_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def _version(database: Database, location: Location) -> str | None:
    """Return the version of the tables, None where there are none; raises ``CannotRunError`` where it is none of ours."""
    if database.on_server:
        is_there = bool(database.execute(_TABLE_OF_SERVER))
    else:
        names = {name for (name,) in database.execute(_TABLES)}
        is_there = "rootsweep_version" in names
        if names and not is_there:
            raise damaged(location, "is a database of something else")
    found = database.execute("SELECT version_num FROM rootsweep_version") if is_there else []
    if not found:
        return None
    ((version,),) = found
    if version not in VERSIONS:
        raise CannotRunError(
            f"the history {location} was written by a newer rootsweep", "update rootsweep, or name another with --history"
        )
    return str(version)


def _upgrade(database: Database, location: Location, *, creates: bool) -> None:
    """Bring the tables to the newest version, unless another process has done so meanwhile."""
    version = _version(database, location)
    if version is None and not creates:
        raise nothing_recorded(location)
    database.execute(
        "CREATE TABLE IF NOT EXISTS rootsweep_version "
        "(version_num VARCHAR(32) NOT NULL, CONSTRAINT rootsweep_version_pkc PRIMARY KEY (version_num))"
    )
    missing = VERSIONS[0 if version is None else VERSIONS.index(version) + 1 :]
    for one in missing:
        for statement in _statements(one, _OF_SERVER if database.on_server else _OF_FILE):
            database.execute(statement)
    if missing:
        database.execute("DELETE FROM rootsweep_version")
        database.execute("INSERT INTO rootsweep_version (version_num) VALUES (?)", (missing[-1],))


def _statements(version: str, types: dict[str, str]) -> list[str]:
    text = (files("rootsweep.storage.history") / "versions" / f"{version}.sql").read_text("utf-8")
    statements = Template(text.partition("\n\n")[2]).substitute(types).split(";\n")
    return [statement for statement in statements if statement.strip()]


# What a database refuses, as one sentence and what to do.

_PRIMARY: Final = 0xFF
"""SQLite keeps the kind of a failure in the lowest byte of its code (SQLite, "Result and Error Codes")."""

_MOVE: Final = "move the file away to begin a new history, or name another with --history"
_PERMISSION: Final = "let yourself write the file and its folder, or name another with --history"
_OF_A_FILE: Final = {
    sqlite3.SQLITE_NOTADB: ("is no history: it is not a database", _MOVE),
    sqlite3.SQLITE_CORRUPT: ("is broken", _MOVE),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", _PERMISSION),
    sqlite3.SQLITE_PERM: ("may not be used", _PERMISSION),
    sqlite3.SQLITE_READONLY: ("may not be written", _PERMISSION),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", "free some space, or name another with --history"),
    sqlite3.SQLITE_IOERR: ("cannot be read or written", "check the disk, or name another with --history"),
    sqlite3.SQLITE_BUSY: ("was in use for too long by another rootsweep", "run it again"),
}
_SERVER: Final = "check the URL, the server, and what its user may do there"

_NOT_OURS: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading raises for values that rootsweep never wrote: text that is not UTF-8, a verdict or a time that is none."""


@contextmanager
def database_errors(location: Location) -> Iterator[None]:
    """Raise ``CannotRunError`` for whatever the database, or the operating system, refuses, and for values that are not ours.

    Nothing but the history may be read or written within: an error of something else would be taken for damage.
    """
    of_server: tuple[type[Exception], ...] = () if location.server is None else (_psycopg().Error,)
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        what, advice = _OF_A_FILE.get(code & _PRIMARY, (f"cannot be used: {error}", _MOVE))
        raise CannotRunError(f"the history {location} {what}", advice) from error
    except of_server as error:
        # Only the first line, which names no value; the rest may repeat the statement.
        reason = str(error).strip().partition("\n")[0]
        raise CannotRunError(f"the history {location} cannot be used: {reason}", _SERVER) from error
    except _NOT_OURS as error:
        raise damaged(location, "holds what rootsweep has not written") from error
    except OSError as error:
        raise CannotRunError(f"the history {location} cannot be used: {error.strerror}", _PERMISSION) from error


def damaged(location: Location, what: str) -> CannotRunError:
    """Return the error for a database that holds something else than it should."""
    return CannotRunError(f"the history {location} {what}", _MOVE)
