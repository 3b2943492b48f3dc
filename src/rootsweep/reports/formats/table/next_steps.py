"""What to do next, told once for all accounts that share it, by numbers."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rootsweep.model.finding import Finding
from rootsweep.model.gap import GapGroup
from rootsweep.reports.counted import counted
from rootsweep.reports.plain_text import printable


def numbers_by_account(steps: Mapping[str, Sequence[Finding]], gap: Iterable[GapGroup]) -> dict[str, int]:
    """Give the number of the next step, or of the group that tells how to open it, by account id."""
    numbers = {one.account.id: number for number, findings in enumerate(steps.values(), 1) for one in findings}
    groups = enumerate(gap, len(steps) + 1)
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
