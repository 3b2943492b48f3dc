"""The file of a journal, while it is written."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from io import BufferedReader, FileIO
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Final, Self, assert_never

from rootsweep.errors import OutputError
from rootsweep.locking import lock
from rootsweep.model.journal import NO_PREVIOUS, Entry, Payload, TornLine
from rootsweep.remediation.journal.chain import BrokenLink, TornEnd
from rootsweep.remediation.journal.conversion import entry_of, hash_of, line_of
from rootsweep.remediation.journal.reading import broken, links_in

_OPENING_FLAGS: Final = os.O_CREAT | getattr(os, "O_NONBLOCK", 0)
"""A file that is missing is made; a named pipe, which is refused, is not waited for."""


class Journal:
    """A journal that is only ever added to, for its owner alone where it is made, and written by one process at a time.

    Threads may share it. Every method raises ``OutputError`` when the file cannot be written.
    """

    __slots__ = ("_clock", "_entries", "_file", "_is_certain", "_mutex", "_path", "_size")

    def __init__(self, path: Path, file: FileIO, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._file = file
        self._clock = clock
        self._mutex = Lock()
        self._entries: list[Entry] = []
        self._size = 0
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
            file = on_failure.enter_context(_open(path))
            lock(file, path)
            journal = cls(path, file, clock)
            torn = journal._read()
            if torn:
                journal._append(TornLine(len(torn), hash_of(torn)))
                file.truncate(journal._size)
            os.fsync(file.fileno())
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
        raises ``OutputError``: opening the journal anew tells. Raises ``ValueError`` for text that no JSON can carry and for
        values that the model does not allow; the journal is then as it was.
        """
        with self._mutex, _output_errors(self._path):
            self._check_unchanged()
            return self._append(payload)

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries: those that it held when it was opened, and those added since."""
        with self._mutex:
            return tuple(self._entries)

    def close(self) -> None:
        """Give the journal up to other processes; does nothing a second time."""
        with self._mutex, _output_errors(self._path):
            self._file.close()

    def _read(self) -> bytes:
        """Take in what the file holds; gives the part of a line at its end."""
        torn = b""
        # Another object for the same open file: it keeps the lock, and this one reads in large pieces.
        with FileIO(self._file.fileno(), closefd=False) as file, BufferedReader(file) as stream:
            for link in links_in(stream, self._path):
                match link:
                    case Entry():
                        self._entries.append(link)
                    case BrokenLink():
                        raise broken(self._path, link)
                    case TornEnd(content=torn):
                        pass
                    case _:
                        assert_never(link)
        self._size = os.fstat(self._file.fileno()).st_size - len(torn)
        return torn

    def _append(self, payload: Payload) -> Entry:
        """Write an entry after the last whole line, over whatever part of a line follows there."""
        previous = self._entries[-1].hash if self._entries else NO_PREVIOUS
        line = line_of(len(self._entries), self._clock(), previous, payload)
        entry = entry_of(line)
        self._is_certain = False
        self._file.seek(self._size)
        unwritten = memoryview(line)
        while unwritten:
            unwritten = unwritten[self._file.write(unwritten) :]
        os.fsync(self._file.fileno())
        self._entries.append(entry)
        self._size += len(line)
        self._is_certain = True
        return entry

    def _check_unchanged(self) -> None:
        """Refuse to add to a file whose end is not known, and to one that was removed or changed by a program without locks."""
        if not self._is_certain:
            raise OutputError(f"an entry of {self._path} could not be written", "free some space there, and open it anew")
        state = os.fstat(self._file.fileno())
        if state.st_nlink == 0 or state.st_size != self._size:
            raise OutputError(
                f"{self._path} was removed or changed while rootsweep was writing it",
                "look for what touches it, and name a file that nothing else writes",
            )


def _open(path: Path) -> FileIO:
    """Open without a buffer, so that what was written is never held back."""
    return FileIO(path, "r+", opener=lambda name, flags: os.open(name, flags | _OPENING_FLAGS, 0o600))


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
