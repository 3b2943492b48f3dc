"""A real PostgreSQL server for the tests, of Debian's package; it refuses to run as root, and so runs as ``postgres``."""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

MISSING = "no PostgreSQL here: install Debian's package postgresql to run this"
_USER = "postgres"


def binaries() -> Path | None:
    """Give the folder of the newest installed PostgreSQL."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


@dataclass(frozen=True)
class Server:
    """A server that listens on a socket in its folder, and nowhere else."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql://{_USER}@/{database}?host={self.folder}"

    def create_database(self) -> str:
        """Make an empty database and give its URL."""
        name = f"test_{uuid4().hex}"
        with psycopg.connect(host=str(self.folder), user=_USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, url: str, *statements: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@contextmanager
def shared(meeting_place: Path) -> Iterator[Server]:
    """Give the server of all processes that meet at this place: the first one starts it, the last one stops it."""
    users = meeting_place / "users"
    users.mkdir(parents=True, exist_ok=True)
    ours = users / str(os.getpid())
    note = meeting_place / "folder"
    with _locked(meeting_place):
        if not note.exists():
            note.write_text(str(_start()), encoding="utf-8")
        ours.touch()
        folder = Path(note.read_text(encoding="utf-8"))
    try:
        yield Server(folder)
    finally:
        with _locked(meeting_place):
            ours.unlink()
            if not any(_is_alive(user.name) for user in users.iterdir()):
                _stop(folder)
                note.unlink()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    return True


def _start() -> Path:
    """Start a server in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="rootsweep-postgresql-"))
    if os.geteuid() == 0:
        user = pwd.getpwnam(_USER)
        os.chown(folder, user.pw_uid, user.pw_gid)
    _run("initdb", folder, "--username", _USER, "--auth", "trust", "--no-sync", "--encoding", "UTF8")
    settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=50"
    _run("pg_ctl", folder, "--wait", "--log", str(folder / "log"), "--options", settings, "start")
    return folder


def _stop(folder: Path) -> None:
    _run("pg_ctl", folder, "--wait", "--mode", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def _run(program: str, folder: Path, *words: str) -> None:
    programs = binaries()
    assert programs is not None
    as_user = ["runuser", "-u", _USER, "--"] if os.geteuid() == 0 else []
    command: list[str | Path] = [*as_user, programs / program, "--pgdata", folder / "data", *words]
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)
