"""``--format table``: for a person at a terminal.

What was refused or left out comes first, then the accounts with something to do, worst first, then what would open those that
could not be read, then counts of the others, the totals, and what to run next, last. An account is a line; a single one, and
each with ``--details``, is a block that says why, with the evidence and the steps. Grouped by organizational unit, the accounts
of each unit follow its name in this order.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from itertools import groupby
from typing import Final, TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rootsweep.core.controls import Reference, describe_control
from rootsweep.core.finding import Finding, Severity, Verdict
from rootsweep.core.run import Run
from rootsweep.reports.formats.table.blocks import (
    OUTCOME_STYLES,
    STYLES,
    ids_shown_as_lines,
    message_text,
    numbers_by_account,
    print_block,
    print_gap,
    print_steps,
    print_unread_lines,
    time_text,
    told_warnings,
)
from rootsweep.reports.formats.table.lines import print_account_lines, print_gap_lines
from rootsweep.reports.next_commands import next_commands
from rootsweep.reports.registry import Presentation, RenderOptions
from rootsweep.reports.terminal.console import open_console, write_lines
from rootsweep.reports.wording import (
    counted,
    describe_left_out,
    headline,
    left_out_note,
    needs_someone,
    printable,
    shared_steps,
    warnings_of,
    worst_first,
)

_MOST_BLOCKS: Final = 1
"""Accounts with something to do that are a block each, where details were not asked for."""

_MOST_LINES: Final = 10
_MOST_UNREAD_LINES: Final = 10


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the run for a person, wrapped to ``options.width`` columns."""
    lines = StringIO()
    console = open_console(lines, options)
    print_warnings(console, run)
    if options.presentation.summary_only:
        _print_summary(console, run, by_unit=options.presentation.by_unit)
    else:
        print_rejected(console, run)
        print_left_out(console, run)
        _print_accounts(console, run, options.presentation)
    print_counts(console, run, options.presentation.reference)
    print_next_commands(console, run, options.presentation)
    write_lines(lines.getvalue(), stream, options)


def _print_summary(console: Console, run: Run, *, by_unit: bool) -> None:
    if by_unit:
        for unit in units_of(run):
            print_unit(console, unit, run)
        console.print()
    print_reasons(console, run)


def _print_accounts(console: Console, run: Run, presentation: Presentation) -> None:
    by_unit = presentation.by_unit
    ordered = worst_first(run.findings)
    troubled = [finding for finding in ordered if needs_someone(finding)]
    if not presentation.details and not by_unit and len(troubled) > _MOST_BLOCKS:
        _print_short(console, run, troubled)
        print_lines(console, [one for one in ordered if not needs_someone(one)], lists_all=presentation.lists_all)
        return
    steps = shared_steps(troubled, run.coverage_gaps)
    numbers = numbers_by_account(steps, run.coverage_gaps)
    rows = _Rows(console, run, numbers, ids_shown_as_lines(run.coverage_gaps), presentation.lists_all)
    if not by_unit:
        rows.print_troubled(ordered)
    else:
        for unit in units_of(run):
            print_unit(console, unit, run)
            console.print()
            rows.print_troubled(worst_first(unit.findings))
            rows.print_others(worst_first(unit.findings))
    print_steps(console, steps)
    print_gap(console, run.coverage_gaps, len(steps) + 1)
    if not by_unit:
        rows.print_others(ordered)


def _print_short(console: Console, run: Run, troubled: Sequence[Finding]) -> None:
    """Print a line for each account with a key, the management account first among equals, and one for each gap."""
    keyed = [one for one in troubled if one.verdict is not Verdict.INSUFFICIENT_DATA]
    keyed.sort(key=lambda one: (one.exception is not None, one.severity is not Severity.CRITICAL, not _is_management(one)))
    if keyed:
        print_account_lines(console, keyed, run.finished_at)
    unread = [one for one in troubled if one.verdict is Verdict.INSUFFICIENT_DATA]
    if 0 < len(unread) <= _MOST_UNREAD_LINES:
        print_account_lines(console, unread, run.finished_at)
    print_gap_lines(console, run.coverage_gaps)


def _is_management(finding: Finding) -> bool:
    return finding.account.is_management_account


