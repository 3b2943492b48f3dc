"""Accounts with something to do, a line each."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
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
_ACCOUNT: Final = 12
_WORD: Final = 8
_KEY_TITLES: Final = ("key", "status", "age", "last use")
_REASON_TITLE: Final = "reason"
_CUT: Final = "\u2026"


def print_account_lines(console: Console, findings: Sequence[Finding], now: datetime) -> None:
    """Print a line for each key of each account, in their order, in columns that line up; only names are cut to fit."""
    keys = [_key_cells(key, now, console.width) for finding in findings for key in finding.keys]
    titles = _KEY_TITLES if keys else (_REASON_TITLE,)
    widths = [max(map(cell_len, column)) for column in zip(titles, *keys, strict=True)] if keys else []
    names = [printable(finding.account.name or "") for finding in findings]
    room = console.width - _ACCOUNT - _WORD - sum(widths) - len(widths) - 2
    widest = max(min(max(map(cell_len, names)), room), _SHORTEST_NAME)
    title = f"{'account':<{_ACCOUNT}} {set_cell_size('name', widest)} {'':<{_WORD}} "
    padded = (set_cell_size(text, width) for text, width in zip(titles, widths or [0], strict=True))
    console.print(Text(title + (" ".join(padded) if keys else _REASON_TITLE), style="dim"), soft_wrap=True)
    for finding, name in zip(findings, names, strict=True):
        beginning = Text(f"{finding.account.id} {_fitted(name, widest)} ")
        word, style = _word(finding)
        beginning.append(f"{word:<{_WORD}} ", style=style)
        indent = Text(" " * beginning.cell_len)
        if not finding.keys:
            _print(console, beginning, ", ".join(finding.reason_codes))
        for number, key in enumerate(finding.keys):
            cells = [
                set_cell_size(cell, width) for cell, width in zip(_key_cells(key, now, console.width), widths, strict=True)
            ]
            _print(console, indent if number else beginning, " ".join(cells))
    console.print()


def _print(console: Console, beginning: Text, rest: str) -> None:
    line = beginning.copy().append(rest.rstrip(), style="not bold")
    line.truncate(console.width, overflow="ellipsis")
    console.print(line, soft_wrap=True)


def _fitted(name: str, width: int) -> str:
    return set_cell_size(name, width) if cell_len(name) <= width else f"{set_cell_size(name, width - 1)}{_CUT}"


def _key_cells(key: KeyRow, now: datetime, width: int) -> tuple[str, ...]:
    """Return what is known of a key: its id or slot, its status, its age and its last use."""
    use = _last_use(key, is_widest=width >= _WIDEST) if width >= _WIDE else _last_use_ago(key, now)
    return name_key(key), key.status.value, _age(key, now), use


def _word(finding: Finding) -> tuple[str, str]:
    if finding.exception is not None:
        return "excepted", "bold cyan"
    if finding.severity is not None:
        return finding.severity.value, "bold red" if finding.severity is Severity.CRITICAL else "red"
    words = {Verdict.INSUFFICIENT_DATA: "unread", Verdict.COMPLIANT: "allowed"}
    return words.get(finding.verdict, finding.verdict.value), STYLES[finding.verdict]


def _age(key: KeyRow, now: datetime) -> str:
    since = key.created_at or key.last_rotated_at
    return "?" if since is None else _span(now - since)


def _span(time: timedelta) -> str:
    days = max(time.days, 0)
    return f"{days} d" if days <= _MOST_DAYS else f"{days / _DAYS_A_YEAR:.1f} y"


def _last_use(key: KeyRow, *, is_widest: bool) -> str:
    if not isinstance(key.last_use, LastUsed):
        return "never" if key.last_use.value == "never_recorded" else "unknown"
    used = key.last_use
    time = f"{used.at:%Y-%m-%d %H:%M}" if is_widest else f"{used.at:%Y-%m-%d}"
    return " ".join(filter(None, [time, used.service, used.region if is_widest else None]))


def _last_use_ago(key: KeyRow, now: datetime) -> str:
    """Return how long ago, in as few characters as a narrow terminal needs; a service's name is the first to be cut."""
    if not isinstance(key.last_use, LastUsed):
        return "never" if key.last_use.value == "never_recorded" else "unknown"
    return " ".join(filter(None, [_span(now - key.last_use.at), key.last_use.service]))


def print_gap_lines(console: Console, groups: Iterable[CoverageGap]) -> None:
    """Print what would open the accounts that could not be read, a line each; nothing where there is none."""
    listed = list(groups)
    if not listed:
        return
    console.print("Could not be judged", style="bold yellow")
    for group in listed:
        console.print(Padding(Text(f"{counted(len(group.accounts), 'account')}: {printable(group.remedy)}"), (0, 0, 0, 2)))
    console.print()
