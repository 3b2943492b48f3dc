"""Reading what may be a pipe or a terminal: a person is reported what rootsweep waits for when nothing comes."""

import os
import select
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

import click

from rootsweep.reports.wording import printable

_SECONDS: Final = 3.0
"""How long nothing may come before a person is reported."""


def tell_if_silent(stream: BinaryIO, name: str) -> None:
    """Wait until a stream has something to read or is at its end; after 3 seconds say what is awaited.

    A stream that cannot be waited for, such as a file on Windows, is left to the read that follows.
    """
    try:
        if select.select([stream], [], [], _SECONDS)[0]:
            return
        how = "; end it with Ctrl-D" if stream.isatty() else ""
        click.echo(f"rootsweep: waiting for input from {printable(name)}{how}", err=True)
        select.select([stream], [], [])
    except (OSError, ValueError):
        return


def read_standard_input() -> bytes:
    """Read standard input to its end; raises ``OSError``."""
    tell_if_silent(sys.stdin.buffer, "standard input")
    return sys.stdin.buffer.read()


@contextmanager
def opened_input(path: str) -> Iterator[BinaryIO]:
    """Open a file, or a named pipe that may not have a writer yet, for reading; raises ``OSError`` or ``ValueError``."""
    with open(path, "rb", opener=_open_without_writer) as stream:
        if stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode):
            tell_if_silent(stream, path)
            os.set_blocking(stream.fileno(), True)
        yield stream


def _open_without_writer(path: str, flags: int) -> int:
    # Opening a named pipe waits for its writer, and nothing could be said meanwhile.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
