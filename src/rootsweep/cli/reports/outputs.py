"""The reports of a run: each in its format, each to its place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TextIO

from rootsweep.cli.output import STANDARD_OUTPUT, check_writable, write_result
from rootsweep.cli.reports.streamed_report import StreamedReport
from rootsweep.errors import OutputError
from rootsweep.model.finding import Finding
from rootsweep.model.history import RunRecord
from rootsweep.model.run import Run
from rootsweep.reports.registry import STREAMED, Presentation, RenderOptions, render

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
        render_run = partial(self._render, one.format_name, run)
        write_result(render_run, one.path, is_document=one.format_name not in _FOR_TERMINALS)

    def _render(self, format_name: str, run: Run, stream: TextIO, options: RenderOptions) -> None:
        render(format_name, run, stream, replace(options, presentation=self._presentation))
