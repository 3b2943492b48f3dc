"""Reads the lines of a journal and nothing else: a file that is something else is refused and left alone."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, FileIO
from pathlib import Path
from typing import BinaryIO, assert_never

from rootsweep.errors import UsageError
from rootsweep.model.journal import Entry
from rootsweep.remediation.journal.chain import BrokenLink, Link, TornEnd, follow
from rootsweep.remediation.journal.conversion import entry_of, may_begin_a_journal


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
    """Give the error for a journal whose chain is broken."""
    return UsageError(
        f"{path} is damaged: {link.problem}",
        "keep it as evidence, see what is left of it with `rootsweep journal`, and name a new file",
    )


def _is_a_journal(stream: BinaryIO) -> bool:
    """Tell whether any line is an entry: a journal whose first line was changed is still one. An empty file may become one."""
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
