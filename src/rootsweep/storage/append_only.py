"""One process at a time writes a file."""

import sys
from io import FileIO
from pathlib import Path

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


def lock(file: FileIO, path: Path) -> None:
    """Lock an open file until it is closed.

    Raises ``UsageError`` when another process, or another part of this one, holds the lock, and ``OSError`` where the file
    system has no locks.
    """
    try:
        _lock(file)
    except (BlockingIOError, PermissionError) as error:
        raise UsageError(f"another rootsweep is writing {path}", "wait until it has ended, or end it") from error
