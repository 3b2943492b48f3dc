"""A file of lines that is only ever added to: for its owner alone where it is made, and written by one process at a time."""

import os
import stat
import sys
from contextlib import ExitStack
from io import FileIO
from pathlib import Path
from typing import Self

from rootsweep.errors import UsageError

if sys.platform == "win32":
    import msvcrt

    # Windows locks parts of a file, for readers too: a byte that none of these files reaches stands for the whole.
    _BEYOND_THE_END = 2**30

    def _lock(file: FileIO) -> None:
        file.seek(_BEYOND_THE_END)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: FileIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class AppendOnlyFile:
    """An open, locked file without a buffer, so that what was written outlasts the process, even one that is killed.

    ``size`` is where the whole lines end, in bytes; what a crash or a failed write left behind it is none of them. Every method
    raises ``OSError`` where the operating system refuses.
    """

    __slots__ = ("file", "path", "size")

    def __init__(self, path: Path, file: FileIO, size: int = 0) -> None:
        self.path = path
        self.file = file
        self.size = size

    @classmethod
    def open(cls, path: Path, purpose: str, *, creates: bool) -> Self:
        """Open a file and lock it until it is closed; a missing one is made where it ``creates``.

        Raises ``UsageError`` for what is no file, naming its ``purpose``, and when another process, or another part of this
        one, holds the lock.
        """
        # A named pipe, which is refused, is not waited for.
        flag = (os.O_CREAT if creates else 0) | getattr(os, "O_NONBLOCK", 0)
        file = FileIO(path, "r+", opener=lambda name, flags: os.open(name, flags | flag, 0o600))
        with ExitStack() as on_failure:
            on_failure.enter_context(file)
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UsageError(f"{path} is not a file", f"name {purpose}")
            try:
                _lock(file)
            except (BlockingIOError, PermissionError) as error:
                raise UsageError(f"another rootsweep is writing {path}", "wait until it has ended, or end it") from error
            on_failure.pop_all()
        return cls(path, file)

    def append(self, line: bytes) -> None:
        """Write a line after the last whole one, over what may follow there."""
        self.file.seek(self.size)
        unwritten = memoryview(line)
        while unwritten:
            unwritten = unwritten[self.file.write(unwritten) :]
        self.size += len(line)

    def cut_off_the_rest(self) -> None:
        """Remove what follows the last whole line."""
        self.file.truncate(self.size)

    def sync(self) -> None:
        """Bring the file to the disk."""
        os.fsync(self.file.fileno())
