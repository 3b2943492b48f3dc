"""A database that is broken, newer, of something else, forbidden or out of reach ends in one sentence on what to do."""

import os
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import psycopg
import pytest

from rootsweep.core.history.drift import compare
from rootsweep.errors import CannotRunError, RootsweepError
from rootsweep.storage.history.database import VERSIONS, connected, limited
from rootsweep.storage.history.location import Location, parse_location
from rootsweep.storage.history.store import open_history
from tests.storage.history.postgresql_server import Server
from tests.storage.history.values import COMPLIANT, A, account, run


def at(path: Path) -> Location:
    return parse_location(f"sqlite:///{path}")


def save_to(location: Location) -> None:
    with open_history(location, creates=True) as history:
        history.save(run(account(A, COMPLIANT)), compare)


@contextmanager
def refused(sentence: str) -> Iterator[None]:
    with pytest.raises(RootsweepError) as caught:
        yield
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value) + caught.value.advice


def test_a_file_that_is_no_database_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("these are notes, " * 100, encoding="utf-8")
    with refused("is no history: it is not a database"):
        save_to(at(file))
    assert file.read_text("utf-8") == "these are notes, " * 100


def test_a_broken_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite3"
    save_to(at(file))
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    with refused("broken"):
        save_to(at(file))


def test_a_database_of_something_else_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE invoices (number INTEGER)")
    connection.close()
    with refused("is a database of something else"):
        save_to(at(file))
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("invoices",)]
    connection.close()


def test_a_database_of_a_newer_rootsweep_is_told(location: Location, execute: Callable[..., None]) -> None:
    save_to(location)
    execute("UPDATE rootsweep_version SET version_num = '9999'")
    with refused("was written by a newer rootsweep"):
        save_to(location)
    with refused("was written by a newer rootsweep"), open_history(location, creates=False):
        pass


def test_a_folder_and_a_path_below_a_file_are_told(tmp_path: Path) -> None:
    with refused("is a folder"):
        save_to(at(tmp_path))
    (tmp_path / "file").touch()
    with refused("Not a directory"):
        save_to(at(tmp_path / "file" / "history.sqlite3"))
    with refused("No such file or directory"):
        save_to(at(tmp_path / "missing" / "history.sqlite3"))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no /proc here")
def test_a_place_that_takes_no_file_is_told() -> None:
    with refused("cannot be used"):
        save_to(at(Path("/proc/history.sqlite3")))


def test_an_empty_file_becomes_a_history(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite3"
    file.touch()
    save_to(at(file))


def test_a_name_with_signs_of_a_url_in_it_is_a_name(tmp_path: Path) -> None:
    save_to(parse_location(f"sqlite:///{tmp_path}/100%25 of %3F%23.sqlite3"))
    assert (tmp_path / "100% of ?#.sqlite3").exists()


def test_a_server_out_of_reach_is_told_without_its_password() -> None:
    with pytest.raises(CannotRunError, match=r"postgresql://127\.0\.0\.1:1/history cannot be used") as caught:
        save_to(parse_location("postgresql://auditor:p4ssw0rd@127.0.0.1:1/history"))
    assert "p4ssw0rd" not in f"{caught.value} {caught.value.advice} {caught.value.__cause__}"


def test_what_a_server_refuses_is_told(server: Server) -> None:
    with refused('database "missing" does not exist'):
        save_to(parse_location(server.url("missing")))
    url = server.create_database()
    server.execute(url, "CREATE ROLE reader LOGIN", "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    reader = parse_location(url.replace("postgres@", "reader@"))
    with refused("permission denied"):
        save_to(reader)
    save_to(parse_location(url))
    server.execute(url, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    with refused("permission denied"):
        save_to(reader)
    with open_history(reader, creates=False) as history:
        assert history.newest_run().number == 1


def test_a_database_of_a_server_is_shared_with_other_tables(server: Server) -> None:
    url = server.create_database()
    server.execute(url, "CREATE TABLE runs (one int)", "CREATE TABLE alembic_version (version_num text)")
    save_to(parse_location(url))


def test_an_option_that_the_server_does_not_know_is_told(server: Server) -> None:
    with refused("cannot be used"):
        save_to(parse_location(f"{server.url('postgres')}&colour=blue"))


def test_every_version_has_its_file() -> None:
    folder = files("rootsweep.storage.history") / "versions"
    assert sorted(one.name for one in folder.iterdir()) == [f"{version}.sql" for version in VERSIONS]


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with refused("cannot be used"):
            save_to(parse_location(f"postgresql://auditor@127.0.0.1:{silent.getsockname()[1]}/rootsweep?sslmode=disable"))
        assert time.monotonic() - began < 20


def test_statements_and_locks_of_a_server_have_limits(server: Server) -> None:
    with connected(parse_location(server.create_database()), creates=True) as database:
        assert database.execute("SHOW lock_timeout") == [("30s",)]
        assert database.execute("SHOW statement_timeout") == [("1min",)]


def test_the_limits_of_the_url_stand(server: Server) -> None:
    url = f"{server.create_database()}&options=-c%20statement_timeout%3D5000"
    with connected(parse_location(url), creates=True) as database:
        assert database.execute("SHOW statement_timeout") == [("5s",)]


def test_a_lock_that_somebody_holds_is_not_waited_for_for_ever(server: Server) -> None:
    url = server.create_database()
    save_to(parse_location(url))
    with psycopg.connect(url) as holder:
        holder.execute("LOCK TABLE rootsweep_version IN ACCESS EXCLUSIVE MODE")
        with refused("lock timeout"):
            save_to(parse_location(f"{url}&options=-c%20lock_timeout%3D500"))


def test_a_server_that_freezes_is_given_up(server: Server) -> None:
    with psycopg.connect(server.create_database()) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        os.kill(row[0], signal.SIGSTOP)
        try:
            began = time.monotonic()
            with pytest.raises(psycopg.OperationalError), limited(connection, 1.0):
                connection.execute("SELECT 1")
            assert time.monotonic() - began < 10
        finally:
            os.kill(row[0], signal.SIGCONT)


def test_a_connection_that_is_quick_stays_open(server: Server) -> None:
    with psycopg.connect(server.create_database()) as connection:
        with limited(connection, 1.0):
            connection.execute("SELECT 1")
        time.sleep(1.2)
        assert connection.execute("SELECT 2").fetchone() == (2,)
