"""The options that say in which formats a run is shown and where, for every command that shows one.

``--format NAME --output FILE`` go together and can be repeated; an ``--output`` belongs to the ``--format`` before it.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final, TextIO

import click

from rootsweep.cli.options.types import option_group
from rootsweep.cli.output import STANDARD_OUTPUT, check_writable, open_standard_output, write_result, writing_to
from rootsweep.cli.waiting import opened_input, read_standard_input
from rootsweep.core.controls import DEFAULT_REFERENCE, ROOT_ACCESS_KEY, Reference, find_reference
from rootsweep.core.finding import Finding
from rootsweep.core.history.recorded import RunRecord
from rootsweep.core.run import Run
from rootsweep.errors import OutputError, UsageError
from rootsweep.reports.registry import FORMATS, STREAMED, Presentation, RenderOptions, open_stream, render

# The reports of a run: each in its format, each to its place.

_WITH_TREND: Final = frozenset({"html"})
_FOR_TERMINALS: Final = frozenset({"table"})
"""The formats that fit themselves to a stream; the others are documents."""


@dataclass(frozen=True, slots=True)
class ReportOutput:
    """A format, and the path of the file that it is written to; ``-`` is standard output."""

    format_name: str
    path: str

    @property
    def is_streamed(self) -> bool:
        """Whether it is written while accounts are judged; a file is not, for it appears whole or not at all."""
        return self.path == STANDARD_OUTPUT and self.format_name in STREAMED


class ReportOutputs:
    """Writes reports, at most one of them to standard output.

    Raises ``OutputError`` at once where the folder of one cannot take a file.
    """

    def __init__(self, asked: Sequence[ReportOutput], presentation: Presentation) -> None:
        for one in asked:
            check_writable(one.path)
        self._whole = [one for one in asked if not one.is_streamed]
        self._streamed = [StreamedReport(one.format_name, presentation) for one in asked if one.is_streamed]
        self._presentation = presentation

    def add(self, finding: Finding) -> None:
        """Show a finding in what is written while accounts are judged."""
        for report in self._streamed:
            report.add(finding)

    @property
    def show_trend(self) -> bool:
        """Whether one of them shows what earlier runs of the same scope found."""
        return any(one.format_name in _WITH_TREND for one in self._whole)

    @property
    def is_table_beside_messages(self) -> bool:
        """Whether a table goes to the terminal that standard error goes to, so that what it shows need not be said twice."""
        shows_table = any((one.format_name, one.path) == (_TABLE, STANDARD_OUTPUT) for one in self._whole)
        is_short = self._presentation.summary_only
        return shows_table and not is_short and sys.stdout.isatty() and sys.stderr.isatty()

    def name_no_next_command(self) -> None:
        """Leave out what to run next: an interrupted run has to be continued first."""
        self._presentation = replace(self._presentation, scope=None)

    def write(self, run: Run, earlier_runs: tuple[RunRecord, ...] = ()) -> None:
        """Write what is left to write. One report that fails keeps none of the others from being written.

        ``earlier_runs`` are for the trend. Raises ``OutputError`` afterwards, for the first that failed.
        """
        self._presentation = replace(self._presentation, earlier_runs=earlier_runs)
        writings = [partial(report.end, run) for report in self._streamed]
        writings += [partial(self._write, one, run) for one in self._whole]
        failures: list[OutputError] = []
        for write in writings:
            try:
                write()
            except OutputError as error:
                failures.append(error)
        if failures:
            raise failures[0]

    def _write(self, one: ReportOutput, run: Run) -> None:
        presentation = self._presentation
        if one.path != STANDARD_OUTPUT:
            # A file is kept: it shows every account whole, and names no command of the moment.
            presentation = replace(presentation, details=True, lists_all=True, scope=None)
        render_run = partial(self._render, one.format_name, run, presentation)
        write_result(render_run, one.path, is_document=one.format_name not in _FOR_TERMINALS)

    @staticmethod
    def _render(format_name: str, run: Run, presentation: Presentation, stream: TextIO, options: RenderOptions) -> None:
        render(format_name, run, stream, replace(options, presentation=presentation))


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
        "-f",
        "formats",
        type=click.Choice(sorted(FORMATS)),
        multiple=True,
        help="Output format (default: by the ending of --output, else table). Repeat to write several, each with its "
        "own --output.",
    ),
    click.option(
        "--output",
        "-o",
        "outputs",
        metavar="FILE",
        multiple=True,
        help="Write the preceding --format to FILE (atomically) instead of standard output.",
    ),
    click.option(
        "--framework",
        type=Framework(),
        metavar="NAME",
        default=DEFAULT_REFERENCE,
        show_default=f"{DEFAULT_REFERENCE.framework} {DEFAULT_REFERENCE.version}",
        help="Framework version whose control number is shown.",
    ),
    click.option(
        "--summary-only", is_flag=True, help="Table only: show counts by verdict and reason, without one row per account."
    ),
    click.option("--details", is_flag=True, help="Table only: show the reason, the evidence and the steps for each account."),
    click.option("--all", "lists_all", is_flag=True, help="Table only: list compliant accounts too."),
    click.option("--group-by", type=click.Choice(["ou"]), help="Table only: group accounts by organizational unit."),
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
    """Take the values of ``report_options`` out of a command's options; raises ``UsageError`` where they are invalid."""
    asked = _paired(*_in_given_order(context.meta[_ORDER], options.pop("formats"), options.pop("outputs")))
    presentation = Presentation(
        options.pop("framework"),
        options.pop("summary_only"),
        options.pop("group_by") is not None,
        details=options.pop("details"),
        lists_all=options.pop("lists_all"),
    )
    if (presentation.summary_only or presentation.by_unit) and all(one.format_name != _TABLE for one in asked):
        flag = "--summary-only" if presentation.summary_only else "--group-by"
        raise click.UsageError(f"{flag} is of the table, which is not among the formats: add --format table.")
    _refuse_one_place_for_two(asked)
    if any(one.format_name == "html" and one.path == STANDARD_OUTPUT for one in asked) and sys.stdout.isatty():
        raise click.UsageError("--format html is a page for a browser: name a file with --output FILE.")
    return asked, presentation


