"""The options that say in which formats a run is shown and where, for every command that shows one.

``--format NAME --output FILE`` go together and can be repeated; an ``--output`` belongs to the ``--format`` before it.
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import click

from rootsweep.cli.option_groups import option_group
from rootsweep.cli.output import STANDARD_OUTPUT
from rootsweep.cli.reports.outputs import ReportOutput
from rootsweep.controls import DEFAULT_REFERENCE, ROOT_ACCESS_KEY, Reference, find_reference
from rootsweep.reports.registry import FORMATS, Presentation

_ORDER: Final = f"{__name__}.order"
_TABLE: Final = "table"


class Framework(click.ParamType[Reference]):
    """The name and the version of a framework that has the control: ``CIS AWS Foundations 3.0``."""

    name = "framework"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Reference:
        """Find the framework version; the newest where the text leaves it open."""
        if isinstance(value, Reference):
            return value
        found = find_reference(str(value))
        if found is None:
            known = ", ".join(f"{one.framework} {one.version}" for one in ROOT_ACCESS_KEY.references)
            self.fail(f"{value!r} is no framework that has the control; known are {known}", param, ctx)
        return found


report_options = option_group(
    click.option(
        "--format",
        "formats",
        type=click.Choice(sorted(FORMATS)),
        multiple=True,
        help="How to show it; table where none is given. Repeatable, each with an --output of its own.",
    ),
    click.option(
        "--output",
        "outputs",
        metavar="FILE",
        multiple=True,
        help="Write what the --format before it shows to FILE, whole or not at all, instead of standard output.",
    ),
    click.option(
        "--framework",
        type=Framework(),
        metavar="NAME",
        default=DEFAULT_REFERENCE,
        show_default=f"{DEFAULT_REFERENCE.framework} {DEFAULT_REFERENCE.version}",
        help="The framework version whose number of the control is shown.",
    ),
    click.option(
        "--summary-only", is_flag=True, help="In the table, leave out the accounts: verdicts and reasons with their counts."
    ),
    click.option("--group-by", type=click.Choice(["ou"]), help="In the table, group the accounts by organizational unit."),
)
"""For a command of the class ``CommandWithReports``; ``take_report_options`` reads them."""


class CommandWithReports(click.Command):
    """A command that takes ``report_options`` and knows in which order they were given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and keep the order of ``--format`` and ``--output``."""
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        ctx.meta[_ORDER] = [parameter.name for parameter in order if parameter.name in {"formats", "outputs"}]
        return super().parse_args(ctx, args)


def take_report_options(context: click.Context, options: dict[str, Any]) -> tuple[tuple[ReportOutput, ...], Presentation]:
    """Take the values of ``report_options`` out of a command's options; raises ``UsageError`` where they make no sense."""
    asked = _paired(*_in_given_order(context.meta[_ORDER], options.pop("formats"), options.pop("outputs")))
    presentation = Presentation(options.pop("framework"), options.pop("summary_only"), options.pop("group_by") is not None)
    if (presentation.summary_only or presentation.by_unit) and all(one.format_name != _TABLE for one in asked):
        flag = "--summary-only" if presentation.summary_only else "--group-by"
        raise click.UsageError(f"{flag} is of the table, which is not among the formats: add --format table.")
    _refuse_one_place_for_two(asked)
    return asked, presentation


def _in_given_order(
    order: Sequence[str], formats: Sequence[str], outputs: Sequence[str]
) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """Take both from the command line where it has either; else from the settings file, the first with the first.

    A command line may send the only format of the settings file elsewhere.
    """
    if order:
        return order, formats if "formats" in order or len(formats) == 1 else (), outputs if "outputs" in order else ()
    pairs = zip_longest(["formats"] * len(formats), ["outputs"] * len(outputs))
    return [name for pair in pairs for name in pair if name is not None], formats, outputs


def _paired(order: Sequence[str], formats: Sequence[str], outputs: Sequence[str]) -> tuple[ReportOutput, ...]:
    """Give each format its place; of one format and one output the order does not matter."""
    if not formats:
        order, formats = ["formats", *order], [_TABLE]
    if len(formats) == len(outputs) == 1:
        return (ReportOutput(formats[0], outputs[0]),)
    return tuple(_in_order(order, iter(formats), iter(outputs)))


def _in_order(order: Sequence[str], formats: Iterator[str], outputs: Iterator[str]) -> Iterator[ReportOutput]:
    waiting: str | None = None
    for name in order:
        if name == "formats":
            if waiting is not None:
                yield ReportOutput(waiting, STANDARD_OUTPUT)
            waiting = next(formats)
            continue
        path = next(outputs)
        if waiting is None:
            raise click.UsageError(f"--output {path} has no --format of its own: write --format NAME --output {path}.")
        yield ReportOutput(waiting, path)
        waiting = None
    if waiting is not None:
        yield ReportOutput(waiting, STANDARD_OUTPUT)


def _refuse_one_place_for_two(asked: Sequence[ReportOutput]) -> None:
    taken: dict[Path | None, ReportOutput] = {}
    for one in asked:
        place = None if one.path == STANDARD_OUTPUT else Path(one.path).resolve()
        other = taken.setdefault(place, one)
        if other is not one and place is None:
            raise click.UsageError(
                f"{other.format_name} and {one.format_name} both go to standard output: give one of them an --output FILE."
            )
        if other is not one:
            raise click.UsageError(
                f"{other.format_name} and {one.format_name} both go to {one.path}: give each an --output of its own."
            )
