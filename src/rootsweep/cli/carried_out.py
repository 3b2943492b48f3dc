"""What came of a remediation, shown result by result, to its end or until nothing more can be written."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import click

from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.standard_streams import discard_the_rest
from rootsweep.errors import OutputError


class Shown(Protocol):
    """What came of one act."""

    @property
    def has_touched(self) -> bool:
        """Whether something was changed, or may have been."""


T = TypeVar("T", bound=Shown)


@dataclass(frozen=True, slots=True)
class CarriedOut(Generic[T]):
    """The results that there are; ``failure`` is what ended them early, None where they are all."""

    results: list[T]
    failure: OutputError | None = None

    def exit_code(self, code: ExitCode) -> ExitCode:
        """Give the code of a remediation that would end with ``code`` where nothing had ended it early.

        What ended it is told on standard error once anything was changed, and makes it incomplete; raised where nothing was.
        """
        if self.failure is None:
            return code
        if not any(result.has_touched for result in self.results):
            raise self.failure
        click.echo(f"rootsweep: {self.failure}; {self.failure.advice}", err=True)
        return ExitCode.REMEDIATION_INCOMPLETE


def carry_out(results: Iterable[T], show: Callable[[T], None]) -> CarriedOut[T]:
    """Show each result as it comes, until the last, or until the journal or standard output cannot be written.

    Nothing more is changed after that: what cannot be written cannot be accounted for.
    """
    shown: list[T] = []
    try:
        for result in results:
            shown.append(result)
            with _errors_of_standard_output():
                show(result)
    except OutputError as error:
        return CarriedOut(shown, error)
    return CarriedOut(shown)


@contextmanager
def _errors_of_standard_output() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        discard_the_rest(sys.stdout)
        advice = "see with `rootsweep journal` what was done, and run the command again"
        raise OutputError(f"standard output cannot be written: {error.strerror}", advice) from error
