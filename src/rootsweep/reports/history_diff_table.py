"""The drift from one recorded run to another, for a person at a terminal: the worst first, the counts last."""

from collections.abc import Iterator
from io import StringIO
from typing import Final, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rootsweep.model.history import AccountDrift, Change, ChangeReason, Drift
from rootsweep.reports.console import labelled, open_console, write_lines
from rootsweep.reports.counted import counted
from rootsweep.reports.history_table import describe_run
from rootsweep.reports.key_text import describe_key
from rootsweep.reports.plain_text import printable
from rootsweep.reports.registry import RenderOptions

_WORDS: Final = {
    Change.NEW: ("NEW", "bold red"),
    Change.REAPPEARED: ("REAPPEARED", "bold red"),
    Change.LOST_SIGHT_OF: ("LOST SIGHT OF", "bold yellow"),
    Change.FIXED: ("FIXED", "bold green"),
}
_REASONS: Final = {
    ChangeReason.FIRST_SEEN: "non-compliant, and the run before has no row of it",
    ChangeReason.WAS_COMPLIANT: "non-compliant, and was compliant",
    ChangeReason.WAS_NOT_APPLICABLE: "non-compliant, and was not applicable",
    ChangeReason.WAS_NOT_JUDGED: "non-compliant, and could not be judged before",
    ChangeReason.FURTHER_KEY: "non-compliant as before, by a key that was not there",
    ChangeReason.KEY_ACTIVE_AGAIN: "non-compliant as before, and a key that was inactive is active again",
    ChangeReason.EXCEPTION_ENDED: "non-compliant as before, and the exception that stood for it does no more",
    ChangeReason.PROVEN_COMPLIANT: "compliant, and was non-compliant",
    ChangeReason.NOT_JUDGED: "could not be judged",
    ChangeReason.NO_LONGER_APPLICABLE: "not applicable any more, which proves nothing of its keys",
    ChangeReason.NOT_IN_SCOPE: "not in the scope any more, which proves nothing of its keys",
    ChangeReason.RUN_INCOMPLETE: "no row, for the run is incomplete",
}


def write_drift(drift: Drift, stream: TextIO, options: RenderOptions) -> None:
    """Write the accounts that have changed, each with its keys, wrapped to ``options.width`` columns."""
    lines = StringIO()
    console = open_console(lines, options)
    before = "nothing: no earlier run of the scope is recorded" if drift.before is None else describe_run(drift.before)
    console.print(labelled(iter([("from", Text(before)), ("to", Text(describe_run(drift.now)))])))
    for change in _WORDS:
        for one in drift.changes:
            if one.change is change:
                _print_change(console, one, drift)
    console.print(f"\n{_counts(drift)}", style="bold")
    console.print(_unchanged(drift))
    write_lines(lines.getvalue(), stream, options)


def _print_change(console: Console, one: AccountDrift, drift: Drift) -> None:
    word, style = _WORDS[one.change]
    account = one.account
    line = Text(f"\n{word:<14}", style=style)
    line.append(account.id, style="bold")
    line.append(f"  {printable(account.name)}" if account.name else "", style="not bold")
    line.append("  excepted" if account.excepted else "", style="not bold")
    console.print(line)
    console.print(Padding(labelled(_rows(one, drift)), (0, 0, 0, 2)))


def _rows(one: AccountDrift, drift: Drift) -> Iterator[tuple[str, Text]]:
    was = one.before.verdict.value if one.before is not None else "no row"
    is_now = one.now.verdict.value if one.now is not None else "no row"
    yield "verdict", Text(f"{was} -> {is_now}")
    yield "why", Text(_REASONS[one.reason])
    if one.now is not None:
        yield "reasons", Text(", ".join(one.now.reasons))
    if one.fixed_in is not None:
        yield "fixed in", Text(f"run {one.fixed_in}, and back since")
    label = "key" if one.change in {Change.NEW, Change.REAPPEARED} else "had"
    for key in one.keys:
        yield label, Text(printable(describe_key(key, drift.now.finished_at)))


def _counts(drift: Drift) -> str:
    counts = drift.counts()
    parts = (
        (counts.new, "new"),
        (counts.reappeared, "reappeared"),
        (counts.fixed, "fixed"),
        (counts.lost_sight_of, "lost sight of"),
    )
    return ", ".join(f"{number:,} {word}" for number, word in parts)


def _unchanged(drift: Drift) -> str:
    rest = drift.unchanged
    parts = (
        (rest.non_compliant, "non-compliant"),
        (rest.compliant, "compliant"),
        (rest.insufficient_data, "not judged"),
        (rest.not_applicable, "not applicable"),
    )
    unchanged = ", ".join(f"{number:,} {word}" for number, word in parts if number) or "none"
    text = f"as before: {unchanged}"
    if rest.newly_proven:
        text += f"; compliant for the first time: {counted(rest.newly_proven, 'account')}"
    return text + (f"; otherwise changed: {counted(rest.others, 'account')}" if rest.others else "")
