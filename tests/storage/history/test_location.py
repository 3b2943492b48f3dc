"""Which URLs name a history, and that none is ever shown with its password."""

import subprocess
import sys
from pathlib import Path

import pytest

from rootsweep.errors import UsageError
from rootsweep.storage.history.location import Location, parse_location


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///history.sqlite3", "history.sqlite3"),
        ("sqlite:////var/lib/rootsweep/history.sqlite3", "/var/lib/rootsweep/history.sqlite3"),
        ("sqlite:///runs%20of%20us.sqlite3", "runs of us.sqlite3"),
    ],
)
def test_a_url_of_a_file(url: str, path: str) -> None:
    assert parse_location(url) == Location(path=Path(path))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "no URL"),
        ("history.sqlite3", "no URL"),
        ("mysql://root@localhost/history", "no URL"),
        ("postgres://localhost/history", "no URL"),
        ("sqlite://", "names no file"),
        ("sqlite:///", "names no file"),
        ("sqlite://host/file", "names no file"),
        ("sqlite:///file?mode=memory", "names no file"),
        ("sqlite:///a%00b", "names no file"),
        ("postgresql+psycopg2://localhost/history", "names a driver"),
        ("postgresql://localhost", "names no database"),
        ("postgresql://localhost:port/history", "cannot be read"),
    ],
)
def test_a_url_that_makes_no_sense_is_refused_and_not_repeated(url: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence) as caught:
        parse_location(url)
    assert not url or url not in str(caught.value)


def test_a_server_is_named_without_user_and_password() -> None:
    location = parse_location("postgresql://auditor:p4ss%2Fw0rd@db.example.com:5433/history?sslmode=verify-full")
    assert f"{location} {location!r}" == "postgresql://db.example.com:5433/history postgresql://db.example.com:5433/history"


def test_a_missing_driver_is_told_with_what_installs_it() -> None:
    code = (
        "import sys; from importlib.machinery import PathFinder\n"
        "class Missing(PathFinder):\n"
        "    @classmethod\n"
        "    def find_spec(cls, name, path=None, target=None):\n"
        "        return None if name.startswith('psycopg') else PathFinder.find_spec(name, path, target)\n"
        "sys.meta_path[:] = [one if one is not PathFinder else Missing for one in sys.meta_path]\n"
        "from rootsweep.cli import run_command_line\n"
        "sys.exit(run_command_line(['history', 'list', '--history', 'postgresql://localhost/history']))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "pip install 'rootsweep[postgresql]'" in ran.stderr


def test_a_url_is_read_without_the_database_library() -> None:
    code = (
        "import sys; from rootsweep.storage.history import recording\n"
        "from rootsweep.storage.history.location import parse_location\n"
        "parse_location('sqlite:///file'); print(sorted({'sqlite3', 'psycopg'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
