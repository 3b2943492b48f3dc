"""Which database holds the history; no database is needed to find out that a URL is invalid."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from rootsweep.errors import UsageError

_SQLITE: Final = "sqlite"
_POSTGRESQL: Final = "postgresql"
_FORMS: Final = "give sqlite:///FILE or postgresql://USER@HOST/DATABASE"


@dataclass(frozen=True, slots=True, repr=False)
class Location:
    """A file, or a server by its URL; one of the two is None. The URL may hold a password and is never shown.

    ``is_default`` tells that nobody named the file.
    """

    path: Path | None = None
    server: str | None = None
    is_default: bool = False

    def __str__(self) -> str:
        """Name it, without user and password."""
        if self.path is not None:
            return str(self.path)
        parts = urlsplit(self.server or "")
        host = parts.netloc.rpartition("@")[2]
        return f"{_POSTGRESQL}://{host}{parts.path}"

    __repr__ = __str__


def default_location() -> Location:
    """Return the file in the user's data directory.

    For ``cli`` alone: platformdirs reads the environment (``XDG_DATA_HOME``, ``HOME``). Nothing is created.
    """
    # 14 ms, for the commands that keep or show a history
    from platformdirs import user_data_path  # noqa: PLC0415

    return Location(path=user_data_path("rootsweep", appauthor=False) / "history.sqlite3", is_default=True)


def parse_location(url: str) -> Location:
    """Read a URL; raises ``UsageError`` for one that is invalid and for a server whose driver is not installed."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.partition("+")[0] not in {_SQLITE, _POSTGRESQL}:
        raise UsageError("this is no URL of a history", _FORMS)
    if scheme == _SQLITE:
        return _file(rest)
    if scheme != _POSTGRESQL:
        raise UsageError(f"{scheme} names a driver, and rootsweep has its own", f"leave out what follows the +: {_FORMS}")
    return _server(url)


def missing_driver() -> UsageError:
    """Return the error for a server whose driver is not installed."""
    return UsageError("the driver for PostgreSQL is not installed", "install it with: pip install 'rootsweep[postgresql]'")


def _file(rest: str) -> Location:
    path = unquote(rest.removeprefix("/"))
    if not rest.startswith("/") or not path or "?" in rest or "\0" in path:
        raise UsageError("this URL names no file", "give sqlite:///FILE, or sqlite:////FOLDER/FILE for an absolute path")
    return Location(path=Path(path))


def _server(url: str) -> Location:
    try:
        parts = urlsplit(url)
        has_database = bool(parts.path.strip("/")) and parts.port != 0
    except ValueError as error:
        raise UsageError("this URL of a server cannot be read", _FORMS) from error
    if not has_database:
        raise UsageError("this URL names no database on the server", _FORMS)
    if find_spec("psycopg") is None:
        raise missing_driver()
    return Location(server=url)
