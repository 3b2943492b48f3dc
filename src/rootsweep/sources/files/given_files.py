"""The files that the given paths stand for: each once, in a steady order, folders walked to their ends."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from rootsweep.model.run import RejectedInput

STANDARD_INPUT: Final = "-"


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file to read; ``path`` is as given, joined with the names below a given folder, ``-`` for standard input."""

    path: str


@dataclass(slots=True)
class _Walk:
    """What has been met so far, by device and inode: links and overlapping paths are followed once."""

    seen: set[tuple[int, int]] = field(default_factory=set)

    def is_new(self, status: os.stat_result) -> bool:
        identity = (status.st_dev, status.st_ino)
        if identity in self.seen:
            return False
        self.seen.add(identity)
        return True


def given_files(paths: Sequence[str]) -> Iterator[GivenFile | RejectedInput]:
    """Walk the paths in the order given, folders by name; names that begin with a dot are passed over below a folder.

    What is given twice, also through a link, comes once. What cannot be read comes as a ``RejectedInput``.
    """
    walk = _Walk()
    has_standard_input = False
    for path in paths:
        if path == STANDARD_INPUT:
            if not has_standard_input:
                yield GivenFile(path)
            has_standard_input = True
            continue
        try:
            status = os.stat(path)  # noqa: PTH116  as given: a Path would drop a leading "./"
        except (OSError, ValueError) as error:
            yield cannot_be_read(path, error)
            continue
        if not stat.S_ISDIR(status.st_mode):
            # A pipe that is given by name (a shell's process substitution) is meant to be read.
            if walk.is_new(status):
                yield GivenFile(path)
        elif walk.is_new(status):
            yield from _given_folder(path, walk)


def cannot_be_read(path: str, error: OSError | ValueError) -> RejectedInput:
    """Refuse a path by the operating system's own words."""
    cause = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
    return RejectedInput(
        displayable(path), None, f"this path cannot be read ({cause}); check that it exists and that you may read it"
    )


def displayable(path: str) -> str:
    """Spell a path in valid Unicode: bytes that the file system's encoding does not know are written as escapes."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _given_folder(path: str, walk: _Walk) -> Iterator[GivenFile | RejectedInput]:
    is_empty = True
    for found in _below(path, walk):
        is_empty = False
        if found is not None:
            yield found
    if is_empty:
        yield RejectedInput(
            displayable(path), None, "this folder holds no file; give the folder that the evidence was saved in"
        )


def _below(folder: str, walk: _Walk) -> Iterator[GivenFile | RejectedInput | None]:
    """Walk a folder without recursion, so that depth does not matter; None stands for what was met before."""
    pending = [folder]
    while pending:
        path = pending.pop()
        try:
            status = os.stat(path)  # noqa: PTH116  thousands of paths: a string is enough
            if stat.S_ISDIR(status.st_mode):
                if path != folder and not walk.is_new(status):
                    yield None
                else:
                    names = sorted(os.listdir(path), reverse=True)  # noqa: PTH208  the same
                    pending += [os.path.join(path, name) for name in names if not name.startswith(".")]  # noqa: PTH118  the same
                continue
        except OSError as error:
            yield cannot_be_read(path, error)
            continue
        if not stat.S_ISREG(status.st_mode):
            yield RejectedInput(
                displayable(path), None, "this is not a regular file; remove it from the folder or give its path itself"
            )
        else:
            yield GivenFile(path) if walk.is_new(status) else None
