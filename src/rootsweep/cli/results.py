"""What came of a remediation, shown result by result, to its end or until nothing more can be written."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import fill
from typing import Final, Generic, TypeVar

import click

from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.standard_streams import discard_the_rest
from rootsweep.core.removal.result import Result
from rootsweep.errors import OutputError
from rootsweep.reports.wording import printable

S = TypeVar("S")

_WIDTH: Final = 80
_COMMAND: Final = re.compile(r"`[^`]*`")
_NO_BREAK: Final = "\0"


@dataclass(frozen=True, slots=True)
class CarriedOut(Generic[S]):
    """The results that there are; ``failure`` is what ended them early, None where they are all."""

    results: list[Result[S]]
    failure: OutputError | None = None

    def exit_code(self, code: ExitCode) -> ExitCode:
        """Return the code of a remediation that would end with ``code`` where nothing had ended it early.

        What ended it is reported on standard error if anything was changed, and makes it incomplete; else it is raised.
        """
        if self.failure is None:
            return code
        if not any(result.has_touched for result in self.results):
            raise self.failure
        click.echo(f"rootsweep: {self.failure}; {self.failure.advice}", err=True)
        return ExitCode.REMEDIATION_INCOMPLETE


def carry_out(results: Iterable[Result[S]], name: Callable[[S], str]) -> CarriedOut[S]:
    """Show each result as it comes, until the last, or until the journal or standard output cannot be written.

    Nothing more is changed after that: what cannot be written cannot be accounted for.
    """
    shown: list[Result[S]] = []
    try:
        for result in results:
            shown.append(result)
            with _errors_of_standard_output():
                show(result, name(result.subject))
    except OutputError as error:
        return CarriedOut(shown, error)
    return CarriedOut(shown)


def show(result: Result[S], name: str) -> None:
    """Print a result: what it is about, and a sentence below it."""
    click.echo(f"{result.code.value.upper():<20} {printable(name)}")
    say(result.detail)


def say(sentence: str, indent: str = "    ") -> None:
    """Print a sentence, wrapped; a command in it stays in one line, so that it can be copied."""
    unbroken = _COMMAND.sub(lambda command: command[0].replace(" ", _NO_BREAK), printable(sentence))
    lines = fill(
        unbroken, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
    )
    click.echo(lines.replace(_NO_BREAK, " "))


def say_next(command: str, purpose: str) -> None:
    """Print the command to run next, whole, and what it is for."""
    click.echo(f"Next: {command}")
    click.echo(f"      {purpose}")


@contextmanager
def _errors_of_standard_output() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        discard_the_rest(sys.stdout)
        advice = "see with `rootsweep journal` what was done, and run the command again"
        raise OutputError(f"standard output cannot be written: {error.strerror}", advice) from error
