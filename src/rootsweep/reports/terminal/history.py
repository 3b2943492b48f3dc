"""Recorded runs at a terminal: a line each, what changed between two, the life of an account's keys."""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import groupby
from typing import Final, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rootsweep.core.history.recorded import (
    AccountDrift,
    AccountLife,
    Change,
    ChangeReason,
    Drift,
    DriftCounts,
    KeyLife,
    RecordedScope,
    RunRecord,
    Sighting,
)
from rootsweep.core.organization import ScopeKind
from rootsweep.core.times import to_the_minute
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.terminal.console import labelled, open_console, write_lines
from rootsweep.reports.wording import counted, describe_key, describe_last_use, name_key, printable

_KINDS: Final = {
    ScopeKind.ACCOUNT: "accounts",
    ScopeKind.ORGANIZATION: "organization",
    ScopeKind.FILES: "saved evidence",
}

_COLUMNS: Final = {
    "run": 3,
    "finished (UTC)": 16,
    "proven": 8,
    "non-\ncompliant": 9,
    "new": 3,
    "fixed": 5,
    "lost\nsight of": 8,
    "": 0,
}
_LABELS: Final = [name.replace("-\n", "-").replace("\n", " ") for name in _COLUMNS]
_LEAST_WIDTH: Final = 2 + sum(_COLUMNS.values()) + 2 * len(_COLUMNS) + len("incomplete")
"""Of a terminal that has room for a line a run; in a narrower one each run is a block, so that no column is lost."""

_TEXTS: Final = frozenset({"run", "finished (UTC)", ""})


def write_runs(runs: Sequence[RunRecord], stream: TextIO, options: RenderOptions) -> None:
    """Write the runs below what they cover, as often as that changes, wrapped to ``options.width`` columns."""
    lines = StringIO()
    console = open_console(lines, options)
    for number, (scope, of_scope) in enumerate(groupby(runs, key=lambda run: run.scope)):
        console.print(("\n" if number else "") + describe_scope(scope), style="bold")
        if console.width >= _LEAST_WIDTH:
            console.print(Padding(_table(of_scope), (0, 0, 0, 2)))
            continue
        for run in of_scope:
            rows = [(label, cell) for label, cell in zip(_LABELS, _cells(run), strict=True) if cell]
            console.print(Padding(labelled(rows), (0, 0, 1, 2)))
    write_lines(lines.getvalue(), stream, options)


def describe_run(run: RunRecord) -> str:
    """Name a run, when it finished and what it covers."""
    incomplete = "" if run.complete else ", incomplete"
    return f"run {run.number}, {to_the_minute(run.finished_at)}, {describe_scope(run.scope)}{incomplete}"


def describe_scope(scope: RecordedScope) -> str:
    """Return what a run covers, in one line."""
    parts = (_KINDS[scope.kind], scope.organization_id, scope.asked)
    return printable(" ".join(part for part in parts if part))


def _table(runs: Iterable[RunRecord]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name, width in _COLUMNS.items():
        table.add_column(name, justify="left" if name in _TEXTS else "right", min_width=width, overflow="fold")
    for run in runs:
        table.add_row(*_cells(run))
    return table


def _cells(run: RunRecord) -> tuple[Text, ...]:
    summary, drift = run.summary, run.drift or DriftCounts()
    excepted = f"{summary.excepted:,} excepted" if summary.excepted else ""
    incomplete = "" if run.complete else "incomplete"
    new = drift.new + drift.reappeared
    return (
        Text(f"{run.number}"),
        Text(f"{run.finished_at:%Y-%m-%d %H:%M}"),
        Text(f"{summary.proven:,} of {summary.applicable:,}"),
        Text(f"{summary.non_compliant:,}", style="red" if summary.non_compliant > summary.excepted else ""),
        Text(f"{new:,}", style="bold red" if new else ""),
        Text(f"{drift.fixed:,}", style="green" if drift.fixed else ""),
        Text(f"{drift.lost_sight_of:,}", style="yellow" if drift.lost_sight_of else ""),
        Text("\n".join(part for part in (excepted, incomplete) if part)),
    )


# The drift from one recorded run to another, for a person at a terminal: the counts first, then the worst.

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
    console.print(f"\n{_counts(drift)}", style="bold")
    console.print(_unchanged(drift))
    for change in _WORDS:
        for one in drift.changes:
            if one.change is change:
                _print_change(console, one, drift)
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


# An account over the recorded runs, for a person at a terminal: how it was judged, and the life of each key.


def write_life(life: AccountLife, stream: TextIO, options: RenderOptions) -> None:
    """Write the verdicts over time and the keys, wrapped to ``options.width`` columns."""
    lines = StringIO()
    console = open_console(lines, options)
    newest = max(life.sightings, key=lambda one: one.last.number or 0)
    first = min(one.first.finished_at for one in life.sightings)
    title = Text(life.account_id, style="bold")
    title.append(f"  {printable(newest.account.name)}" if newest.account.name else "", style="not bold")
    console.print(title)
    seen = f"first seen {first:%Y-%m-%d %H:%M}, last seen {to_the_minute(newest.last.finished_at)}"
    console.print(f"{seen}; now {newest.account.verdict.value}")
    console.print("\nVerdicts", style="bold")
    console.print(Padding(_life_table(_verdicts(life.sightings)), (0, 0, 0, 2)))
    for key in life.keys:
        console.print(f"\n{printable(name_key(key.key))}", style="bold")
        console.print(Padding(_life_table(_key_rows(key)), (0, 0, 0, 2)))
    console.print(f"\n{counted(len(life.keys), 'key')} seen", style="bold")
    write_lines(lines.getvalue(), stream, options)


def _verdicts(sightings: Sequence[Sighting]) -> Iterator[tuple[str, str]]:
    """Return a line for each time in which the verdict and its reasons were the same."""
    told: tuple[object, ...] | None = None
    for one in sightings:
        account = one.account
        what = (account.verdict, account.reasons, account.excepted)
        if what != told:
            excepted = ", excepted" if account.excepted else ""
            text = f"{account.verdict.value} since run {one.first.number}: {', '.join(account.reasons)}{excepted}"
            yield f"{one.first.finished_at:%Y-%m-%d %H:%M}", text
        told = what


def _key_rows(life: KeyLife) -> Iterator[tuple[str, str]]:
    created = life.key.created_at or life.key.last_rotated_at
    if created is not None:
        yield ("created" if life.key.created_at else "created or changed"), to_the_minute(created)
    for one in life.statuses:
        yield "seen", f"{one.status.value} since {to_the_minute(one.seen_at)} (run {one.run})"
    yield "last seen", to_the_minute(life.last_seen_at)
    if life.gone_at is not None:
        yield "gone", f"proven on {to_the_minute(life.gone_at)} (run {life.gone_by})"
    yield "use", describe_last_use(life.key.last_use)


def _life_table(rows: Iterable[tuple[str, str]]) -> Table:
    return labelled(((label, Text(printable(text))) for label, text in rows), gap=2)
