"""The file of a journal: written, read, and checked by its chain of hashes."""

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader, FileIO
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import BinaryIO, Self, assert_never

from rootsweep.core.removal.journal import (
    NO_PREVIOUS,
    Entry,
    ExpectedHead,
    Inspection,
    Payload,
    TornLine,
    Verification,
    unfinished_intents,
)
from rootsweep.errors import OutputError, UsageError
from rootsweep.storage.append_only import AppendOnlyFile
from rootsweep.storage.journal_lines import entry_of, hash_of, line_of, may_begin_a_journal


class Journal:
    """A journal that is only ever added to, for its owner alone where it is made, and written by one process at a time.

    Threads may share it. Every method raises ``OutputError`` when the file cannot be written.
    """

    __slots__ = ("_clock", "_entries", "_file", "_is_certain", "_mutex")

    def __init__(self, file: AppendOnlyFile, clock: Callable[[], datetime]) -> None:
        self._file = file
        self._clock = clock
        self._mutex = Lock()
        self._entries: list[Entry] = []
        self._is_certain = True

    @classmethod
    def open(cls, path: Path, clock: Callable[[], datetime]) -> Self:
        """Open a journal, or begin one in folders that are made where they are missing; ``clock`` gives aware times.

        A last line that a crash has cut off is replaced by an entry that tells its length and digest.

        Raises ``UsageError`` when another process is writing it, when it is no journal, and when a line does not follow from
        the one before.
        """
        with _output_errors(path), ExitStack() as on_failure:
            made = _make_folder(path.parent)
            file = AppendOnlyFile.open(path, "the file of a journal", creates=True)
            on_failure.enter_context(file.file)
            journal = cls(file, clock)
            torn = journal._read()
            if torn:
                journal._append(TornLine(len(torn), hash_of(torn)))
                file.cut_off_the_rest()
            file.sync()
            if not journal._entries:
                _sync_folders([path.parent, *(folder.parent for folder in made)])
            on_failure.pop_all()
        return journal

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def append(self, payload: Payload) -> Entry:
        """Add an entry; it is on the disk when this returns.

        Once this has failed, whether by the disk or by an interruption, nobody knows how the file ends, and every further call
        raises ``OutputError``: opening the journal again tells. Raises ``ValueError`` for text that no JSON can carry and for
        values that the model does not allow; the journal is then as it was.
        """
        with self._mutex, _output_errors(self._file.path):
            self._check_unchanged()
            return self._append(payload)

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries: those that it held when it was opened, and those added since."""
        with self._mutex:
            return tuple(self._entries)

    def close(self) -> None:
        """Return the journal up to other processes; does nothing a second time."""
        with self._mutex, _output_errors(self._file.path):
            self._file.file.close()

    def _read(self) -> bytes:
        """Take in what the file holds; gives the part of a line at its end."""
        torn = b""
        # Another object for the same open file: it keeps the lock, and this one reads in large pieces.
        with FileIO(self._file.file.fileno(), closefd=False) as file, BufferedReader(file) as stream:
            for link in links_in(stream, self._file.path):
                match link:
                    case Entry():
                        self._entries.append(link)
                    case BrokenLink():
                        raise broken(self._file.path, link)
                    case TornEnd(content=torn):
                        pass
                    case _:
                        assert_never(link)
        self._file.size = os.fstat(self._file.file.fileno()).st_size - len(torn)
        return torn

    def _append(self, payload: Payload) -> Entry:
        """Write an entry after the last whole line, over whatever part of a line follows there."""
        previous = self._entries[-1].hash if self._entries else NO_PREVIOUS
        line = line_of(len(self._entries), self._clock(), previous, payload)
        entry = entry_of(line)
        self._is_certain = False
        self._file.append(line)
        self._file.sync()
        self._entries.append(entry)
        self._is_certain = True
        return entry

    def _check_unchanged(self) -> None:
        """Refuse to add to a file whose end is not known, and to one that was removed or changed by a program without locks."""
        if not self._is_certain:
            raise OutputError(
                f"an entry of {self._file.path} could not be written", "free some space there, and run the command again"
            )
        state = os.fstat(self._file.file.fileno())
        if state.st_nlink == 0 or state.st_size != self._file.size:
            raise OutputError(
                f"{self._file.path} was removed or changed while rootsweep was writing it",
                "look for what touches it, and name a file that nothing else writes",
            )


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and those above it; gives the ones that were missing."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return missing


def _sync_folders(folders: list[Path]) -> None:
    """Bring the names in folders to the disk: a file that was made outlasts a power cut only with its name."""
    if sys.platform == "win32":  # which lets nobody open a folder, and needs no such thing
        return
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _output_errors(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into ``OutputError``."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot write the journal {path}: {error.strerror}", "free some space there, or name a path that can be written"
        ) from error


# Whether each line of a journal follows from the one before it; nothing here reads a file.


@dataclass(frozen=True, slots=True)
class TornEnd:
    """A last line without a line end."""

    content: bytes


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A line, counted from 1, that does not follow; ``problem`` says so in a clause that names it."""

    line: int
    problem: str


