"""The files that the given paths stand for: each once, in a steady order, folders walked to their ends."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from rootsweep.core.run import RejectedInput

STANDARD_INPUT: Final = "-"


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file to read; ``path`` is as given, joined with the names below a given folder, ``-`` for standard input."""

    path: str
    is_pipe: bool = False
    is_in_folder: bool = False


@dataclass(slots=True)
class _Walk:
    """What has been met so far, by device and inode: links and overlapping paths are followed once.

    ``given`` are the given paths, with every link resolved. ``links`` are the symbolic links in folders: they are followed
    last, so that a file that has a name of its own is read by that name.
    """

    given: tuple[str, ...]
    seen: set[tuple[int, int]] = field(default_factory=set)
    links: list[str] = field(default_factory=list)

    def is_new(self, status: os.stat_result) -> bool:
        identity = (status.st_dev, status.st_ino)
        if identity in self.seen:
            return False
        self.seen.add(identity)
        return True

    def leads_out(self, link: str) -> bool:
        """Return whether a symbolic link leads to what was not given: it may be anybody's."""
        target = os.path.realpath(link)
        return not any(target == path or target.startswith(path.rstrip(os.sep) + os.sep) for path in self.given)


def given_files(paths: Sequence[str]) -> Iterator[GivenFile | RejectedInput]:
    """Walk the paths in the order given, folders by name; names that begin with a dot are passed over below a folder.

    What is given twice, also through a link, comes once. What cannot be read comes as a ``RejectedInput``, and so does a
    symbolic link in a folder that leads out of what was given.
    """
    walk = _Walk(tuple(os.path.realpath(path) for path in paths if path != STANDARD_INPUT and "\0" not in path))
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
                yield GivenFile(path, is_pipe=stat.S_ISFIFO(status.st_mode))
        elif walk.is_new(status):
            yield from _given_folder(path, walk)
    for link in walk.links:
        yield from filter(None, _found([link], walk, link))


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
    try:
        pending = _entries(path)
    except OSError as error:
        yield cannot_be_read(path, error)
        return
    is_empty = True
    for found in _found(pending, walk):
        is_empty = False
        if found is not None:
            yield found
    if is_empty:
        yield RejectedInput(
            displayable(path), None, "this folder holds no file; give the folder that the evidence was saved in"
        )


def _entries(folder: str) -> list[str]:
    """List a folder, the last name first."""
    names = sorted(os.listdir(folder), reverse=True)  # noqa: PTH208  thousands of paths: a string is enough
    return [os.path.join(folder, name) for name in names if not name.startswith(".")]  # noqa: PTH118  the same


def _found(pending: list[str], walk: _Walk, followed: str | None = None) -> Iterator[GivenFile | RejectedInput | None]:
    """Walk to the ends without recursion, so that depth does not matter; None stands for what comes before or after.

    ``followed`` is the link that is followed now; any other waits for its turn.
    """
    while pending:
        path = pending.pop()
        try:
            status = os.stat(path)  # noqa: PTH116  thousands of paths: a string is enough
            if path != followed and os.path.islink(path):  # noqa: PTH114  the same
                if walk.leads_out(path):
                    yield _not_followed(path)
                else:
                    walk.links.append(path)
                    yield None
            elif stat.S_ISDIR(status.st_mode):
                if walk.is_new(status):
                    pending += _entries(path)
                else:
                    yield None
            elif not stat.S_ISREG(status.st_mode):
                yield RejectedInput(
                    displayable(path), None, "this is not a regular file; remove it from the folder or give its path itself"
                )
            else:
                yield GivenFile(path, is_in_folder=True) if walk.is_new(status) else None
        except OSError as error:
            yield cannot_be_read(path, error)


def _not_followed(path: str) -> RejectedInput:
    reason = "this symbolic link leads out of the folder and was not followed; give the path it leads to with --from"
    return RejectedInput(displayable(path), None, reason)
