"""The database, opened, with its tables at the newest version; what it refuses, as one sentence."""

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Timer
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from rootsweep.errors import CannotRunError, UsageError
from rootsweep.storage.history.location import Location, missing_driver
from rootsweep.storage.history.tables import VERSION_TABLE, VERSIONS

WRITES: Final = "rootsweep_writes"
"""The execution option of a connection whose next transaction writes."""

_BUSY_SECONDS: Final = 30
_CONNECT_SECONDS: Final = 10
_STATEMENT_SECONDS: Final = 60
_TRANSACTION_SECONDS: Final = 300
_LOCK: Final = 0x726F6F7473776565
"""The key of the advisory lock on a server: "rootswee" in ASCII."""

_NOTHING: Final = "`rootsweep audit` records its runs"


@contextmanager
def connected(location: Location, *, creates: bool) -> Iterator[Connection]:
    """Open the database and bring its tables to the newest version; raises ``CannotRunError`` where that cannot be.

    Where there is none, it is made, or without ``creates`` ``UsageError`` is raised.
    """
    if location.path is not None:
        _prepare_file(location.path, location, creates=creates)
    with ExitStack() as stack:
        with told(location):
            connection = stack.enter_context(_engine(location).connect())
            if _version(connection, location) != VERSIONS[-1]:
                with transaction(connection, writes=True):
                    _upgrade(connection, location, creates=creates)
        yield connection


@contextmanager
def transaction(connection: Connection, *, writes: bool) -> Iterator[None]:
    """Begin a transaction that sees one state of the database; one that writes has it for itself."""
    on_server = connection.dialect.name == "postgresql"
    connection.execution_options(**{WRITES: writes})
    if on_server:
        connection.execution_options(isolation_level="READ COMMITTED" if writes else "REPEATABLE READ")
    driver: Any = connection.connection.driver_connection
    with limited(driver, _TRANSACTION_SECONDS) if on_server else nullcontext(), connection.begin():
        if on_server and writes:
            # Before anything is read: what the one who had it wrote is then seen.
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        yield


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


def nothing_recorded(location: Location) -> UsageError:
    """Give the error for a history without a run."""
    return UsageError(f"no run is recorded in {location}", _NOTHING)


def _prepare_file(path: Path, location: Location, *, creates: bool) -> None:
    """Make the file for its owner alone: SQLite gives the files beside it the same mode."""
    with told(location):
        if path.is_dir():
            raise CannotRunError(f"the history {location} is a folder", "name a file with --history")
        if not creates and not path.exists():
            raise nothing_recorded(location)
        if location.is_default:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def _engine(location: Location) -> Engine:
    if location.path is None:
        url = make_url(location.server or "").set(drivername="postgresql+psycopg")
        try:
            engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": _CONNECT_SECONDS})
        except ImportError as error:  # psycopg is there, and the C library that it needs is not
            raise missing_driver() from error
        event.listen(engine, "connect", _limit)
        return engine
    url = URL.create("sqlite", database=str(location.path.absolute()))
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _limit(connection: Any, _: Any) -> None:
    """Let no statement on a server, and no wait for a lock there, go on for ever, unless the URL or the server limits it."""
    with limited(connection, _CONNECT_SECONDS), connection.cursor() as cursor:
        for name, seconds in (("lock_timeout", _BUSY_SECONDS), ("statement_timeout", _STATEMENT_SECONDS)):
            cursor.execute("SELECT set_config(%s, %s, false) WHERE current_setting(%s) = '0'", (name, f"{seconds}s", name))
    connection.commit()


def _set_up(connection: Any, _: Any) -> None:
    """Let transactions begin where they are said to, and let readers and one writer work at once."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode = WAL")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _version(connection: Connection, location: Location) -> str | None:
    """Give the version of the tables, None where there are none; raises ``CannotRunError`` where it is none of ours."""
    with transaction(connection, writes=False):
        return _read_version(connection, location)


def _read_version(connection: Connection, location: Location) -> str | None:
    inspector = inspect(connection)
    if not inspector.has_table(VERSION_TABLE):
        if location.path is not None and inspector.get_table_names():
            raise damaged(location, "is a database of something else")
        return None
    version = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one_or_none()  # noqa: S608  our own name
    if version is not None and version not in VERSIONS:
        raise CannotRunError(
            f"the history {location} was written by a newer rootsweep", "update rootsweep, or name another with --history"
        )
    return None if version is None else str(version)


def _upgrade(connection: Connection, location: Location, *, creates: bool) -> None:
    """Run the migrations that are missing, unless another process has done so meanwhile."""
    version = _read_version(connection, location)
    if version is None and not creates:
        raise nothing_recorded(location)
    if version == VERSIONS[-1]:
        return
    # Alembic takes longer to import than to run, and is needed once a version.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


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
def told(location: Location) -> Iterator[None]:
    """Raise ``CannotRunError`` for whatever the database, or the operating system, refuses, and for values that are not ours.

    Nothing but the history may be read or written within: an error of something else would be taken for damage.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise _refused(location, error) from error
    except sqlite3.Error as error:
        raise _refused_by_file(location, error) from error
    except _NOT_OURS as error:
        raise damaged(location, "holds what rootsweep has not written") from error
    except OSError as error:
        raise CannotRunError(f"the history {location} cannot be used: {error.strerror}", _PERMISSION) from error


def damaged(location: Location, what: str) -> CannotRunError:
    """Give the error for a database that holds something else than it should."""
    return CannotRunError(f"the history {location} {what}", _MOVE)


def _refused(location: Location, error: SQLAlchemyError) -> CannotRunError:
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, sqlite3.Error):
        return _refused_by_file(location, cause)
    if cause is None:
        return CannotRunError(f"the history {location} cannot be used ({type(error).__name__})", _SERVER)
    # Only the first line, which names no value; the rest may repeat the statement.
    reason = str(cause).strip().partition("\n")[0]
    return CannotRunError(f"the history {location} cannot be used: {reason}", _SERVER)


def _refused_by_file(location: Location, error: sqlite3.Error) -> CannotRunError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    what, advice = _OF_A_FILE.get(code & _PRIMARY, (f"cannot be used: {error}", _MOVE))
    return CannotRunError(f"the history {location} {what}", advice)
