"""Accounts that need someone, a line each, where there are too many for a block each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rootsweep.core.evidence import LastUsed
from rootsweep.core.finding import Finding, KeyRow, Severity, Verdict
from rootsweep.core.run import CoverageGap
from rootsweep.reports.formats.table.blocks import STYLES
from rootsweep.reports.wording import counted, name_key, printable

_WIDE: Final = 100
_WIDEST: Final = 140
_DAYS_A_YEAR: Final = 365.25
_MOST_DAYS: Final = 999
_SHORTEST_NAME: Final = 8
_CUT: Final = "\u2026"


def print_account_lines(console: Console, findings: Sequence[Finding], now: datetime) -> None:
    """Print a line for each key of each account, in their order, in columns that line up; only names are cut to fit."""
    lines = [_cells(finding, key, now, console.width) for finding in findings for key in finding.keys or (None,)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    widths[1] = max(min(widths[1], console.width - sum(widths) + widths[1] - len(widths) + 1), _SHORTEST_NAME)
    last: Finding | None = None
    for finding, cells in zip((one for one in findings for _ in one.keys or (None,)), lines, strict=True):
        shown = ["", "", "", *cells[3:]] if finding is last else cells
        texts = [set_cell_size(text, width) for text, width in zip(shown, widths, strict=True)]
        if cell_len(shown[1]) > widths[1]:
            texts[1] = f"{set_cell_size(shown[1], widths[1] - 1)}{_CUT}"
        line = Text(f"{texts[0]} {texts[1]} ")
        line.append(texts[2], style="" if finding is last else _word(finding)[1])
        console.print(line.append(f" {' '.join(texts[3:])}", style="not bold"), soft_wrap=True)
        last = finding
    console.print()


def _cells(finding: Finding, key: KeyRow | None, now: datetime, width: int) -> list[str]:
    """Give the texts of a line: the account, its name, a word, then what is known of the key or why nothing is."""
    account = [finding.account.id, printable(finding.account.name or ""), _word(finding)[0]]
    if key is None:
        return [*account, *([""] if width >= _WIDE else []), "", "", ", ".join(finding.reason_codes)]
    name = [name_key(key)] if width >= _WIDE else []
    return [*account, *name, key.status.value, _age(key, now), _last_use(key, is_widest=width >= _WIDEST)]


def _word(finding: Finding) -> tuple[str, str]:
    if finding.exception is not None:
        return "excepted", "bold cyan"
    if finding.severity is not None:
        return finding.severity.value, "bold red" if finding.severity is Severity.CRITICAL else "red"
    words = {Verdict.INSUFFICIENT_DATA: "unread", Verdict.COMPLIANT: "allowed"}
    return words.get(finding.verdict, finding.verdict.value), STYLES[finding.verdict]


def _age(key: KeyRow, now: datetime) -> str:
    since = key.created_at or key.last_rotated_at
    if since is None:
        return "?"
    days = max((now - since).days, 0)
    return f"{days} d" if days <= _MOST_DAYS else f"{days / _DAYS_A_YEAR:.1f} y"


def _last_use(key: KeyRow, *, is_widest: bool) -> str:
    if not isinstance(key.last_use, LastUsed):
        return "never used" if key.last_use.value == "never_recorded" else "use unknown"
    used = key.last_use
    time = f"{used.at:%Y-%m-%d %H:%M}" if is_widest else f"{used.at:%Y-%m-%d}"
    return " ".join(filter(None, [time, used.service, used.region if is_widest else None]))


def print_gap_lines(console: Console, groups: Iterable[CoverageGap]) -> None:
    """Print what would open the accounts that could not be read, a line each; nothing where there is none."""
    listed = list(groups)
    if not listed:
        return
    console.print("Could not be judged", style="bold yellow")
    for group in listed:
        line = Text(f"{counted(len(group.accounts), 'account')}: {printable(group.remedy)}", no_wrap=True, overflow="ellipsis")
        console.print(Padding(line, (0, 0, 0, 2)))
    console.print()