@dataclass(frozen=True, slots=True)
class _Rows:
    """Prints accounts; ``numbers`` are those of what to do next, by account id."""

    console: Console
    run: Run
    numbers: Mapping[str, int]
    as_lines: frozenset[str]
    lists_all: bool

    def print_troubled(self, findings: Sequence[Finding]) -> None:
        """Print those to act on."""
        troubled = [finding for finding in findings if needs_someone(finding)]
        for finding in troubled:
            if finding.account.id not in self.as_lines:
                print_block(self.console, finding, self.run.finished_at, self.numbers.get(finding.account.id))
        print_unread_lines(self.console, [one for one in troubled if one.account.id in self.as_lines], self.numbers)

    def print_others(self, findings: Sequence[Finding]) -> None:
        """Print those that need nobody."""
        quiet = [finding for finding in findings if not needs_someone(finding)]
        print_lines(self.console, quiet, lists_all=self.lists_all)


# Accounts under the organizational unit that holds them.


@dataclass(frozen=True, slots=True)
class UnitOfAccounts:
    """A unit, or the root, by the names from the root down, and the findings on the accounts directly in it.

    ``id`` and ``names`` are empty for accounts of which the unit is not known.
    """

    id: str
    names: tuple[str, ...]
    findings: Sequence[Finding]


def units_of(run: Run) -> Iterator[UnitOfAccounts]:
    """Return the units that hold accounts, each before what is below it, in the order of their names; the unknown one last."""
    names = {unit.id: unit.name for unit in run.units}
    by_path: dict[str | None, list[Finding]] = {}
    for finding in run.findings:
        by_path.setdefault(finding.account.path, []).append(finding)
    units = [_unit(path, findings, names) for path, findings in by_path.items()]
    yield from sorted(units, key=lambda unit: (not unit.id, unit.names, unit.id))


def print_unit(console: Console, unit: UnitOfAccounts, run: Run) -> None:
    """Print a unit's name, id and counts."""
    name = Text(printable(" / ".join(unit.names)) if unit.names else "Unit not known", style="bold underline")
    its_id = f" ({unit.id})" if unit.id not in unit.names[-1:] and unit.id else ""
    its_run = replace(run, findings=tuple(unit.findings))
    console.print(name.append(f"{its_id}: {headline(its_run)}", style="not bold not underline"))


def _unit(path: str | None, findings: Sequence[Finding], names: Mapping[str, str]) -> UnitOfAccounts:
    ids = path.rstrip("/").split("/")[1:] if path else []
    shown = tuple("Root" if one.startswith("r-") else names.get(one, one) for one in ids)
    return UnitOfAccounts(ids[-1] if ids else "", shown, findings)


# Accounts that need nobody, a line each.


def print_lines(console: Console, findings: Iterable[Finding], *, lists_all: bool = True) -> None:
    """Print findings, in their order, under a heading for each verdict and its reasons.

    Without ``lists_all`` the headings, which count them, stand for more than a few, but for those with a warning.
    """
    findings = list(findings)
    is_folded = not lists_all and len(findings) > _MOST_LINES
    for (verdict, codes), group in groupby(findings, key=_verdict_and_codes):
        listed = list(group)
        heading = Text(f"{verdict.value:<18}", style=STYLES[verdict])
        console.print(heading.append(f"{', '.join(codes)} ({counted(len(listed), 'account')})", style="not bold"))
        for finding in listed:
            if is_folded and not told_warnings(finding):
                continue
            console.print(Padding(_line(finding, console.width - 2), (0, 0, 0, 2)))
            for warning in told_warnings(finding):
                console.print(Padding(Text("warning ", style="yellow").append_text(message_text(warning)), (0, 0, 0, 4)))
        if not is_folded:
            console.print()
    if is_folded:
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


def print_next_commands(console: Console, run: Run, presentation: Presentation) -> None:
    """Print what to run next, last; nothing without a scope to repeat."""
    if presentation.scope is None:
        return
    commands = next_commands(run, presentation.scope)
    if not commands:
        return
    console.print()
    console.print("Next:", style="bold")
    for one in commands:
        # A command is never broken: what is pasted has to be whole.
        console.print(Text(f"  {one.command}"), soft_wrap=True)
        console.print(Padding(Text(one.purpose, style="dim"), (0, 0, 0, 6)))


# The last lines of the table: what was refused, and how many accounts have which verdict.

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
        reason = f" ({printable(run.scope.incomplete_because)})" if run.scope.incomplete_because else ""
        console.print(f"The scope is incomplete, accounts may be missing{reason}.", style="bold yellow")
    console.print(f"Control: {describe_control(reference)}", style="dim")


def _any_allowed(run: Run) -> bool:
    return any(finding.verdict is Verdict.COMPLIANT and finding.keys for finding in run.findings)
