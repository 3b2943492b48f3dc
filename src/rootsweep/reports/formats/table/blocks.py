"""Accounts to act on, as blocks of lines, and the gap that is left to close."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rootsweep.core.finding import Finding, GrantedException, Message, ProcedureResult, Verdict, WarningCode
from rootsweep.core.run import OWNER_COMMAND, CoverageGap
from rootsweep.core.times import to_the_minute
from rootsweep.reports.terminal.console import labelled
from rootsweep.reports.wording import counted, describe_key, printable

STYLES: Final = {
    Verdict.NON_COMPLIANT: "bold red",
    Verdict.INSUFFICIENT_DATA: "bold yellow",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.COMPLIANT: "bold green",
}
OUTCOME_STYLES: Final = {
    ProcedureResult.FAIL: "red",
    ProcedureResult.UNKNOWN: "yellow",
    ProcedureResult.PASS: "green",
}


def print_block(console: Console, finding: Finding, now: datetime, number: int | None) -> None:
    """Print what a finding tells; ``number`` is that of what to do next, None where there is nothing."""
    heading = Text()
    heading.append(f"{finding.verdict.value:<18}", style=STYLES[finding.verdict])
    heading.append(finding.account.id, style="bold")
    name = " ".join(printable(part) for part in (finding.account.name, finding.account.partition) if part)
    heading.append(f"  {name}" if name else "")
    heading.append(f"  {finding.severity.value}" if finding.severity else "", style="red")
    heading.append("  EXCEPTED" if finding.exception else "", style="bold cyan")
    console.print(heading)
    console.print(Padding(labelled(_rows(finding, now, number), label_width=10), (0, 0, 1, 2)))


def told_warnings(finding: Finding) -> tuple[Message, ...]:
    """Leave out what the "as of" already says."""
    return tuple(warning for warning in finding.warnings if warning.code != WarningCode.REPORT_TIME_UNKNOWN)


def message_text(message: Message) -> Text:
    """Return a reason or a warning, its code in bold."""
    text = Text(message.code, style="bold")
    return text.append(f": {printable(message.message)}", style="not bold")


def time_text(time: datetime | None) -> str:
    """Return a time to the minute."""
    return "unknown time" if time is None else to_the_minute(time)


def _rows(finding: Finding, now: datetime, number: int | None) -> Iterable[tuple[str, Text]]:
    for reason in finding.reasons:
        yield "why", message_text(reason)
    for row in finding.keys:
        yield "key", Text(printable(describe_key(row, now)))
    if finding.exception is not None:
        yield "exception", _exception(finding.exception)
    for warning in told_warnings(finding):
        yield "warning", message_text(warning)
    yield "audits", _procedures(finding)
    yield "as of", Text(time_text(finding.as_of))
    if number is not None:
        yield "next step", Text(f"[{number}] below")


def _exception(exception: GrantedException) -> Text:
    ticket = f", {exception.ticket}" if exception.ticket else ""
    text = f"until {exception.expires_at:%Y-%m-%d} by {exception.owner}{ticket}: {exception.reason}"
    return Text(printable(text))


def _procedures(finding: Finding) -> Text:
    text = Text("credential report ")
    report, summary = finding.procedures.credential_report, finding.procedures.account_summary
    text.append(report.value, style=OUTCOME_STYLES[report])
    text.append(", account summary ")
    return text.append(summary.value, style=OUTCOME_STYLES[summary])


# The part of the table that tells how the accounts that could not be read are opened.
#
# Groups are numbered on after the next steps, so that the row of an account can point to its group. Of a group with many
# accounts each is a line instead of a block: the reason that they share is reported once.

_MOST_BLOCKS: Final = 10
_SHOWN_IDS: Final = 4
_DEPTH: Final = 6


def ids_shown_as_lines(groups: Iterable[CoverageGap]) -> frozenset[str]:
    """Return the ids of the accounts that are shown as a line each."""
    return frozenset(one for group in groups if len(group.accounts) > _MOST_BLOCKS for one in group.accounts)


def print_unread_lines(console: Console, findings: Iterable[Finding], numbers: Mapping[str, int]) -> None:
    """Print a line for each finding, under the number of its account's group; ``numbers`` are those by account id."""
    by_number: dict[int, list[Finding]] = {}
    for finding in findings:
        by_number.setdefault(numbers[finding.account.id], []).append(finding)
    for number, listed in sorted(by_number.items()):
        heading = Text(f"{Verdict.INSUFFICIENT_DATA.value:<18}", style="bold yellow")
        console.print(heading.append(f"{counted(len(listed), 'account')}, next step [{number}] below", style="not bold"))
        codes = [_codes(finding) for finding in listed]
        for finding, its_codes in zip(listed, codes, strict=True):
            line = _line(finding, its_codes.ljust(max(map(len, codes))), console.width - 2)
            console.print(Padding(line, (0, 0, 0, 2)))
        console.print()


