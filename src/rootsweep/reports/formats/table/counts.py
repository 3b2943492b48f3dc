"""The last lines of the table: what was refused, and how many accounts have which verdict."""

from collections import Counter
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rootsweep.controls import ROOT_ACCESS_KEY, Reference
from rootsweep.model.finding import Verdict
from rootsweep.model.run import Run
from rootsweep.reports.counted import counted
from rootsweep.reports.formats.table.blocks import STYLES
from rootsweep.reports.left_out import describe_left_out, left_out_note, warnings_of
from rootsweep.reports.plain_text import printable

_MOST_LEFT_OUT: Final = 20


def print_rejected(console: Console, run: Run) -> None:
    """Print the refused inputs; nothing where there is none."""
    if not run.rejected_inputs:
        return
    console.print("Refused inputs", style="bold yellow")
    for refused in run.rejected_inputs:
        console.print(Padding(Text(printable(f"{refused.place}: {refused.reason}"), overflow="fold"), (0, 0, 0, 2)))
    console.print()


def print_warnings(console: Console, run: Run) -> None:
    """Print what must be known before anything else; nothing where there is nothing."""
    for warning in warnings_of(run):
        console.print(Text("WARNING ", style="bold yellow").append(printable(warning.message), style="yellow"))
        console.print()


def print_left_out(console: Console, run: Run) -> None:
    """Print the evidence that the options exclude; nothing where there is none."""
    if not run.left_out:
        return
    console.print("Left out", style="bold yellow")
    ordered = sorted(run.left_out, key=lambda one: not one.shows_key)
    for one in ordered[:_MOST_LEFT_OUT]:
        console.print(Padding(Text(printable(describe_left_out(one)), overflow="fold"), (0, 0, 0, 2)))
    if len(ordered) > _MOST_LEFT_OUT:
        console.print(f"  and {counted(len(ordered) - _MOST_LEFT_OUT, 'more file')}: see the JSON or HTML report")
    console.print()


def print_reasons(console: Console, run: Run) -> None:
    """Print a line for each verdict, with how often each reason stands for it, the most frequent first."""
    for verdict in (Verdict.NON_COMPLIANT, Verdict.INSUFFICIENT_DATA, Verdict.NOT_APPLICABLE, Verdict.COMPLIANT):
        findings = [finding for finding in run.findings if finding.verdict is verdict]
        if not findings:
            continue
        codes = Counter(", ".join(finding.reason_codes) for finding in findings)
        line = Text(f"{verdict.value:<18}", style=STYLES[verdict])
        line.append(f"{len(findings):>6,}  ", style="bold")
        line.append("; ".join(f"{code} {number:,}" for code, number in codes.most_common()), style="not bold")
        console.print(line)
    console.print()


def print_counts(console: Console, run: Run, reference: Reference) -> None:
    """Print how many accounts are proven, and what the others are."""
    summary = run.summary()
    whole = summary.proven == summary.applicable and run.scope.complete and not run.rejected_inputs and run.findings
    line = f"{summary.proven} of {counted(summary.applicable, 'account')} proven to have no "
    line += "root access key that is not allowed" if _any_allowed(run) else "root access key"
    console.print(line, style="bold green" if whole else "bold")
    excepted = f" ({summary.excepted} excepted)" if summary.excepted else ""
    console.print(
        f"{summary.non_compliant} non-compliant{excepted}, {summary.insufficient_data} with insufficient data, "
        f"{summary.not_applicable} not applicable, {counted(len(run.rejected_inputs), 'input')} refused"
    )
    note = left_out_note(run)
    if note is not None:
        console.print(note)
    if not run.scope.complete:
        because = f" ({printable(run.scope.incomplete_because)})" if run.scope.incomplete_because else ""
        console.print(f"The scope is incomplete, accounts may be missing{because}.", style="bold yellow")
    number = f"{reference.framework} {reference.version}, {reference.requirement}"
    console.print(f"Control: {ROOT_ACCESS_KEY.id}, {number} (`rootsweep explain`)", style="dim")


def _any_allowed(run: Run) -> bool:
    return any(finding.verdict is Verdict.COMPLIANT and finding.keys for finding in run.findings)
