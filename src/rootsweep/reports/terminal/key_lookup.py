"""``rootsweep whose --format table``: for a person at a terminal.

Each id has a line, in the order in which it was met, and below it what is known; what to do is said once for all ids that share
it. The last line is the counts.
"""

from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Final, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rootsweep.core.evidence import Access
from rootsweep.core.key_answer import KeyAnswer, KeyAnswers, KeySource, RootKey
from rootsweep.core.times import to_the_minute
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.terminal.console import labelled, open_console, write_lines
from rootsweep.reports.wording import counted, describe_key, printable

_WORDS: Final = {
    RootKey.YES: ("ROOT KEY", "bold red"),
    RootKey.NO: ("not root's", "bold green"),
    RootKey.UNKNOWN: ("unknown", "bold yellow"),
}
_ACCESSES: Final = {
    Access.OWN: "the account's own credentials",
    Access.ROLE: "a role",
    Access.ROOT_SESSION: "a root session",
    Access.ROOT: "root itself",
    Access.FILES: "saved evidence",
}


def write_answers(answers: KeyAnswers, stream: TextIO, options: RenderOptions) -> None:
    """Write the answers for a person, wrapped to ``options.width`` columns."""
    lines = StringIO()
    console = open_console(lines, options)
    steps: dict[str, int] = {}
    for one in answers.answers:
        if one.advice:
            steps.setdefault(one.advice, len(steps) + 1)
        _print_answer(console, one, steps, answers.finished_at)
    if steps:
        console.print("\nNext steps", style="bold")
        console.print(Padding(labelled((f"[{number}]", Text(printable(step))) for step, number in steps.items()), (0, 0, 0, 2)))
    _print_counts(console, answers)
    write_lines(lines.getvalue(), stream, options)


def _print_answer(console: Console, one: KeyAnswer, steps: dict[str, int], now: datetime) -> None:
    word, style = _WORDS[one.root_key]
    line = Text(f"{word:<12}", style=style)
    line.append(one.asked.id, style="bold")
    line.append(f"  account {printable(one.account_id or 'unknown')}", style="not bold")
    line.append(f"  {printable(one.account_name)}" if one.account_name else "", style="not bold")
    line.append(f"  {one.asked.kind.value} key", style="not bold")
    console.print(line)
    console.print(Padding(labelled(_rows(one, steps, now)), (0, 0, 0, 2)))


def _rows(one: KeyAnswer, steps: dict[str, int], now: datetime) -> Iterator[tuple[str, Text]]:
    yield "why", Text(printable(one.message))
    if one.key is not None:
        yield "key", Text(printable(describe_key(one.key, now)))
    if one.source is not None:
        as_of = to_the_minute(one.as_of)
        yield "source", Text(f"{printable(_source(one.source))}, as of {as_of}")
    if one.advice is not None:
        yield "next step", Text(f"[{steps[one.advice]}] below")


def _source(source: KeySource) -> str:
    by = "" if source.access is None else _ACCESSES[source.access]
    return " by ".join(part for part in (source.path, by) if part)


def _print_counts(console: Console, answers: KeyAnswers) -> None:
    counts = answers.counts()
    console.print(
        f"\n{counted(len(answers.answers), 'id')}: {counts[RootKey.YES]} of the root user, {counts[RootKey.NO]} not, "
        f"{counts[RootKey.UNKNOWN]} unknown",
        style="bold",
    )
