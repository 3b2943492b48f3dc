"""``rootsweep history prune``: old runs deleted, once a person has said so."""

import sys
from typing import Final

import click

from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.history.options import history_option, recorded_in
from rootsweep.errors import UsageError
from rootsweep.history.location import Location

_ANSWER: Final = "delete"


@click.command("prune")
@click.option(
    "--keep", type=click.IntRange(min=1), required=True, metavar="N", help="How many runs of each scope to keep, the newest."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@history_option
def prune(*, keep: int, yes: bool, history: Location | str | None) -> int:
    """Delete old runs: all but the newest of each scope, and the last complete one.

    What the runs that are left have found stays as it was.
    """
    from rootsweep.history.store import open_history  # noqa: PLC0415  SQLAlchemy is slow to import

    location = recorded_in(history)
    with open_history(location, creates=False) as recorded:
        doomed, left = recorded.what_pruning_deletes(keep)
        if not doomed:
            click.echo(f"Nothing to delete: {_runs(left)} in {location}.")
            return ExitCode.PROVEN
        if not yes:
            _confirm(f"{_runs(len(doomed))} of {_runs(len(doomed) + left)}, numbers {_numbers(doomed)}, in {location}")
        pruned = recorded.prune(keep)
    click.echo(f"Deleted {_runs(pruned.runs)}; {_runs(pruned.left)} left in {location}.")
    return ExitCode.PROVEN


def _confirm(what: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError(f"nobody is there to confirm that {what} be deleted", "give --yes if that is what you want")
    click.echo(f"This deletes {what}. It cannot be undone.")
    typed = click.prompt(f"To go on type {_ANSWER}", prompt_suffix=":\n", default="", show_default=False)
    if typed.strip() != _ANSWER:
        raise UsageError("nothing was deleted", "run it again")


def _runs(number: int) -> str:
    return f"{number:,} run" if number == 1 else f"{number:,} runs"


def _numbers(doomed: list[int]) -> str:
    """Name the first and the last: between them others may stay."""
    return str(doomed[0]) if len(doomed) == 1 else f"{min(doomed)} to {max(doomed)}"
