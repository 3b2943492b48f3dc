"""Where a result goes: standard output, or a file that appears whole or not at all."""

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO

from rootsweep.cli.standard_streams import discard_the_rest
from rootsweep.errors import OutputError
from rootsweep.reports.registry import RenderOptions

Writer = Callable[[TextIO, RenderOptions], None]

STANDARD_OUTPUT: Final = "-"
"""What stands for it where a path is asked for."""

_FILE_WIDTH: Final = 120
"""Columns of a table in a file or a pipe, which has no terminal to ask."""


def write_result(write: Writer, path: str | None, *, is_document: bool = False) -> None:
    """Write to standard output, or to ``path`` when given (``-`` is standard output).

    A document is UTF-8 wherever it goes; other text fits itself to the stream. Raises ``OutputError`` when it cannot be
    written; a reader that closes the pipe early (``| head``) is not an error.
    """
    if path is None or path == STANDARD_OUTPUT:
        stream, options = open_standard_output(is_document=is_document)
        with writing_to(stream):
            write(stream, options)
    else:
        _write_to_file(write, Path(path))


def check_writable(path: str | None) -> None:
    """Raise ``OutputError`` early, before anything is read, where the folder of ``path`` cannot take a file."""
    if path is None or path == STANDARD_OUTPUT:
        return
    target = Path(path)
    if target.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder", "name a file")
    if not target.parent.is_dir():
        raise OutputError(f"cannot write {path}: its folder does not exist", "create the folder or choose another path")


def open_standard_output(*, is_document: bool) -> tuple[TextIO, RenderOptions]:
    """Give standard output, and how it wants its text."""
    stream = sys.stdout
    if is_document and isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding="utf-8", newline="\n")
    width = shutil.get_terminal_size((_FILE_WIDTH, 24)).columns
    colour = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return stream, RenderOptions(width=width, colour=colour, unicode=_takes_unicode(stream))


@contextmanager
def writing_to(stream: TextIO) -> Iterator[None]:
    """Write to standard output and flush it; when it fails, what follows is discarded.

    Raises ``OutputError``, but not for a reader that closed the pipe.
    """
    try:
        yield
        stream.flush()
    except BrokenPipeError:
        discard_the_rest(stream)
    except OSError as error:
        discard_the_rest(stream)
        if error.errno == errno.EBADF:
            raise OutputError("standard output is closed", "name a file with --output") from error
        advice = "free some space or name a file with --output"
        raise OutputError(f"cannot write to standard output: {error.strerror}", advice) from error


def _write_to_file(write: Writer, path: Path) -> None:
    """Write beside the target and rename, so that a reader never sees half a file and a failure leaves the old one."""
    unfinished: str | None = None
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8") as stream:
                write(stream, RenderOptions(width=_FILE_WIDTH, colour=False, unicode=True))
            return
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            write(stream, RenderOptions(width=_FILE_WIDTH, colour=False, unicode=True))
            stream.flush()
            os.fsync(stream.fileno())
        Path(unfinished).chmod(_usual_mode(path))
        Path(unfinished).replace(path)
        unfinished = None
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}", "choose a path that can be written") from error
    finally:
        if unfinished is not None:
            with suppress(OSError):
                Path(unfinished).unlink()


def _usual_mode(path: Path) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _takes_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "ascii").lower().replace("-", "").startswith("utf")
