"""The command line: one file a command; the only place that prints, asks, reads the clock or the environment."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import NoReturn

import click

from rootsweep.cli.commands import rootsweep
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.standard_streams import discard_the_rest, open_missing_streams
from rootsweep.errors import CannotRunError, OutputError, RootsweepError

__all__ = [
    "main",
    "rootsweep",
]


def main() -> NoReturn:
    """Run the command line and exit with a code of ``ExitCode``; nothing else catches what a command raises."""
    open_missing_streams()
    sys.exit(run_command_line(sys.argv[1:]))


def run_command_line(arguments: list[str]) -> int:
    """Run one command; each error becomes one sentence on stderr."""
    try:
        with _log():
            code = rootsweep.main(args=arguments, prog_name="rootsweep", standalone_mode=False)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  the last resort: a bug must not look like a verdict
        return _tell(error)
    return int(code or 0)


def _log() -> AbstractContextManager[None]:
    path = os.environ.get("ROOTSWEEP_LOG")
    if not path:
        return nullcontext()
    from rootsweep.cli.log import logging_to  # noqa: PLC0415  few runs log anything

    return logging_to(path)


def _tell(error: BaseException) -> ExitCode:
    match error:
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            return ExitCode.USAGE
        case click.ClickException():
            sentence, code = _usage(error), ExitCode.USAGE
        case RootsweepError():
            sentence = f"{error}; {error.advice}"
            code = ExitCode.CANNOT_RUN if isinstance(error, CannotRunError | OutputError) else ExitCode.USAGE
        case KeyboardInterrupt() | click.Abort():
            sentence, code = "interrupted", ExitCode.INTERRUPTED
        case OSError():
            discard_the_rest(sys.stdout)
            sentence, code = (
                f"a file or stream failed: {error.strerror}; free some space or write elsewhere",
                ExitCode.CANNOT_RUN,
            )
        case _:
            sentence = f"internal error: {_where(error)}; this is a bug, please report it with the command"
            code = ExitCode.INTERNAL_ERROR
    click.echo(f"rootsweep: {sentence}", err=True)
    return code


def _usage(error: click.ClickException) -> str:
    """Say in one sentence what click says in four lines."""
    text = error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    where = "" if context is None else f" See `{context.command_path} --help`."
    return f"{text[:1].lower()}{text[1:]}{'' if text.endswith(('.', '?')) else '.'}{where}"


def _where(error: BaseException) -> str:
    """Name the error and its place, without its text, which could quote an input."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"
