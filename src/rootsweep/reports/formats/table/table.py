"""``--format table``: for a person at a terminal.

Accounts that need someone come first, worst first, each as a block, or as a line where many could not be read for the same
reason; what to do is said once for all accounts that share it. Accounts that are proven or not applicable follow, a line each.
The last lines are the counts. Grouped by organizational unit, the accounts of each unit stand in this order under its name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TextIO

from rich.console import Console

from rootsweep.model.finding import Finding
from rootsweep.model.run import Run
from rootsweep.reports.console import open_console, write_lines
from rootsweep.reports.formats.table.blocks import print_block
from rootsweep.reports.formats.table.counts import (
    print_counts,
    print_left_out,
    print_reasons,
    print_rejected,
    print_warnings,
)
from rootsweep.reports.formats.table.gap_section import ids_shown_as_lines, print_gap, print_unread_lines
from rootsweep.reports.formats.table.lines import print_lines
from rootsweep.reports.formats.table.next_steps import numbers_by_account, print_steps
from rootsweep.reports.formats.table.units import print_unit, units_of
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.shared_steps import shared_steps
from rootsweep.reports.worst_first import needs_someone, worst_first


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the run for a person, wrapped to ``options.width`` columns."""
    lines = StringIO()
    console = open_console(lines, options)
    print_warnings(console, run)
    if options.presentation.summary_only:
        _print_summary(console, run, by_unit=options.presentation.by_unit)
    else:
        _print_accounts(console, run, by_unit=options.presentation.by_unit)
        print_rejected(console, run)
        print_left_out(console, run)
    print_counts(console, run, options.presentation.reference)
    write_lines(lines.getvalue(), stream, options)


def _print_summary(console: Console, run: Run, *, by_unit: bool) -> None:
    if by_unit:
        for unit in units_of(run):
            print_unit(console, unit, run)
        console.print()
    print_reasons(console, run)


def _print_accounts(console: Console, run: Run, *, by_unit: bool) -> None:
    ordered = worst_first(run.findings)
    steps = shared_steps(filter(needs_someone, ordered), run.gap)
    rows = _Rows(console, run, numbers_by_account(steps, run.gap), ids_shown_as_lines(run.gap))
    if not by_unit:
        rows.print_troubled(ordered)
    else:
        for unit in units_of(run):
            print_unit(console, unit, run)
            console.print()
            rows.print_troubled(worst_first(unit.findings))
            rows.print_others(worst_first(unit.findings))
    print_steps(console, steps)
    print_gap(console, run.gap, len(steps) + 1)
    if not by_unit:
        rows.print_others(ordered)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Prints accounts; ``numbers`` are those of what to do next, by account id."""

    console: Console
    run: Run
    numbers: Mapping[str, int]
    as_lines: frozenset[str]

    def print_troubled(self, findings: Sequence[Finding]) -> None:
        """Print those that need someone."""
        troubled = [finding for finding in findings if needs_someone(finding)]
        for finding in troubled:
            if finding.account.id not in self.as_lines:
                print_block(self.console, finding, self.run.finished_at, self.numbers.get(finding.account.id))
        print_unread_lines(self.console, [one for one in troubled if one.account.id in self.as_lines], self.numbers)

    def print_others(self, findings: Sequence[Finding]) -> None:
        """Print those that need nobody."""
        print_lines(self.console, [finding for finding in findings if not needs_someone(finding)])