def _in_given_order(
    order: Sequence[str], formats: Sequence[str], outputs: Sequence[str]
) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """Take both from the command line where it has either; else from the settings file, the first with the first.

    A command line may send the only format of the settings file elsewhere; an ending that tells a format goes before it.
    """
    if order and "formats" not in order and all(Path(path).suffix.lower() in _OF_ENDING for path in outputs):
        return order, (), outputs
    if order:
        return order, formats if "formats" in order or len(formats) == 1 else (), outputs if "outputs" in order else ()
    pairs = zip_longest(["formats"] * len(formats), ["outputs"] * len(outputs))
    return [name for pair in pairs for name in pair if name is not None], formats, outputs


# The endings that tell a format, or that several formats share; any other ending contradicts none.
_OF_ENDING: Final = {
    ".json": ("json", "asff", "ocsf", "oscal", "sarif"),
    ".jsonl": ("jsonl",),
    ".ndjson": ("jsonl",),
    ".html": ("html",),
    ".htm": ("html",),
    ".csv": ("csv",),
    ".md": ("markdown",),
    ".sarif": ("sarif",),
    ".xml": ("junit",),
    ".txt": ("table",),
}


def _paired(order: Sequence[str], formats: Sequence[str], outputs: Sequence[str]) -> tuple[ReportOutput, ...]:
    """Pair each format with its place; of one format and one output the order does not matter.

    Without any format each file has the one that its ending tells, else the table.
    """
    for path in outputs:
        if path in FORMATS:
            raise click.UsageError(
                f"--output names a file, and {path} is a format: write --format {path}, or --output ./{path}."
            )
    if not formats and outputs:
        paired = tuple(ReportOutput(_OF_ENDING.get(Path(path).suffix.lower(), (_TABLE,))[0], path) for path in outputs)
    elif not formats:
        paired = (ReportOutput(_TABLE, STANDARD_OUTPUT),)
    elif len(formats) == len(outputs) == 1:
        paired = (ReportOutput(formats[0], outputs[0]),)
    else:
        paired = tuple(_in_order(order, iter(formats), iter(outputs)))
    for one in paired:
        told = _OF_ENDING.get(Path(one.path).suffix.lower(), (one.format_name,))
        if one.format_name not in told:
            raise click.UsageError(
                f"{one.path} ends as {told[0]} does, and --format is {one.format_name}: give it another ending, or leave the "
                "format out."
            )
    return paired


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


# A report on standard output that grows while accounts are judged.


class StreamedReport:
    """Writes findings one by one. When the output fails, the audit goes on, and ``end`` tells."""

    def __init__(self, format_name: str, presentation: Presentation) -> None:
        self._failure: OutputError | None = None
        self._stream, options = open_standard_output(is_document=True)
        self._report = open_stream(format_name, self._stream, replace(options, presentation=presentation))

    def add(self, finding: Finding) -> None:
        """Show a finding."""
        if self._failure is not None:
            return
        try:
            with writing_to(self._stream):
                self._report.add(finding)
        except OutputError as error:
            self._failure = error

    def end(self, run: Run) -> None:
        """Show what only the run tells; raises ``OutputError`` for the first failure, but not for a reader that went away."""
        if self._failure is not None:
            raise self._failure
        with writing_to(self._stream):
            self._report.end(run)


# A run that an earlier audit saved, for the commands that go on from it.

STANDARD_INPUT = STANDARD_OUTPUT
"""The same sign stands for either."""


def load_run(path: str) -> Run:
    """Read what ``rootsweep audit --format json`` wrote to a file, or to standard input for ``-``.

    Raises ``UsageError`` when it cannot be read, or is no such run.
    """
    from rootsweep.reports.contracts.audit_v1_read import read_run  # noqa: PLC0415  msgspec is not needed for a fresh audit

    try:
        content = read_standard_input() if path == STANDARD_INPUT else _read(path)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", "name a run that was saved") from error
    run = read_run(content)
    if run is None:
        raise UsageError(f"{path} is not a run of this version", "save one with `rootsweep audit --format json --output FILE`")
    return run


def _read(path: str) -> bytes:
    with opened_input(path) as stream:
        return stream.read()
