"""The part of the table that tells how the accounts that could not be read are opened.

Groups are numbered on after the next steps, so that the row of an account can point to its group. Of a group with many accounts
each is a line instead of a block: the reason that they share is told once.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rootsweep.model.finding import Finding, Verdict
from rootsweep.model.gap import OWNER_COMMAND, GapGroup
from rootsweep.reports.counted import counted
from rootsweep.reports.plain_text import printable

_MOST_BLOCKS: Final = 10
_SHOWN_IDS: Final = 4
_DEPTH: Final = 6


def ids_shown_as_lines(groups: Iterable[GapGroup]) -> frozenset[str]:
    """Give the ids of the accounts that are shown as a line each."""
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


def print_gap(console: Console, groups: tuple[GapGroup, ...], first: int) -> None:
    """Print the groups, numbered from ``first``, and what always works; nothing where there is no group."""
    if not groups:
        return
    console.print("Close the gap", style="bold")
    owner_command_in: int | None = None
    for number, group in enumerate(groups, first):
        title = f"{counted(len(group.accounts), 'account')}: {printable(group.change)}"
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


def _some_ids(group: GapGroup) -> str:
    shown = ", ".join(group.accounts[:_SHOWN_IDS])
    more = len(group.accounts) - _SHOWN_IDS
    return f"in {shown} and {more:,} more" if more > 0 else f"in {shown}"


def _print_last_resort(console: Console, owner_command_in: int | None) -> None:
    """Tell what opens every account, once: the lines themselves stand in a group already, or here."""
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
