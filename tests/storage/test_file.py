"""A journal in a file: begun, gone on with, refused, and mended after a crash."""

import os
import stat
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootsweep.core.removal.journal import NO_PREVIOUS, Entry, Intent, Note, Payload, TornLine
from rootsweep.errors import OutputError, UsageError
from rootsweep.storage.journal import Journal, read_journal, verify
from rootsweep.storage.journal_lines import hash_of
from tests.remediation.journals import BEGUN_AT, SETTLED, intent, outcome, ticking, written
from tests.storage.test_journal_lines import PAYLOADS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "on the way" / "journal.jsonl"


@given(first=st.lists(PAYLOADS, max_size=5), then=st.lists(PAYLOADS, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
def test_what_was_added_is_read_again(path: Path, first: list[Payload], then: list[Payload]) -> None:
    path.unlink(missing_ok=True)
    before = written(path, *first)
    after = written(path, *then)
    assert after[: len(before)] == before
    assert [entry.payload for entry in after] == [*first, *then]
    assert tuple(read_journal(path)) == after
    assert verify(path).head == (after[-1].hash if after else NO_PREVIOUS)


def test_an_entry_is_what_its_line_says(path: Path) -> None:
    with Journal.open(path, ticking()) as journal:
        entries = [journal.append(payload) for payload in SETTLED]
        assert journal.entries() == tuple(entries) == tuple(read_journal(path))
    lines = path.read_bytes().splitlines(keepends=True)
    assert [entry.hash for entry in entries] == [hash_of(line) for line in lines]
    assert [entry.previous for entry in entries] == [NO_PREVIOUS, *[hash_of(line) for line in lines[:-1]]]
    assert [entry.sequence for entry in entries] == list(range(len(SETTLED)))
    assert entries[0].at == BEGUN_AT


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_it_is_its_owners_alone(path: Path) -> None:
    mask = os.umask(0)
    try:
        written(path, *SETTLED)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_opening_alone_adds_nothing(path: Path) -> None:
    written(path, *SETTLED)
    content = path.read_bytes()
    written(path)
    assert path.read_bytes() == content


def test_a_line_that_was_cut_off_anywhere_leaves_a_trace(path: Path) -> None:
    written(path, *SETTLED[:3])
    whole = path.read_bytes()
    written(path, SETTLED[3])
    line = path.read_bytes().removeprefix(whole)
    for kept in range(1, len(line)):
        path.write_bytes(whole + line[:kept])
        assert verify(path).torn_bytes == kept
        assert [entry.payload for entry in read_journal(path)] == list(SETTLED[:3])
        entries = written(path, intent(9))
        torn = TornLine(kept, hash_of(line[:kept]))
        assert [entry.payload for entry in entries] == [*SETTLED[:3], torn, intent(9)]
        assert tuple(read_journal(path)) == entries


@pytest.mark.parametrize("kept", [1, 5, 30, 100])
def test_a_first_line_that_was_cut_off_leaves_a_trace(path: Path, kept: int) -> None:
    written(path, *SETTLED[:1])
    torn = path.read_bytes()[:kept]
    path.write_bytes(torn)
    assert [entry.payload for entry in written(path)] == [TornLine(kept, hash_of(torn))]


@pytest.mark.parametrize("torn", [b"\0" * 5000, b"\xff", b'{"kind":"note","text":"' + b"x" * 3000])
def test_whatever_a_crash_leaves_at_the_end_is_cut_off(path: Path, torn: bytes) -> None:
    written(path, *SETTLED)
    path.write_bytes(path.read_bytes() + torn)
    assert written(path)[-1].payload == TornLine(len(torn), hash_of(torn))
    assert verify(path).torn_bytes == 0


def test_a_crash_while_the_cut_off_line_is_replaced_leaves_a_trace_too(path: Path) -> None:
    """The entry is written over the cut-off line, whose rest is removed afterwards: here it was not."""
    written(path, *SETTLED)
    torn = b"x" * 500
    path.write_bytes(path.read_bytes() + torn)
    entries = written(path)
    rest = b"x" * 100
    path.write_bytes(path.read_bytes() + rest)
    assert [entry.payload for entry in written(path)[len(SETTLED) :]] == [
        entries[-1].payload,
        TornLine(len(rest), hash_of(rest)),
    ]


OTHER_FILES = [b"hello", b"hello\n", b"\n", b"{}\n", b'{"kind":"Pod"}', b"\0" * 100, b"a\nb\nc", b"\xff\xfe\n" * 3]


@pytest.mark.parametrize("content", OTHER_FILES)
def test_a_file_of_anything_else_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.txt"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="is not a journal of rootsweep"):
        Journal.open(path, ticking())
    with pytest.raises(UsageError, match="is not a journal of rootsweep"):
        verify(path)
    with pytest.raises(UsageError, match="is not a journal of rootsweep"):
        next(read_journal(path))
    assert path.read_bytes() == content


def test_an_empty_file_becomes_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    assert verify(path).entries == 0
    assert len(written(path, *SETTLED)) == len(SETTLED)


def test_a_journal_whose_first_line_was_changed_is_still_one(path: Path) -> None:
    written(path, *SETTLED)
    path.write_bytes(b"#" + path.read_bytes())
    assert verify(path).broken_line == 1
    with pytest.raises(UsageError, match="line 1 is not an entry"):
        Journal.open(path, ticking())


def test_one_process_cannot_open_it_twice_and_reading_needs_no_lock(path: Path) -> None:
    with Journal.open(path, ticking()) as journal:
        journal.append(intent(1))
        with pytest.raises(UsageError, match=f"another rootsweep is writing {path}"):
            Journal.open(path, ticking())
        assert verify(path).entries == 1
    written(path, outcome(1))


def test_a_refusal_gives_the_lock_back(path: Path) -> None:
    written(path, *SETTLED)
    content = path.read_bytes()
    path.write_bytes(b"#" + content)
    with pytest.raises(UsageError, match="line 1"):
        Journal.open(path, ticking())
    path.write_bytes(content)
    assert len(written(path)) == len(SETTLED)


def test_closing_twice_is_no_error(path: Path) -> None:
    journal = Journal.open(path, ticking())
    journal.close()
    journal.close()
    assert journal.entries() == ()


def test_a_path_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for unwritable in (tmp_path, tmp_path / "file" / "journal.jsonl"):
        with pytest.raises(OutputError, match="cannot write the journal") as failed:
            Journal.open(unwritable, ticking())
        assert failed.value.advice


@pytest.mark.parametrize("reading", [verify, lambda path: next(read_journal(path))])
def test_a_path_that_cannot_be_read_is_told(tmp_path: Path, reading: object) -> None:
    assert callable(reading)
    for unreadable in (tmp_path, tmp_path / "missing"):
        with pytest.raises(UsageError, match="cannot read"):
            reading(unreadable)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps neither devices nor pipes among its files")
def test_a_device_or_a_pipe_is_no_journal(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for other in (Path(os.devnull), pipe):
        with pytest.raises(UsageError, match="is not a file"):
            Journal.open(other, ticking())
        with pytest.raises(UsageError, match="is not a file"):
            verify(other)


def test_text_that_json_cannot_carry_is_refused_and_the_journal_goes_on(path: Path) -> None:
    with Journal.open(path, ticking()) as journal:
        with pytest.raises(ValueError, match="surrogate"):
            journal.append(Note("half a pair: \ud83d"))
        journal.append(Note("whole"))
        assert tuple(read_journal(path)) == journal.entries()


def test_a_clock_without_a_time_zone_is_refused(path: Path) -> None:
    with Journal.open(path, lambda: BEGUN_AT.replace(tzinfo=None)) as journal, pytest.raises(ValueError, match="timezone"):
        journal.append(Note(""))


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody remove or change a file that is open and locked")
def test_nothing_is_added_to_a_file_that_was_removed_or_changed_meanwhile(path: Path) -> None:
    with Journal.open(path, ticking()) as journal:
        journal.append(intent(1))
        with path.open("ab") as other:
            other.write(b"x")
        with pytest.raises(OutputError, match="was removed or changed while rootsweep was writing it"):
            journal.append(outcome(1))
        path.unlink()
        with pytest.raises(OutputError, match="was removed or changed"):
            journal.append(outcome(1))


def test_threads_may_share_it(path: Path) -> None:
    with Journal.open(path, lambda: BEGUN_AT) as journal:

        def add(thread: int) -> None:
            for number in range(20):
                journal.append(intent(thread * 100 + number))

        threads = [Thread(target=add, args=(thread,)) for thread in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        entries: tuple[Entry, ...] = journal.entries()
    assert tuple(read_journal(path)) == entries
    accounts = {entry.payload.account_id for entry in entries if isinstance(entry.payload, Intent)}
    assert len(accounts) == len(entries) == 80
