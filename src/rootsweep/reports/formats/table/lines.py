"""Accounts that need nobody, a line each."""

from collections.abc import Iterable
from itertools import groupby

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rootsweep.model.finding import Finding, Verdict
from rootsweep.reports.counted import counted
from rootsweep.reports.formats.table.blocks import OUTCOME_STYLES, STYLES, message_text, time_text, told_warnings
from rootsweep.reports.plain_text import printable


def print_lines(console: Console, findings: Iterable[Finding]) -> None:
    """Print findings, in their order, under a heading for each verdict and its reasons."""
    for (verdict, codes), group in groupby(findings, key=_verdict_and_codes):
        listed = list(group)
        heading = Text(f"{verdict.value:<18}", style=STYLES[verdict])
        console.print(heading.append(f"{', '.join(codes)} ({counted(len(listed), 'account')})", style="not bold"))
        for finding in listed:
            console.print(Padding(_line(finding, console.width - 2), (0, 0, 0, 2)))
            for warning in told_warnings(finding):
                console.print(Padding(Text("warning ", style="yellow").append_text(message_text(warning)), (0, 0, 0, 4)))
        console.print()


def _verdict_and_codes(finding: Finding) -> tuple[Verdict, tuple[str, ...]]:
    return finding.verdict, finding.reason_codes


def _line(finding: Finding, width: int) -> Text:
    """One line an account; a name that does not fit stands on the next."""
    report, summary = finding.procedures.credential_report, finding.procedures.account_summary
    line = Text(f"{finding.account.id}  report ")
    line.append(f"{report.value:<7}", style=OUTCOME_STYLES[report])
    line.append("  summary ")
    line.append(f"{summary.value:<7}", style=OUTCOME_STYLES[summary])
    line.append(f"  {time_text(finding.as_of):<20}")
    if finding.account.name:
        name = printable(finding.account.name)
        line.append(f"  {name}" if line.cell_len + 2 + cell_len(name) <= width else f"\n  {name}")
    return line
