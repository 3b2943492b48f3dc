"""Whatever is done to a journal's lines shows; only what a noted head finds out leaves the chain whole."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.core.removal.journal import NO_PREVIOUS, Entry, Note, Verification
from rootsweep.errors import UsageError
from rootsweep.storage.journal import (
    BrokenLink,
    Journal,
    TornEnd,
    follow,
    inspect_journal,
    read_journal,
    verification_of,
    verify,
)
from rootsweep.storage.journal_lines import hash_of, line_of
from tests.remediation.journals import BEGUN_AT, SETTLED, ticking

Lines = list[bytes]


def chain() -> Lines:
    lines: Lines = []
    previous = NO_PREVIOUS
    for sequence, payload in enumerate(SETTLED):
        lines.append(line_of(sequence, BEGUN_AT, previous, payload))
        previous = hash_of(lines[-1])
    return lines


LINES = chain()
NOT_AN_ENTRY = "line {} is not an entry: the journal was changed, or a newer rootsweep wrote it"
DOES_NOT_FOLLOW = "line {} does not follow from line {}: the journal was changed"


def edited(edit: Callable[[Lines], object]) -> Lines:
    lines = list(LINES)
    edit(lines)
    return lines


def change_a_byte(lines: Lines) -> None:
    lines[2] = lines[2].replace(b"deleted", b"deletes")


def change_a_time(lines: Lines) -> None:
    lines[0] = lines[0].replace(b"08:30", b"08:31")


def spoil_a_line(lines: Lines) -> None:
    lines[2] = lines[2].replace(b'"', b"'", 1)


def delete_a_line(lines: Lines) -> None:
    del lines[2]


def delete_the_first(lines: Lines) -> None:
    del lines[0]


def swap_two(lines: Lines) -> None:
    lines[2], lines[3] = lines[3], lines[2]


def repeat_a_line(lines: Lines) -> None:
    lines.insert(2, lines[2])


def insert_what_follows(lines: Lines) -> None:
    lines.insert(2, line_of(2, BEGUN_AT, hash_of(lines[1]), Note("never written")))


def insert_a_blank_line(lines: Lines) -> None:
    lines.insert(2, b"\n")


def insert_garbage(lines: Lines) -> None:
    lines.insert(2, b"\0\xff\n")


def join_two(lines: Lines) -> None:
    lines[2] = lines[2][:-1]


def cut_in_the_middle(lines: Lines) -> None:
    lines[2] = lines[2][:50] + b"\n"


def renumber_the_last(lines: Lines) -> None:
    lines[5] = line_of(6, BEGUN_AT, hash_of(lines[4]), SETTLED[5])


def change_the_line_end(lines: Lines) -> None:
    lines[2] = lines[2][:-1] + b"\r\n"


EDITS = [
    (change_a_byte, 4, DOES_NOT_FOLLOW.format(4, 3)),
    (change_a_time, 2, DOES_NOT_FOLLOW.format(2, 1)),
    (spoil_a_line, 3, NOT_AN_ENTRY.format(3)),
    (delete_a_line, 3, DOES_NOT_FOLLOW.format(3, 2)),
    (delete_the_first, 1, "line 1 does not follow from the beginning: the journal was changed"),
    (swap_two, 3, DOES_NOT_FOLLOW.format(3, 2)),
    (repeat_a_line, 4, DOES_NOT_FOLLOW.format(4, 3)),
    (insert_what_follows, 4, DOES_NOT_FOLLOW.format(4, 3)),
    (insert_a_blank_line, 3, NOT_AN_ENTRY.format(3)),
    (insert_garbage, 3, NOT_AN_ENTRY.format(3)),
    (join_two, 3, NOT_AN_ENTRY.format(3)),
    (cut_in_the_middle, 3, NOT_AN_ENTRY.format(3)),
    (renumber_the_last, 6, DOES_NOT_FOLLOW.format(6, 5)),
    (change_the_line_end, 4, DOES_NOT_FOLLOW.format(4, 3)),
]


def test_a_chain_that_nobody_touched_is_whole() -> None:
    links = list(follow(LINES))
    assert [link.payload for link in links if isinstance(link, Entry)] == list(SETTLED)
    assert verification_of(links) == Verification(6, True, None, None, hash_of(LINES[-1]))
    assert verification_of(follow([])) == Verification(0, True, None, None, NO_PREVIOUS)


@pytest.mark.parametrize(("edit", "line", "problem"), EDITS)
def test_every_edit_is_found(edit: Callable[[Lines], object], line: int, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    content = b"".join(edited(edit))
    path.write_bytes(content)
    verification = verify(path)
    assert (verification.intact, verification.broken_line, verification.problem) == (False, line, problem)
    assert verification.entries == line - 1
    entries = read_journal(path)
    for sequence in range(line - 1):
        assert next(entries).sequence == sequence
    with pytest.raises(UsageError, match=problem):
        next(entries)
    with pytest.raises(UsageError, match=problem) as refused:
        Journal.open(path, ticking())
    assert str(path) in str(refused.value)
    assert refused.value.advice
    assert path.read_bytes() == content


def lines_of(content: bytes | bytearray) -> Lines:
    return BytesIO(content).readlines()


@given(position=st.integers(0, len(b"".join(LINES[:-1])) - 1), byte=st.integers(0, 255))
def test_no_byte_before_the_last_line_can_be_changed(position: int, byte: int) -> None:
    content = bytearray(b"".join(LINES))
    is_changed = content[position] != byte
    content[position] = byte
    assert verification_of(follow(lines_of(content))).intact == (not is_changed)


@given(position=st.integers(len(b"".join(LINES[:-1])), len(b"".join(LINES)) - 2), byte=st.integers(0, 255))
def test_a_byte_of_the_last_line_shows_in_the_head(position: int, byte: int) -> None:
    content = bytearray(b"".join(LINES))
    is_changed = content[position] != byte
    content[position] = byte
    verification = verification_of(follow(lines_of(content)))
    assert is_changed == (not verification.intact or verification.head != hash_of(LINES[-1]))


@given(keep=st.integers(0, len(LINES)), torn=st.integers(0, 200))
def test_the_end_can_be_cut_off_and_the_noted_head_tells(keep: int, torn: int) -> None:
    rest = b"".join(LINES[keep:])[:torn]
    content = b"".join(LINES[:keep]) + rest
    verification = verification_of(follow(lines_of(content)))
    assert verification.intact
    assert (verification.head == hash_of(LINES[-1])) == content.startswith(b"".join(LINES))


def test_a_torn_end_is_no_entry_and_ends_the_chain() -> None:
    links = list(follow([*LINES[:2], b'{"kind":"note"']))
    assert links[2:] == [TornEnd(b'{"kind":"note"')]
    assert verification_of(links) == Verification(2, True, None, None, hash_of(LINES[1]), torn_bytes=14)


def test_nothing_is_read_past_a_broken_link() -> None:
    links = list(follow([LINES[0], LINES[2], LINES[1], LINES[2]]))
    assert links[1:] == [BrokenLink(2, DOES_NOT_FOLLOW.format(2, 1))]


def test_a_head_is_found_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(LINES))
    for number, line in enumerate(LINES, start=1):
        expected = inspect_journal(path, hash_of(line)).expected_head
        assert expected is not None
        assert expected.line == number
    gone = inspect_journal(path, hash_of(b"something else")).expected_head
    assert gone is not None
    assert gone.line is None
    assert inspect_journal(path).expected_head is None
