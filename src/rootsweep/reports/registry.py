"""The formats, one line each; a format's module is imported only when it is asked for."""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Final, Protocol, TextIO

from rootsweep.core.controls import DEFAULT_REFERENCE, Reference
from rootsweep.core.finding import Finding
from rootsweep.core.history.recorded import RunRecord
from rootsweep.core.run import Run


@dataclass(frozen=True, slots=True)
class Presentation:
    """What a reader wants to see.

    ``reference`` is the framework version whose number of the control is shown. ``summary_only`` leaves out the rows of
    accounts and ``by_unit`` groups them by organizational unit; both are the table's alone. ``earlier_runs`` are those of the
    same scope that the history holds, for the trend of the HTML page. In the table, ``details`` shows each account that needs
    someone as a block, however many there are, and ``lists_all`` a line for each account that needs nobody. ``scope`` are the
    options that a next command repeats (``next_commands``); without them the table names none.
    """

    reference: Reference = DEFAULT_REFERENCE
    summary_only: bool = False
    by_unit: bool = False
    earlier_runs: tuple[RunRecord, ...] = ()
    details: bool = True
    lists_all: bool = True
    scope: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a stream wants its text: ``width`` in columns, whether ``colour`` and characters beyond ASCII are welcome."""

    width: int
    colour: bool
    unicode: bool
    presentation: Presentation = field(default_factory=Presentation)


class Format(Protocol):
    """What the module of a format holds."""

    def write_run(self, run: Run, stream: TextIO, options: RenderOptions) -> None:
        """Write a whole run."""


class FindingsStream(Protocol):
    """A report that grows while accounts are judged."""

    def add(self, finding: Finding) -> None:
        """Write the row of an account, whole, and hand it on at once."""

    def end(self, run: Run) -> None:
        """Write what only the whole run tells."""


class StreamedFormat(Format, Protocol):
    """What the module of a format holds besides that can be written while accounts are judged."""

    def open_stream(self, stream: TextIO, options: RenderOptions) -> FindingsStream:
        """Begin a report."""


FORMATS: Final = {
    "asff": "rootsweep.reports.formats.asff",
    "csv": "rootsweep.reports.formats.csv_rows",
    "html": "rootsweep.reports.formats.html.page",
    "json": "rootsweep.reports.contracts.audit_v1_write",
    "jsonl": "rootsweep.reports.formats.json_lines",
    "junit": "rootsweep.reports.formats.junit",
    "markdown": "rootsweep.reports.formats.markdown.report",
    "ocsf": "rootsweep.reports.formats.ocsf.report",
    "oscal": "rootsweep.reports.formats.oscal.report",
    "sarif": "rootsweep.reports.formats.sarif.report",
    "table": "rootsweep.reports.formats.table.table",
}
STREAMED: Final = frozenset({"jsonl"})
"""The formats whose module is a ``StreamedFormat``."""


def render(name: str, run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write ``run`` in the format ``name``, a key of ``FORMATS``; raises OSError as the stream does."""
    chosen: Format = import_module(FORMATS[name])
    chosen.write_run(run, stream, options)


def open_stream(name: str, stream: TextIO, options: RenderOptions) -> FindingsStream:
    """Begin a report in the format ``name``, one of ``STREAMED``; it raises OSError as the stream does."""
    chosen: StreamedFormat = import_module(FORMATS[name])
    return chosen.open_stream(stream, options)
