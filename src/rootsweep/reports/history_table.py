"""The recorded runs for a person at a terminal: a line each, the newest first."""

from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import groupby
from typing import Final, TextIO

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rootsweep.model.history import DriftCounts, RecordedScope, RunRecord
from rootsweep.model.organization import ScopeKind
from rootsweep.reports.console import labelled, open_console, write_lines
from rootsweep.reports.plain_text import printable
from rootsweep.reports.registry import RenderOptions

_KINDS: Final = {
    ScopeKind.ACCOUNT: "accounts",
    ScopeKind.ORGANIZATION: "organization",
    ScopeKind.FILES: "saved evidence",
}

_COLUMNS: Final = {
    "run": 3,
    "finished (UTC)": 16,
    "proven": 8,
    "non-\ncompliant": 9,
    "new": 3,
    "fixed": 5,
    "lost\nsight of": 8,
    "": 0,
}
_LABELS: Final = [name.replace("-\n", "-").replace("\n", " ") for name in _COLUMNS]
_LEAST_WIDTH: Final = 2 + sum(_COLUMNS.values()) + 2 * len(_COLUMNS) + len("incomplete")
"""Of a terminal that has room for a line a run; in a narrower one each run is a block, so that no column is lost."""

_TEXTS: Final = frozenset({"run", "finished (UTC)", ""})


def write_runs(runs: Sequence[RunRecord], stream: TextIO, options: RenderOptions) -> None:
    """Write the runs below what they cover, as often as that changes, wrapped to ``options.width`` columns."""
    lines = StringIO()
    console = open_console(lines, options)
    for number, (scope, of_scope) in enumerate(groupby(runs, key=lambda run: run.scope)):
        console.print(("\n" if number else "") + describe_scope(scope), style="bold")
        if console.width >= _LEAST_WIDTH:
            console.print(Padding(_table(of_scope), (0, 0, 0, 2)))
            continue
        for run in of_scope:
            rows = [(label, cell) for label, cell in zip(_LABELS, _cells(run), strict=True) if cell]
            console.print(Padding(labelled(rows), (0, 0, 1, 2)))
    write_lines(lines.getvalue(), stream, options)


def describe_run(run: RunRecord) -> str:
    """Name a run, when it finished and what it covers."""
    incomplete = "" if run.complete else ", incomplete"
    return f"run {run.number}, {run.finished_at:%Y-%m-%d %H:%M} UTC, {describe_scope(run.scope)}{incomplete}"


def describe_scope(scope: RecordedScope) -> str:
    """Tell what a run covers, in one line."""
    parts = (_KINDS[scope.kind], scope.organization_id, scope.asked)
    return printable(" ".join(part for part in parts if part))


def _table(runs: Iterable[RunRecord]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name, width in _COLUMNS.items():
        table.add_column(name, justify="left" if name in _TEXTS else "right", min_width=width, overflow="fold")
    for run in runs:
        table.add_row(*_cells(run))
    return table


def _cells(run: RunRecord) -> tuple[Text, ...]:
    summary, drift = run.summary, run.drift or DriftCounts()
    excepted = f"{summary.excepted:,} excepted" if summary.excepted else ""
    incomplete = "" if run.complete else "incomplete"
    new = drift.new + drift.reappeared
    return (
        Text(f"{run.number}"),
        Text(f"{run.finished_at:%Y-%m-%d %H:%M}"),
        Text(f"{summary.proven:,} of {summary.applicable:,}"),
        Text(f"{summary.non_compliant:,}", style="red" if summary.non_compliant > summary.excepted else ""),
        Text(f"{new:,}", style="bold red" if new else ""),
        Text(f"{drift.fixed:,}", style="green" if drift.fixed else ""),
        Text(f"{drift.lost_sight_of:,}", style="yellow" if drift.lost_sight_of else ""),
        Text("\n".join(part for part in (excepted, incomplete) if part)),
    )
