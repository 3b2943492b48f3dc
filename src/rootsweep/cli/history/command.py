"""``rootsweep history``: the recorded runs, what has changed between them, and the life of an account's keys."""

from collections.abc import Sequence
from functools import partial

import click

from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.exit_codes_of import exit_code_of_drift
from rootsweep.cli.history.options import history_option, recorded_in
from rootsweep.cli.history.pruning import prune
from rootsweep.cli.output import Writer, write_result
from rootsweep.cli.parameters import AccountId
from rootsweep.errors import UsageError
from rootsweep.history.location import Location
from rootsweep.model.history import AccountLife, Drift, RunRecord

_format_option = click.option(
    "--format", "format_name", type=click.Choice(["json", "table"]), default="table", show_default=True, help="How to show it."
)


class ListsByDefault(click.Group):
    """A group that lists the runs where no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``list`` before options that are not the group's own."""
        asks_for_help = bool(args) and args[0] in ctx.help_option_names
        if not asks_for_help and (not args or args[0].startswith("-")):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group("history", cls=ListsByDefault)
def command() -> None:
    """Show the recorded runs, what has changed between them, and the life of an account's root keys.

    `rootsweep audit` records its runs. AWS is not asked.

    \b
    rootsweep history
    rootsweep history diff
    rootsweep history show 111122223333
    rootsweep history prune --keep 365
    """  # noqa: D301  click reads the backspace as "keep these lines"


@command.command("list")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="How many runs to show.")
@_format_option
@history_option
def list_runs(*, limit: int, format_name: str, history: Location | str | None) -> int:
    """Show the newest runs, the newest first, and what was new in each."""
    from rootsweep.history.store import open_history  # noqa: PLC0415  SQLAlchemy is slow to import

    with open_history(recorded_in(history), creates=False) as recorded:
        recorded.newest_run()
        runs = recorded.runs(limit)
    write_result(_runs_writer(format_name, runs), None)
    return ExitCode.PROVEN


@command.command("diff")
@click.argument("older", metavar="[RUN", type=int, required=False)
@click.argument("newer", metavar="[RUN]]", type=int, required=False)
@_format_option
@history_option
def diff(*, older: int | None, newer: int | None, format_name: str, history: Location | str | None) -> int:
    """Show what has changed from one run to another.

    By default that is the last complete run and the one before it of the same scope. One RUN is compared with the newest of its
    scope, two with each other, the older first.
    """
    from rootsweep.cli.history.diff import compare_recorded  # noqa: PLC0415  SQLAlchemy is slow to import

    drift = compare_recorded(recorded_in(history), older, newer)
    write_result(_drift_writer(format_name, drift), None)
    return exit_code_of_drift(drift)


@command.command("show")
@click.argument("account_id", metavar="ACCOUNT", type=AccountId())
@_format_option
@history_option
def show(*, account_id: str, format_name: str, history: Location | str | None) -> int:
    """Show an account over time: how it was judged, and the life of each key."""
    from rootsweep.history.store import open_history  # noqa: PLC0415  SQLAlchemy is slow to import
    from rootsweep.timeline import tell_life  # noqa: PLC0415  of use here alone

    location = recorded_in(history)
    with open_history(location, creates=False) as recorded:
        life = tell_life(account_id, recorded.timeline(account_id))
    if not life.sightings:
        raise UsageError(f"no run in {location} has account {account_id}", "`rootsweep history list` shows the runs")
    write_result(_life_writer(format_name, life), None)
    return ExitCode.PROVEN


command.add_command(prune)


def _runs_writer(format_name: str, runs: Sequence[RunRecord]) -> Writer:
    if format_name == "json":
        from rootsweep.reports.history_json import write_runs as write_json  # noqa: PLC0415  only one format is imported

        return partial(write_json, runs)
    from rootsweep.reports.history_table import write_runs as write_table  # noqa: PLC0415  rich is slow to import

    return partial(write_table, runs)


def _drift_writer(format_name: str, drift: Drift) -> Writer:
    if format_name == "json":
        from rootsweep.reports.history_json import write_drift as write_json  # noqa: PLC0415  only one format is imported

        return partial(write_json, drift)
    from rootsweep.reports.history_diff_table import write_drift as write_table  # noqa: PLC0415  rich is slow to import

    return partial(write_table, drift)


def _life_writer(format_name: str, life: AccountLife) -> Writer:
    if format_name == "json":
        from rootsweep.reports.history_json import write_life as write_json  # noqa: PLC0415  only one format is imported

        return partial(write_json, life)
    from rootsweep.reports.history_life_table import write_life as write_table  # noqa: PLC0415  rich is slow to import

    return partial(write_table, life)
