"""A journal for a person at a terminal: a line an entry, what has no outcome marked, and whether the chain is whole."""

from collections.abc import Iterable
from datetime import date
from io import StringIO
from typing import Final, TextIO, assert_never

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rootsweep.core.removal.journal import Entry, ExpectedHead, Inspection, Intent, Note, Outcome, PlanOpened, TornLine
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.terminal.console import open_console, write_lines
from rootsweep.reports.wording import counted, printable

_INDENT: Final = 16
"""Columns before an account: the number of the line and the time of the day."""

_SHOWN_OF_A_DIGEST: Final = 12


def write_journal(inspection: Inspection, stream: TextIO, options: RenderOptions) -> None:
    """Write the entries, wrapped to ``options.width`` columns, and what their verification gave."""
    lines = StringIO()
    console = open_console(lines, options)
    unfinished = {entry.sequence for entry in inspection.unfinished}
    day: date | None = None
    for entry in inspection.entries:
        if entry.at.date() != day:
            day = entry.at.date()
            console.print(Text(f"{day} UTC", style="bold"))
        _print_entry(console, entry, is_unfinished=entry.sequence in unfinished)
    if inspection.entries:
        console.print()
    _print_result(console, inspection)
    write_lines(lines.getvalue(), stream, options)


def _print_entry(console: Console, entry: Entry, *, is_unfinished: bool) -> None:
    line = Text(f"{entry.sequence + 1:>4}  {entry.at:%H:%M:%S}  ")
    line.append(_place(entry), style="bold")
    style = "bold yellow" if is_unfinished else ""
    what = Text(_what(entry) + (", NO OUTCOME" if is_unfinished else ""), style=style)
    if line.cell_len + what.cell_len <= console.width:
        console.print(line.append_text(what))
    else:
        console.print(line)
        console.print(_below(what))
    for detail in _details(entry):
        console.print(_below(Text(printable(detail), style="dim")))


def _below(text: Text) -> Padding:
    text.overflow = "fold"
    return Padding(text, (0, 0, 0, _INDENT))


def _place(entry: Entry) -> str:
    """Return the account and the key, in columns where these are what AWS calls so."""
    match entry.payload:
        case Intent(account_id=account_id, key_id=key_id) | Outcome(account_id=account_id, key_id=key_id):
            return f"{printable(account_id):<12}  {printable(key_id or ''):<20}  "
        case PlanOpened() | TornLine() | Note():
            return ""
        case _:
            assert_never(entry.payload)


def _what(entry: Entry) -> str:
    match entry.payload:
        case PlanOpened(command=command, tool_version=version):
            return f"plan opened: {command.value}, by rootsweep {printable(version)}"
        case Intent(action=action):
            return f"intent: {printable(action)}"
        case Outcome(action=action, outcome=outcome):
            return f"{printable(action)}: {printable(outcome)}"
        case TornLine(length=length):
            return f"a line that a crash had cut off was replaced: {counted(length, 'byte')}"
        case Note(text=text):
            return f"note: {printable(text)}"
        case _:
            assert_never(entry.payload)


def _details(entry: Entry) -> Iterable[str]:
    match entry.payload:
        case PlanOpened() as plan:
            yield f"plan {plan.plan_digest[:_SHOWN_OF_A_DIGEST]}"
            yield f"by {plan.caller_arn}"
            if plan.organization_id is not None:
                yield f"organization {plan.organization_id}"
        case Outcome(detail=str() as detail):
            yield detail
        case TornLine(digest=digest):
            yield digest
        case _:
            return


def _print_result(console: Console, inspection: Inspection) -> None:
    verification = inspection.verification
    if inspection.unfinished:
        lines = ", ".join(str(entry.sequence + 1) for entry in inspection.unfinished)
        console.print(
            f"{counted(len(inspection.unfinished), 'intent')} without an outcome (line {lines}): whether AWS has acted is not "
            "known. Look at the account.",
            style="bold yellow",
        )
    if verification.torn_bytes:
        console.print(
            f"The last line is not whole, {counted(verification.torn_bytes, 'byte')}: a crash has cut it off, or another "
            "rootsweep is writing it.",
            style="bold yellow",
        )
    if inspection.expected_head is not None:
        _print_expected_head(console, inspection.expected_head, verification.entries)
    if verification.problem is not None:
        console.print(printable(verification.problem), style="bold red")
        console.print(f"{_entries(verification.entries)}, then the chain is broken", style="bold red")
    else:
        console.print(f"{_entries(verification.entries)}, chain intact, head {verification.head}", style="bold green")


def _print_expected_head(console: Console, expected: ExpectedHead, entries: int) -> None:
    if expected.line is None:
        console.print(
            f"No entry has the expected head {expected.hash}: the end was cut off, or the journal was changed.",
            style="bold red",
        )
    elif expected.line == entries:
        console.print("The head is the expected one.")
    else:
        console.print(f"The expected head is that of line {expected.line}; {_entries(entries - expected.line)} came after it.")


def _entries(number: int) -> str:
    return f"{number:,} {'entry' if number == 1 else 'entries'}"