Link = Entry | TornEnd | BrokenLink


def follow(lines: Iterable[bytes]) -> Iterator[Link]:
    """Return the entry of each line, with its line end, as far as they follow from each other; a ``BrokenLink`` ends it."""
    previous = NO_PREVIOUS
    for number, line in enumerate(lines, start=1):
        link = _link(number, line, previous)
        yield link
        if not isinstance(link, Entry):
            return
        previous = link.hash


def verification_of(links: Iterable[Link]) -> Verification:
    """Sum up the links of a chain."""
    entries, head = 0, NO_PREVIOUS
    for link in links:
        match link:
            case Entry():
                entries, head = entries + 1, link.hash
            case TornEnd(content=content):
                return _intact(entries, head, torn_bytes=len(content))
            case BrokenLink(line=line, problem=problem):
                return Verification(entries, intact=False, broken_line=line, problem=problem, head=head)
            case _:
                assert_never(link)
    return _intact(entries, head)


def _intact(entries: int, head: str, torn_bytes: int = 0) -> Verification:
    return Verification(entries, intact=True, broken_line=None, problem=None, head=head, torn_bytes=torn_bytes)


def _link(number: int, line: bytes, previous: str) -> Link:
    if not line.endswith(b"\n"):
        return TornEnd(line)
    try:
        entry = entry_of(line)
    except ValueError:
        return BrokenLink(number, f"line {number} is not an entry: the journal was changed, or a newer rootsweep wrote it")
    if (entry.sequence, entry.previous) == (number - 1, previous):
        return entry
    before = "the beginning" if number == 1 else f"line {number - 1}"
    return BrokenLink(number, f"line {number} does not follow from {before}: the journal was changed")


# Reads the lines of a journal and nothing else: a file that is something else is refused and left alone.


def read_journal(path: Path) -> Iterator[Entry]:
    """Read the entries one by one; an unfinished last line is none.

    Raises ``UsageError`` when the file cannot be read or is no journal, and at the first line that does not follow.
    """
    for link in read_links(path):
        match link:
            case Entry():
                yield link
            case BrokenLink():
                raise broken(path, link)
            case TornEnd():
                return
            case _:
                assert_never(link)


def read_links(path: Path) -> Iterator[Link]:
    """Read the chain, also of a file that is being written; raises ``UsageError`` when it cannot be read or is no journal."""
    with _reading(path), FileIO(path, opener=_open_without_waiting) as file, BufferedReader(file) as stream:
        yield from links_in(stream, path)


def links_in(stream: BinaryIO, path: Path) -> Iterator[Link]:
    """Read the chain from an open file; raises ``UsageError`` when it is no journal."""
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        raise UsageError(f"{path} is not a file", "name the file of a journal")
    if not _is_a_journal(stream):
        raise UsageError(f"{path} is not a journal of rootsweep", "name the file that a removal has written, or a new one")
    stream.seek(0)
    yield from follow(stream)


def broken(path: Path, link: BrokenLink) -> UsageError:
    """Return the error for a journal whose chain is broken."""
    return UsageError(
        f"{path} is damaged: {link.problem}",
        "keep it as evidence, see what is left of it with `rootsweep journal`, and name a new file",
    )


def _is_a_journal(stream: BinaryIO) -> bool:
    """Return whether any line is an entry: a journal whose first line was changed is one, and an empty file may become one."""
    is_empty = True
    for line in stream:
        if not line.endswith(b"\n"):
            return is_empty and may_begin_a_journal(line)
        is_empty = False
        if _is_an_entry(line):
            return True
    return is_empty


def _is_an_entry(line: bytes) -> bool:
    try:
        entry_of(line)
    except ValueError:
        return False
    return True


def _open_without_waiting(name: str, flags: int) -> int:
    """Open a file; a named pipe is not waited for."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into ``UsageError``."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", "name the file of a journal that can be read") from error


# Verifies a journal, and reads it as far as its entries follow from each other; it may be written meanwhile.


def verify(path: Path) -> Verification:
    """Check that each entry follows from the one before; raises ``UsageError`` when the file cannot be read or is none."""
    return verification_of(read_links(path))


def inspect_journal(path: Path, expected_head: str | None = None) -> Inspection:
    """Read and verify a journal; ``expected_head`` is a hash of it that was noted before, in lower case.

    Raises ``UsageError`` when the file cannot be read or is no journal.
    """
    links = tuple(read_links(path))
    entries = tuple(link for link in links if isinstance(link, Entry))
    expected = None if expected_head is None else ExpectedHead(expected_head, _line_with(expected_head, entries))
    return Inspection(entries, verification_of(links), unfinished_intents(entries), expected)


def _line_with(expected_head: str, entries: Sequence[Entry]) -> int | None:
    """Return the line that has this hash; line 0 has the one of a journal without an entry."""
    if expected_head == NO_PREVIOUS:
        return 0
    return next((entry.sequence + 1 for entry in entries if entry.hash == expected_head), None)
