"""A report on standard output that grows while accounts are judged."""

from dataclasses import replace

from rootsweep.cli.output import open_standard_output, writing_to
from rootsweep.errors import OutputError
from rootsweep.model.finding import Finding
from rootsweep.model.run import Run
from rootsweep.reports.registry import Presentation, open_stream


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
