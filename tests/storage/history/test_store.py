"""Runs saved and read back, the same in a file and on a server."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootsweep.core.evidence import LastUsed
from rootsweep.core.history.drift import compare
from rootsweep.core.history.recorded import Change, DriftCounts, RecordedRun
from rootsweep.errors import UsageError
from rootsweep.storage.history.location import Location, parse_location
from rootsweep.storage.history.recording import record
from rootsweep.storage.history.store import History, open_history
from tests.core.history.test_drift import runs
from tests.reports.example_runs import EXAMPLES
from tests.storage.history.values import (
    COMPLIANT,
    CREATED,
    KEY,
    NON_COMPLIANT,
    OTHER,
    UNIT,
    UNJUDGED,
    A,
    B,
    C,
    account,
    key,
    run,
)

CLEAN, KEYED = account(A, COMPLIANT), account(A, NON_COMPLIANT, KEY)


def save(history: History, *to_save: RecordedRun) -> list[int]:
    return [history.save(one, compare).number for one in to_save]


def assert_kept(history: History, number: int, expected: RecordedRun) -> None:
    kept = history.load(history.run(number))
    assert kept.accounts == expected.accounts
    assert replace(kept.record, number=None, drift=None) == expected.record


def test_every_kind_of_run_is_read_as_it_was_saved(location: Location) -> None:
    recorded = [record(one, name) for name, one in EXAMPLES.items()]
    with open_history(location, creates=True) as history:
        numbers = save(history, *recorded, *recorded)
    with open_history(location, creates=False) as history:
        for number, expected in zip(numbers, [*recorded, *recorded], strict=True):
            assert_kept(history, number, expected)


def test_what_no_database_takes_is_escaped(location: Location) -> None:
    with open_history(location, creates=True) as history:
        (number,) = save(history, run(account(A, COMPLIANT, name="nul \0 half \ud800 whole \U0001f469")))
        (kept,) = history.load(history.run(number)).accounts
    assert kept.name == "nul \\x00 half \\ud800 whole \U0001f469"


def test_a_run_keeps_its_accounts_whatever_later_runs_find(location: Location) -> None:
    used = replace(KEY, last_use=LastUsed(CREATED + timedelta(days=1), "eu-west-1", "s3"))
    story = [
        run(CLEAN, account(B, UNJUDGED)),
        run(KEYED, account(B, COMPLIANT), day=1),
        run(account(A, NON_COMPLIANT, used, OTHER), day=2),
        run(day=3, complete=False),
        run(CLEAN, account(B, COMPLIANT), account(C, NON_COMPLIANT), day=4),
        run(CLEAN, account(B, COMPLIANT), account(C, NON_COMPLIANT, key(slot=1), key(slot=1)), day=5),
        run(CLEAN, account(B, COMPLIANT), account(C, NON_COMPLIANT, key(slot=1)), day=6),
    ]
    with open_history(location, creates=True) as history:
        for number, expected in zip(save(history, *story), story, strict=True):
            assert_kept(history, number, expected)


@given(story=st.lists(runs, min_size=1, max_size=6))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_story_is_kept(tmp_path: Path, story: list[RecordedRun]) -> None:
    file = tmp_path / "any.sqlite3"
    file.unlink(missing_ok=True)
    with open_history(parse_location(f"sqlite:///{file}"), creates=True) as history:
        numbers = save(history, *story)
        for number, expected in zip(numbers, story, strict=True):
            kept = history.load(history.run(number)).accounts
            assert {one.id: sorted(map(repr, one.keys)) for one in kept} == {
                one.id: sorted(map(repr, one.keys)) for one in expected.accounts
            }
            assert [replace(one, keys=()) for one in kept] == [replace(one, keys=()) for one in expected.accounts]


def test_scopes_are_kept_apart(location: Location) -> None:
    with open_history(location, creates=True) as history:
        first, of_unit, second = save(history, run(KEYED), run(account(B, NON_COMPLIANT), scope=UNIT), run(KEYED, day=1))
        assert history.run(of_unit).drift == DriftCounts(new=1)
        assert history.run(second).drift == DriftCounts()
        before = history.last_complete(history.run(second).scope, before=second)
        assert before is not None
        assert before.number == first
        assert history.newest_run(UNIT).number == of_unit
        assert history.newest_run().number == second


def test_a_run_is_compared_with_the_last_complete_one(location: Location) -> None:
    with open_history(location, creates=True) as history:
        save(history, run(KEYED, account(B, COMPLIANT)), run(account(B, COMPLIANT), day=1, complete=False))
        drift = history.save(run(KEYED, account(B, COMPLIANT), day=2), compare).drift
        assert drift.before is not None
        assert (drift.before.number, drift.changes) == (1, ())


def test_what_has_reappeared_is_known_from_earlier_runs(location: Location) -> None:
    with open_history(location, creates=True) as history:
        save(history, run(KEYED), run(CLEAN, day=1), run(account(A, UNJUDGED), day=2))
        (change,) = history.save(run(KEYED, day=3), compare).drift.changes
        assert (change.change, change.fixed_in) == (Change.REAPPEARED, 2)
        last = history.last_complete()
        assert last is not None
        before = history.last_complete(last.scope, before=last.number)
        assert before is not None
        again = compare(history.load(before), history.load(last), history.earlier_verdicts(before))
        assert again.changes == (change,)


def test_runs_are_listed_from_the_newest(location: Location) -> None:
    with open_history(location, creates=True) as history:
        numbers = save(history, *(run(CLEAN, day=day) for day in range(5)))
        assert [one.number for one in history.runs()] == numbers[::-1]
        assert [one.number for one in history.runs(2)] == numbers[:2:-1]


def test_a_run_that_is_not_there_is_told(location: Location) -> None:
    with open_history(location, creates=True) as history:
        with pytest.raises(UsageError, match="no run is recorded"):
            history.newest_run()
        with pytest.raises(UsageError, match="run 9 is not recorded"):
            history.run(9)
        assert history.last_complete() is None


def test_nothing_is_made_by_looking(location: Location) -> None:
    for _ in range(2):
        with pytest.raises(UsageError, match="no run is recorded"), open_history(location, creates=False):
            pass


def test_a_timeline_divides_where_the_account_or_its_keys_change(location: Location) -> None:
    story = [
        run(CLEAN),
        run(KEYED, day=1),
        run(KEYED, day=2),
        run(account(A, NON_COMPLIANT, KEY, OTHER), day=3),
        run(CLEAN, day=5),
    ]
    with open_history(location, creates=True) as history:
        save(history, *story, run(KEYED, day=6, scope=UNIT), run(day=7))
        timeline = history.timeline(A)
        assert [(one.first.number, one.last.number, len(one.account.keys)) for one in timeline] == [
            (1, 1, 0),
            (2, 3, 1),
            (4, 4, 2),
            (5, 5, 0),
            (6, 6, 1),
        ]
        assert history.timeline(B) == ()


def test_pruning_keeps_the_newest_of_each_scope_and_the_last_complete(location: Location) -> None:
    story = [
        run(KEYED, scope=UNIT),
        *(run(CLEAN if day % 2 else KEYED, day=day) for day in range(6)),
        run(account(B, NON_COMPLIANT, OTHER), day=7, complete=False),
        run(account(B, NON_COMPLIANT, OTHER), day=8, complete=False),
    ]
    with open_history(location, creates=True) as history:
        save(history, *story)
        assert history.what_pruning_deletes(2) == ([6, 5, 4, 3, 2], 4)
        pruned = history.prune(2)
        assert (pruned.runs, pruned.left) == (5, 4)
        assert [one.number for one in history.runs()] == [9, 8, 7, 1]
        for number in (1, 7, 8, 9):
            assert_kept(history, number, story[number - 1])
        assert save(history, run(CLEAN, day=9)) == [10]
        assert history.prune(5).runs == 0


def test_pruning_leaves_nothing_of_what_it_deletes(location: Location, execute: Callable[..., None]) -> None:
    with open_history(location, creates=True) as history:
        save(history, run(account(A, NON_COMPLIANT, KEY, name="a name of long ago")), run(account(B, COMPLIANT), day=1))
        history.prune(1)
        assert history.timeline(A) == ()
    execute("CREATE TABLE proof (one integer CHECK (one = 0))")
    execute("INSERT INTO proof SELECT count(*) FROM rootsweep_keys")
    if location.path is not None:
        assert b"a name of long ago" not in location.path.read_bytes()


def test_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite3"
    with open_history(parse_location(f"sqlite:///{file}"), creates=True) as history:
        save(history, run(CLEAN))
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes.keys() >= {"history.sqlite3", "history.sqlite3-wal"}
    assert set(modes.values()) == {0o600}
