"""An account over the recorded runs, for a person at a terminal: how it was judged, and the life of each key."""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import TextIO

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rootsweep.model.history import AccountLife, KeyLife, Sighting
from rootsweep.reports.console import labelled, open_console, write_lines
from rootsweep.reports.counted import counted
from rootsweep.reports.key_text import describe_last_use, name_key
from rootsweep.reports.plain_text import printable
from rootsweep.reports.registry import RenderOptions


def write_life(life: AccountLife, stream: TextIO, options: RenderOptions) -> None:
    """Write the verdicts over time and the keys, wrapped to ``options.width`` columns."""
    lines = StringIO()
    console = open_console(lines, options)
    newest = max(life.sightings, key=lambda one: one.last.number or 0)
    first = min(one.first.finished_at for one in life.sightings)
    title = Text(life.account_id, style="bold")
    title.append(f"  {printable(newest.account.name)}" if newest.account.name else "", style="not bold")
    console.print(title)
    seen = f"first seen {first:%Y-%m-%d %H:%M}, last seen {newest.last.finished_at:%Y-%m-%d %H:%M} UTC"
    console.print(f"{seen}; now {newest.account.verdict.value}")
    console.print("\nVerdicts", style="bold")
    console.print(Padding(_table(_verdicts(life.sightings)), (0, 0, 0, 2)))
    for key in life.keys:
        console.print(f"\n{printable(name_key(key.key))}", style="bold")
        console.print(Padding(_table(_key_rows(key)), (0, 0, 0, 2)))
    console.print(f"\n{counted(len(life.keys), 'key')} seen", style="bold")
    write_lines(lines.getvalue(), stream, options)


def _verdicts(sightings: Sequence[Sighting]) -> Iterator[tuple[str, str]]:
    """Give a line for each time in which the verdict and its reasons were the same."""
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
        yield ("created" if life.key.created_at else "created or changed"), f"{created:%Y-%m-%d %H:%M} UTC"
    for one in life.statuses:
        yield "seen", f"{one.status.value} since {one.seen_at:%Y-%m-%d %H:%M} UTC (run {one.run})"
    yield "last seen", f"{life.last_seen_at:%Y-%m-%d %H:%M} UTC"
    if life.gone_at is not None:
        yield "gone", f"proven on {life.gone_at:%Y-%m-%d %H:%M} UTC (run {life.gone_by})"
    yield "use", describe_last_use(life.key.last_use)


def _table(rows: Iterable[tuple[str, str]]) -> Table:
    return labelled(((label, Text(printable(text))) for label, text in rows), gap=2)
