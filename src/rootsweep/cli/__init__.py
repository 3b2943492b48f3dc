"""The command line: one file a command; the only place that prints, asks, reads the clock or the environment."""

import sys
from typing import NoReturn

import click

from rootsweep.cli.commands import rootsweep
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.errors import CannotRunError, OutputError, RootsweepError

__all__ = ["main", "rootsweep"]


def main() -> NoReturn:
    """Run the command line and exit with a code of ``ExitCode``; nothing else catches what a command raises."""
    sys.exit(run_command_line(sys.argv[1:]))


def run_command_line(arguments: list[str]) -> int:
    """Run one command; each error becomes one sentence on stderr."""
    try:
        code = rootsweep.main(args=arguments, prog_name="rootsweep", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return ExitCode.USAGE
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except RootsweepError as error:
        click.echo(f"rootsweep: {error}; {error.advice}", err=True)
        return ExitCode.CANNOT_RUN if isinstance(error, CannotRunError | OutputError) else ExitCode.USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("rootsweep: interrupted", err=True)
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001  the last resort: a bug must not look like a verdict
        click.echo(f"rootsweep: internal error: {_where(error)}. This is a bug; please report it with the command.", err=True)
        return ExitCode.INTERNAL_ERROR
    return int(code or 0)


def _where(error: Exception) -> str:
    """Name the error and its place, without its text, which could quote an input."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"
