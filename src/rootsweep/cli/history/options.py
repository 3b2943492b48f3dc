"""The options that say where the history is kept, for every command that keeps or shows one."""

from typing import Final

import click

from rootsweep.cli.option_groups import option_group
from rootsweep.history.location import Location, default_location, parse_location

VARIABLE: Final = "ROOTSWEEP_HISTORY"
NONE: Final = "none"
"""What stands for no history at all."""

_WHERE: Final = "Where runs are recorded: sqlite:///FILE or postgresql://USER@HOST/DATABASE; by default a file of yours."


class HistoryUrl(click.ParamType[Location | str]):
    """The URL of a history, or ``none``."""

    name = "history"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Location | str:  # noqa: ARG002  click's own
        """Read the URL, which may hold a password and is never repeated; raises ``UsageError`` where it makes no sense."""
        if isinstance(value, Location):
            return value
        text = str(value).strip()
        return NONE if text.lower() == NONE else parse_location(text)


history_option = click.option("--history", type=HistoryUrl(), envvar=VARIABLE, show_envvar=True, metavar="URL", help=_WHERE)
"""For a command that shows what is recorded; ``recorded_in`` reads it."""


def recorded_in(history: Location | str | None) -> Location:
    """Give the history that was named, or the default; raises ``click.UsageError`` where it is to be none."""
    if isinstance(history, Location):
        return history
    if history is not None:
        raise click.UsageError(f"--history {NONE} keeps no runs: name the history that is to be shown.")
    return default_location()


keeping_options = option_group(
    click.option(
        "--history",
        type=HistoryUrl(),
        envvar=VARIABLE,
        show_envvar=True,
        metavar="URL|none",
        help=f"{_WHERE} none records nothing.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["any", "new"]),
        default="any",
        show_default=True,
        help="Whether every non-compliance fails, or only what is new since the last complete run of the same scope.",
    ),
)
"""For a command that records its run; ``take_keeping`` reads them."""
