"""What a database refuses, as one sentence and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from rootsweep.errors import CannotRunError
from rootsweep.history.location import Location

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
