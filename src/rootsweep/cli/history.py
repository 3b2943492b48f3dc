"""``rootsweep history``: the recorded runs, what has changed between them, and the life of an account's keys."""

import sys
from functools import partial
from typing import Final

import click

from rootsweep.cli.exit_codes import ExitCode, exit_code_of_drift
from rootsweep.cli.options.history import history_option, recorded_in
from rootsweep.cli.output import Writer, write_result
from rootsweep.core.history.drift import compare
from rootsweep.core.history.recorded import Drift, RunRecord
from rootsweep.core.history.timeline import tell_life
from rootsweep.core.parsing.account_list import parse_account_id
from rootsweep.errors import UsageError
from rootsweep.reports.contracts import history_v1
from rootsweep.reports.terminal import history as history_text
from rootsweep.storage.history.location import Location
from rootsweep.storage.history.store import History, open_history


def compare_recorded(location: Location, older: int | None, newer: int | None) -> Drift:
    """Compare two runs, one with the newest of its scope, or the last complete one with the one before it.

    Raises ``UsageError`` for a number that no run has, and where there is no run to compare.
    """
    with open_history(location, creates=False) as history:
        before, now = _chosen(history, older, newer)
        earlier = {} if before is None else history.earlier_verdicts(before)
        return compare(None if before is None else history.load(before), history.load(now), earlier)


def _chosen(history: History, older: int | None, newer: int | None) -> tuple[RunRecord | None, RunRecord]:
    if older is None:
        history.newest_run()
        now = history.last_complete()
        if now is None:
            raise UsageError("no complete run is recorded", "name the runs to compare: rootsweep history diff RUN RUN")
        return history.last_complete(now.scope, before=now.number), now
    before = history.run(older)
    now = history.newest_run(before.scope) if newer is None else history.run(newer)
    if before.number == now.number:
        raise UsageError(f"there is no run to compare run {older} with", "name an older run, or two runs")
    return before, now


_ANSWER: Final = "delete"


@click.command("prune")
@click.option(
    "--keep", type=click.IntRange(min=1), required=True, metavar="N", help="Number of newest runs to keep for each scope."
)
@click.option("--yes", is_flag=True, help="Do not prompt.")
@history_option
def prune(*, keep: int, yes: bool, history: Location | str | None) -> int:
    """Delete old runs: all but the newest of each scope, and the last complete one.

    What the runs that are left have found stays as it was.
    """
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
        raise UsageError(f"cannot prompt for confirmation to delete {what}: standard input is not a terminal", "pass --yes")
    click.echo(f"This deletes {what}. It cannot be undone.")
    typed = click.prompt(f"To go on type {_ANSWER}", prompt_suffix=":\n", default="", show_default=False)
    if typed.strip() != _ANSWER:
        raise UsageError("nothing was deleted", "run it again")


def _runs(number: int) -> str:
    return f"{number:,} run" if number == 1 else f"{number:,} runs"


def _numbers(doomed: list[int]) -> str:
    """Name the first and the last: between them others may stay."""
    return str(doomed[0]) if len(doomed) == 1 else f"{min(doomed)} to {max(doomed)}"


_format_option = click.option(
    "--format",
    "-f",
    "format_name",
    type=click.Choice(["json", "table"]),
    default="table",
    show_default=True,
    help="Output format.",
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
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="Number of runs to show.")
@_format_option
@history_option
def list_runs(*, limit: int, format_name: str, history: Location | str | None) -> int:
    """Show the newest runs, the newest first, and what was new in each."""
    with open_history(recorded_in(history), creates=False) as recorded:
        recorded.newest_run()
        runs = recorded.runs(limit)
    _write(format_name, partial(history_v1.write_runs, runs), partial(history_text.write_runs, runs))
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
    drift = compare_recorded(recorded_in(history), older, newer)
    _write(format_name, partial(history_v1.write_drift, drift), partial(history_text.write_drift, drift))
    return exit_code_of_drift(drift)


@command.command("show")
@click.argument("account", metavar="ACCOUNT")
@_format_option
@history_option
def show(*, account: str, format_name: str, history: Location | str | None) -> int:
    """Show an account over time: how it was judged, and the life of each key.

    ACCOUNT is an account id, or a name that exactly one account has.
    """
    location = recorded_in(history)
    with open_history(location, creates=False) as recorded:
        account_id = parse_account_id(account) or _account_named(account, recorded, location)
        life = tell_life(account_id, recorded.timeline(account_id))
    if not life.sightings:
        raise UsageError(f"no run in {location} has account {account_id}", "`rootsweep history list` shows the runs")
    _write(format_name, partial(history_v1.write_life, life), partial(history_text.write_life, life))
    return ExitCode.PROVEN


command.add_command(prune)


def _account_named(name: str, history: History, location: Location) -> str:
    """Look a name up; raises ``UsageError`` unless exactly one account has it."""
    ids = history.accounts_named(name)
    if not ids:
        raise UsageError(f"no account in {location} has the id or the name {name!r}", "give the 12 digits of its id")
    if len(ids) > 1:
        raise UsageError(f"{len(ids)} accounts are named {name!r}: {', '.join(ids)}", "give the id of one of them")
    return ids[0]


def _write(format_name: str, as_json: Writer, as_table: Writer) -> None:
    write_result(as_json if format_name == "json" else as_table, None)