def _codes(finding: Finding) -> str:
    return ", ".join((*finding.reason_codes, *finding.warning_codes))


def _line(finding: Finding, codes: str, width: int) -> Text:
    """One line an account; a name that does not fit stands on the next."""
    line = Text(f"{finding.account.id}  {codes}")
    if finding.account.name:
        name = printable(finding.account.name)
        line.append(f"  {name}" if line.cell_len + 2 + cell_len(name) <= width else f"\n  {name}")
    return line


def print_gap(console: Console, groups: tuple[CoverageGap, ...], first: int) -> None:
    """Print the groups, numbered from ``first``, and what always works; nothing where there is no group."""
    if not groups:
        return
    console.print("Close the gap", style="bold")
    owner_command_in: int | None = None
    for number, group in enumerate(groups, first):
        title = f"{counted(len(group.accounts), 'account')}: {printable(group.remedy)}"
        grid = Table.grid(padding=(0, 1))
        grid.add_column(no_wrap=True)
        grid.add_column(ratio=1, overflow="fold")
        grid.add_row(f"[{number}]", Text(title, style="bold"))
        console.print(Padding(grid, (0, 0, 0, 2)))
        _print_lines_to_copy(console, group.how)
        console.print(Padding(Text(_some_ids(group), style="dim"), (0, 0, 1, _DEPTH)))
        owner_command_in = number if group.how == OWNER_COMMAND else owner_command_in
    _print_last_resort(console, owner_command_in)


def _print_lines_to_copy(console: Console, lines: Iterable[str]) -> None:
    for line in lines:
        console.print(Padding(Text(printable(line), overflow="fold"), (0, 0, 0, _DEPTH)))


def _some_ids(group: CoverageGap) -> str:
    shown = ", ".join(group.accounts[:_SHOWN_IDS])
    more = len(group.accounts) - _SHOWN_IDS
    return f"in {shown} and {more:,} more" if more > 0 else f"in {shown}"


def _print_last_resort(console: Console, owner_command_in: int | None) -> None:
    """Return what opens every account, once: the lines themselves stand in a group already, or here."""
    lines = "this" if owner_command_in is None else f"the lines of [{owner_command_in}]"
    text = Text("Last resort, for any of these accounts: ", style="bold")
    text.append(
        f"its owner pastes {lines} into AWS CloudShell there, and `rootsweep audit --from FILE` reads what they save.",
        style="not bold",
    )
    console.print(Padding(text, (0, 0, 0, 2)))
    if owner_command_in is None:
        _print_lines_to_copy(console, OWNER_COMMAND)
    console.print()


# What to do next, told once for all accounts that share it, by numbers.


def numbers_by_account(steps: Mapping[str, Sequence[Finding]], gaps: Iterable[CoverageGap]) -> dict[str, int]:
    """Return the number of the next step, or of the group that tells how to open it, by account id."""
    numbers = {one.account.id: number for number, findings in enumerate(steps.values(), 1) for one in findings}
    groups = enumerate(gaps, len(steps) + 1)
    return numbers | {account_id: number for number, group in groups for account_id in group.accounts}


def print_steps(console: Console, steps: Mapping[str, Sequence[Finding]]) -> None:
    """Print the steps, each with the number of accounts that it is for; nothing where there is none."""
    if not steps:
        return
    console.print("Next steps", style="bold")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for number, (step, findings) in enumerate(steps.items(), 1):
        grid.add_row(f"[{number}]", Text(f"({counted(len(findings), 'account')}) {printable(step)}"))
    console.print(Padding(grid, (0, 0, 1, 2)))
