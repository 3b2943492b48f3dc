"""Where a result goes: standard output, or a file that appears whole or not at all."""

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO

from rootsweep.cli.standard_streams import discard_the_rest
from rootsweep.errors import OutputError
from rootsweep.reports.registry import RenderOptions
from rootsweep.storage.whole_file import written_whole

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
        with written_whole(Path(path)) as stream:
            write(stream, RenderOptions(width=_FILE_WIDTH, colour=False, unicode=True))


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
    """Return standard output, and how it wants its text."""
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


def _takes_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "ascii").lower().replace("-", "").startswith("utf")
