"""``rootsweep exception``: the root keys that have to stay for a while, who answers for them, and whether that still holds."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from rootsweep.cli import clock
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.options.reports import load_run
from rootsweep.cli.options.settings import exceptions_of, settings_of
from rootsweep.cli.options.types import AccountId, Duration
from rootsweep.cli.output import write_result
from rootsweep.core.finding import ExceptionState, Finding, ReviewedException
from rootsweep.core.judging.exceptions import review
from rootsweep.errors import UsageError
from rootsweep.reports.contracts import exceptions_v1
from rootsweep.reports.terminal import exceptions
from rootsweep.settings.appending import add_exception
from rootsweep.settings.exceptions import ExceptionTable
from rootsweep.settings.file import NAME, SettingsFile, parse_settings

_VOID: Final = frozenset({ExceptionState.EXPIRED, ExceptionState.ANOTHER_KEY, ExceptionState.ACTIVE_AGAIN})
_Function = Callable[..., Any]


class LastDay(click.ParamType[date]):
    """A day, or how long from now: ``2027-03-01``, ``90d``."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Turn the text into a day, in UTC."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            span: timedelta = Duration().convert(value, param, ctx)
            return (clock.now() + span).date()


@click.group("exception")
def command() -> None:
    """Show, check and add exceptions: root keys you must keep, each with an owner and an expiry date.

    They are kept in rootsweep.toml, as tables [[exceptions]].
    """


def _format_option(function: _Function) -> _Function:
    choice = click.Choice(["table", "json"])
    return click.option(
        "--format", "-f", "format_name", type=choice, default="table", show_default=True, help="Output format."
    )(function)


@command.command("list")
@_format_option
@click.pass_context
def list_exceptions(context: click.Context, /, *, format_name: str) -> int:
    """Show the exceptions of the settings file, and which of them have expired.

    \b
    rootsweep exception list
    """  # noqa: D301  click reads the backspace as "keep these lines"
    return _show(context, None, format_name)


@command.command("check")
@click.option(
    "--from",
    "saved_run",
    required=True,
    metavar="RUN",
    help="Run saved with `rootsweep audit --format json`; - for standard input.",
)
@_format_option
@click.pass_context
def check_exceptions(context: click.Context, /, *, saved_run: str, format_name: str) -> int:
    """Check the exceptions against a run: which apply, which are void, which are no longer needed.

    \b
    rootsweep exception check --from run.json
    """  # noqa: D301  the same
    return _show(context, load_run(saved_run).findings, format_name)


@command.command("add")
@click.argument("account", type=AccountId())
@click.option("--key-id", metavar="ID", help="The access key id.")
@click.option(
    "--last-rotated",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%z"]),
    metavar="TIME",
    help="If the id is unknown: access_key_N_last_rotated from the credential report.",
)
@click.option("--status", type=click.Choice(["active", "inactive"]), required=True, help="Current status of the key.")
@click.option("--owner", required=True, metavar="WHO", help="Who is responsible for it.")
@click.option("--reason", required=True, metavar="WHY", help="Why the key has to stay.")
@click.option("--ticket", required=True, metavar="TICKET", help="Ticket of the decision.")
@click.option(
    "--expires",
    type=LastDay(),
    required=True,
    metavar="DAY",
    help="Expiry date, or a time from now such as 90d; at most one year.",
)
@click.pass_context
def add(context: click.Context, /, *, account: str, last_rotated: datetime | None, **given: Any) -> int:
    """Add an exception to rootsweep.toml; the rest of the file is left unchanged.

    \b
    rootsweep exception add 111122223333 --key-id AKIARTX3GSDS3Q5JDMT5 --status active \\
      --owner ana@example.com --reason "The appliance knows no roles." --ticket SEC-1204 --expires 90d
    """  # noqa: D301  the same
    since = last_rotated if last_rotated is None or last_rotated.tzinfo else last_rotated.replace(tzinfo=UTC)
    settings = settings_of(context) or parse_settings(Path(NAME), "")
    changed = add_exception(settings, ExceptionTable(account=account, last_rotated=since, **given), clock.now())
    write_result(lambda stream, _: _write(stream.write, changed), str(changed.path))
    click.echo(f"rootsweep: added to {changed.path}; commit it, so that others can see who answers", err=True)
    return ExitCode.PROVEN


def _write(write: Callable[[str], object], settings: SettingsFile) -> None:
    write(settings.text)


def _show(context: click.Context, findings: Sequence[Finding] | None, format_name: str) -> int:
    settings = settings_of(context)
    if settings is None:
        raise UsageError(f"there is no {NAME} from here upwards", "add an exception, or name the file with --config")
    reviewed = review(exceptions_of(context), findings, clock.now())
    write = exceptions_v1.write_exceptions if format_name == "json" else exceptions.write_exceptions
    write_result(partial(write, reviewed, str(settings.path)), None)
    return _exit_code_of(reviewed)


def _exit_code_of(reviewed: Sequence[ReviewedException]) -> ExitCode:
    """Return the exit code: an exception that is void outranks one whose key was not seen."""
    states = {one.state for one in reviewed}
    if states & _VOID:
        return ExitCode.NON_COMPLIANT
    return ExitCode.NOT_PROVEN if ExceptionState.KEY_NOT_SEEN in states else ExitCode.PROVEN
