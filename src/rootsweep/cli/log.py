"""What ``--debug`` and ``ROOTSWEEP_LOG`` show: a line for each call to AWS (``aws/log.py``), control characters escaped."""

import logging
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final, TextIO

import click

from rootsweep.errors import OutputError
from rootsweep.reports.wording import printable

VARIABLE: Final = "ROOTSWEEP_LOG"


def debug_option() -> click.Option:
    """Make ``--debug``, which every command has."""
    return click.Option(
        ["--debug"], is_flag=True, expose_value=False, callback=_show_calls, help="Show each call to AWS on standard error."
    )


@contextmanager
def logging_to(path: str) -> Iterator[None]:
    """Add the calls to a file, made for its owner alone; raises ``OutputError`` where it cannot be written."""
    advice = f"name another file with {VARIABLE}, or unset it"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0), 0o600)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a path"
        raise OutputError(f"cannot write the log {path}: {reason}", advice) from error
    with os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OutputError(f"cannot write the log {path}: it is not a file", advice)
        with _logging(stream):
            yield


def _show_calls(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001  click's own
    if value:
        context.with_resource(_logging(sys.stderr))


class _Lines(logging.Formatter):
    """A line a call, dated in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z {printable(record.getMessage())}"


@contextmanager
def _logging(stream: TextIO) -> Iterator[None]:
    logger = logging.getLogger("rootsweep.aws")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Lines())
    level, propagate = logger.level, logger.propagate
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
