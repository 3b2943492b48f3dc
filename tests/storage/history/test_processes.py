"""Several processes save at once, and processes are killed at every statement: a run is there whole or not at all."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rootsweep.errors import UsageError
from rootsweep.storage.history.location import Location
from rootsweep.storage.history.store import History, open_history
from tests.storage.history.values import A, B

PROJECT = Path(__file__).parents[3]
SAVE = [sys.executable, "-m", "tests.storage.history.processes"]


def saving(url: str, name: str, *arguments: int) -> "subprocess.Popen[str]":
    words = [*SAVE, url, name, *map(str, arguments)]
    return subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def names(history: History) -> Iterator[str | None]:
    """Give the name that each run, from the oldest, has of itself; every one is whole."""
    for record in reversed(history.runs()):
        accounts = history.load(record).accounts
        assert [one.id for one in accounts] == [A, B]
        assert record.summary.non_compliant == len(accounts[0].keys)
        yield accounts[1].name


def assert_sound(location: Location) -> None:
    if location.path is not None:
        with sqlite3.connect(location.path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()


def test_processes_that_save_at_once_lose_nothing(url: str, location: Location) -> None:
    processes = [saving(url, name, 6) for name in "abcd"]
    for process in processes:
        _, errors = process.communicate(timeout=100)
        assert (process.returncode, errors) == (0, "")
    with open_history(location, creates=False) as history:
        saved = list(names(history))
        assert sorted(map(str, saved)) == sorted(f"{name}-{index}" for name in "abcd" for index in range(6))
        for name in "abcd":
            assert [one for one in saved if one and one.startswith(name)] == [f"{name}-{index}" for index in range(6)]
    assert_sound(location)


@pytest.mark.parametrize(
    "statement",
    [
        *(1, 4, 12, 20, 26, 32, 36, 40),
        *(pytest.param(number, marks=pytest.mark.soak) for number in (2, 8, 16, 22, 24, 28, 30, 34, 38)),
    ],
)
def test_a_process_that_is_killed_leaves_whole_runs_alone(url: str, location: Location, statement: int) -> None:
    process = saving(url, "killed", 2, statement)
    output, errors = process.communicate(timeout=60)
    assert process.returncode in {0, -9}, errors
    try:
        with open_history(location, creates=False) as history:
            saved = list(names(history))
    except UsageError as nothing:
        assert "no run is recorded" in str(nothing)  # noqa: PT017  it may be either
        saved = []
    # What it said that it had saved is there; the next may be there too, or not.
    told = [f"killed-{index}" for index in output.split()]
    assert saved[: len(told)] == told
    assert saved[len(told) :] in ([], [f"killed-{len(told)}"])
    assert_sound(location)
    after = saving(url, "after", 1)
    _, errors = after.communicate(timeout=60)
    assert (after.returncode, errors) == (0, "")
    with open_history(location, creates=False) as history:
        assert list(names(history)) == [*saved, "after-0"]
    assert_sound(location)
