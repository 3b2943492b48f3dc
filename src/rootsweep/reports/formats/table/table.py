"""``--format table``: for a person at a terminal.

Accounts that need someone come first, worst first, each as a block, or as a line where many could not be read for the same
reason; what to do is said once for all accounts that share it. Accounts that are proven or not applicable follow, a line each.
The last lines are the counts.
"""

from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from itertools import groupby
from typing import Final, TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rootsweep.controls import ROOT_ACCESS_KEY
from rootsweep.model.finding import Finding, Message, ProcedureResult, Verdict, WarningCode
from rootsweep.model.gap import GapGroup
from rootsweep.model.run import Run
from rootsweep.reports.console import open_console, write_lines
from rootsweep.reports.counted import counted
from rootsweep.reports.formats.table.gap_section import ids_shown_as_lines, print_gap, print_unread_lines
from rootsweep.reports.key_text import describe_key
from rootsweep.reports.plain_text import printable
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.worst_first import needs_someone, worst_first

_STYLES: Final = {
    Verdict.NON_COMPLIANT: "bold red",
    Verdict.INSUFFICIENT_DATA: "bold yellow",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.COMPLIANT: "bold green",
}
_OUTCOME_STYLES: Final = {
    ProcedureResult.FAIL: "red",
    ProcedureResult.UNKNOWN: "yellow",
    ProcedureResult.PASS: "green",
}


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the run for a person, wrapped to ``options.width`` columns."""
    lines = StringIO()
    console = open_console(lines, options)
    ordered = worst_first(run.findings)
    troubled = [finding for finding in ordered if needs_someone(finding)]
    unread = {account_id for group in run.gap for account_id in group.accounts}
    steps = _numbered_steps(finding for finding in troubled if finding.account.id not in unread)
    numbers = _numbers(troubled, steps, run.gap)
    as_lines = ids_shown_as_lines(run.gap)
    for finding in troubled:
        if finding.account.id not in as_lines:
            _print_block(console, finding, run.finished_at, numbers)
    print_unread_lines(console, [one for one in troubled if one.account.id in as_lines], numbers)
    _print_steps(console, steps, numbers)
    print_gap(console, run.gap, len(steps) + 1)
    _print_lines(console, [finding for finding in ordered if not needs_someone(finding)])
    _print_rejected(console, run)
    _print_counts(console, run)
    write_lines(lines.getvalue(), stream, options)


def _numbered_steps(findings: Iterable[Finding]) -> dict[str, int]:
    steps: dict[str, int] = {}
    for finding in findings:
        if finding.next_step:
            steps.setdefault(finding.next_step, len(steps) + 1)
    return steps


def _numbers(findings: Iterable[Finding], steps: dict[str, int], gap: tuple[GapGroup, ...]) -> dict[str, int]:
    """Give the number of the next step, or of the group that tells how to open it, by account id."""
    numbers = {one.account.id: steps[one.next_step] for one in findings if one.next_step in steps}
    groups = enumerate(gap, len(steps) + 1)
    return numbers | {account_id: number for number, group in groups for account_id in group.accounts}


def _print_block(console: Console, finding: Finding, now: datetime, numbers: dict[str, int]) -> None:
    heading = Text()
    heading.append(f"{finding.verdict.value:<18}", style=_STYLES[finding.verdict])
    heading.append(finding.account.id, style="bold")
    name = " ".join(printable(part) for part in (finding.account.name, finding.account.partition) if part)
    heading.append(f"  {name}" if name else "")
    heading.append(f"  {finding.severity.value}" if finding.severity else "", style="red")
    console.print(heading)
    grid = Table.grid(padding=(0, 1))
    grid.add_column(min_width=10, style="dim", no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for label, text in _block_rows(finding, now, numbers.get(finding.account.id)):
        grid.add_row(label, text)
    console.print(Padding(grid, (0, 0, 1, 2)))


def _block_rows(finding: Finding, now: datetime, number: int | None) -> Iterable[tuple[str, Text]]:
    for reason in finding.reasons:
        yield "why", _message(reason)
    for row in finding.keys:
        yield "key", Text(printable(describe_key(row, now)))
    for warning in _told_warnings(finding):
        yield "warning", _message(warning)
    yield "audits", _procedures(finding)
    yield "as of", Text(_time(finding.as_of))
    if number is not None:
        yield "next step", Text(f"[{number}] below")


def _told_warnings(finding: Finding) -> tuple[Message, ...]:
    """Leave out what the "as of" already says."""
    return tuple(warning for warning in finding.warnings if warning.code != WarningCode.REPORT_TIME_UNKNOWN)


def _message(message: Message) -> Text:
    text = Text(message.code, style="bold")
    return text.append(f": {printable(message.message)}", style="not bold")


def _procedures(finding: Finding) -> Text:
    text = Text("credential report ")
    report, summary = finding.procedures.credential_report, finding.procedures.account_summary
    text.append(report.value, style=_OUTCOME_STYLES[report])
    text.append(", account summary ")
    return text.append(summary.value, style=_OUTCOME_STYLES[summary])


def _print_steps(console: Console, steps: dict[str, int], numbers: dict[str, int]) -> None:
    if not steps:
        return
    console.print("Next steps", style="bold")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for step, number in steps.items():
        accounts = sum(its_number == number for its_number in numbers.values())
        grid.add_row(f"[{number}]", Text(f"({counted(accounts, 'account')}) {printable(step)}"))
    console.print(Padding(grid, (0, 0, 1, 2)))


def _print_lines(console: Console, findings: list[Finding]) -> None:
    for (verdict, codes), group in groupby(findings, key=_verdict_and_codes):
        listed = list(group)
        heading = Text(f"{verdict.value:<18}", style=_STYLES[verdict])
        console.print(heading.append(f"{', '.join(codes)} ({counted(len(listed), 'account')})", style="not bold"))
        for finding in listed:
            console.print(Padding(_line(finding, console.width - 2), (0, 0, 0, 2)))
            for warning in _told_warnings(finding):
                console.print(Padding(Text("warning ", style="yellow").append_text(_message(warning)), (0, 0, 0, 4)))
        console.print()


def _verdict_and_codes(finding: Finding) -> tuple[Verdict, tuple[str, ...]]:
    return finding.verdict, tuple(reason.code for reason in finding.reasons)


def _line(finding: Finding, width: int) -> Text:
    """One line an account; a name that does not fit stands on the next."""
    report, summary = finding.procedures.credential_report, finding.procedures.account_summary
    line = Text(f"{finding.account.id}  report ")
    line.append(f"{report.value:<7}", style=_OUTCOME_STYLES[report])
    line.append("  summary ")
    line.append(f"{summary.value:<7}", style=_OUTCOME_STYLES[summary])
    line.append(f"  {_time(finding.as_of):<20}")
    if finding.account.name:
        name = printable(finding.account.name)
        line.append(f"  {name}" if line.cell_len + 2 + cell_len(name) <= width else f"\n  {name}")
    return line


def _print_rejected(console: Console, run: Run) -> None:
    if not run.rejected_inputs:
        return
    console.print("Refused inputs", style="bold yellow")
    for refused in run.rejected_inputs:
        place = f"{refused.path}:{refused.line}" if refused.line else refused.path
        console.print(Padding(Text(printable(f"{place}: {refused.reason}"), overflow="fold"), (0, 0, 0, 2)))
    console.print()


def _print_counts(console: Console, run: Run) -> None:
    summary = run.summary()
    whole = summary.proven == summary.applicable and run.scope.complete and not run.rejected_inputs and run.findings
    line = f"{summary.proven} of {counted(summary.applicable, 'account')} proven to have no "
    line += "root access key that is not allowed" if _any_allowed(run) else "root access key"
    console.print(line, style="bold green" if whole else "bold")
    console.print(
        f"{summary.non_compliant} non-compliant, {summary.insufficient_data} with insufficient data, "
        f"{summary.not_applicable} not applicable, {counted(len(run.rejected_inputs), 'input')} refused"
    )
    if not run.scope.complete:
        because = f" ({printable(run.scope.incomplete_because)})" if run.scope.incomplete_because else ""
        console.print(f"The scope is incomplete, accounts may be missing{because}.", style="bold yellow")
    console.print(f"Control: {ROOT_ACCESS_KEY.id}, CIS AWS Foundations 1.4 (`rootsweep explain`)", style="dim")


def _any_allowed(run: Run) -> bool:
    return any(finding.verdict is Verdict.COMPLIANT and finding.keys for finding in run.findings)


def _time(time: datetime | None) -> str:
    return "unknown time" if time is None else f"{time:%Y-%m-%d %H:%M} UTC"
