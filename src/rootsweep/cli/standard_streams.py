"""The standard streams, whatever state the program finds or leaves them in.

A scheduler or a shell may start a program without them (``2>&-``), and a pipe or a disk behind them may fail at any time. What
is said beside a result is lost then and changes nothing; a result that cannot be written is an error of its own.
"""

import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def open_missing_streams() -> None:
    """Open the standard streams that the program was started without; nothing that fails on standard error counts.

    Without them Python has None in their place, and the next file that is opened takes their number. Standard input is then
    empty, and standard output fails when it is written to, as a closed one does.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115  as long as the program runs
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  the same
    elif isinstance(sys.stderr, io.TextIOWrapper):
        stream = io.BufferedWriter(_Messages(sys.stderr.fileno()))
        sys.stderr = io.TextIOWrapper(stream, sys.stderr.encoding, "backslashreplace", line_buffering=True)


def discard_the_rest(stream: TextIO) -> None:
    """Send what is still buffered nowhere, so that Python does not fail on it again when it exits."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _Messages(io.FileIO):
    """Standard error as a stream that takes everything: what cannot be written is lost."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "w", closefd=False)

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write what can be written, and tell that all of it was."""
        with suppress(OSError):
            super().write(data)
        return memoryview(data).nbytes
