"""``rootsweep exception list`` and ``check`` for a person: a block an exception, those to act on first."""

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final, TextIO

from rich.padding import Padding
from rich.text import Text

from rootsweep.core.finding import ExceptionRule, ExceptionState, ReviewedException
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.terminal.console import labelled, open_console, write_lines
from rootsweep.reports.wording import counted, printable

_WORDS: Final = {
    ExceptionState.EXPIRED: ("EXPIRED", "bold red", "it has expired: remove the key, or renew the exception"),
    ExceptionState.ANOTHER_KEY: ("VOID", "bold red", "the account has a key that no exception names"),
    ExceptionState.ACTIVE_AGAIN: ("VOID", "bold red", "the key was inactive when it was granted, and is so no longer"),
    ExceptionState.KEY_NOT_SEEN: ("NOT SEEN", "bold yellow", "the run does not show its key"),
    ExceptionState.NO_LONGER_NEEDED: ("NOT NEEDED", "cyan", "the account is proven to have no root access key: take it out"),
    ExceptionState.IN_FORCE: ("IN FORCE", "bold green", None),
}


def write_exceptions(reviewed: Sequence[ReviewedException], path: str, stream: TextIO, options: RenderOptions) -> None:
    """Write the exceptions that the file at ``path`` grants."""
    lines = StringIO()
    console = open_console(lines, options)
    for one in sorted(reviewed, key=_worst_first):
        word, style, remark = _WORDS[one.state]
        heading = Text(f"{word:<12}", style=style)
        console.print(heading.append(f"{one.rule.account_id}  {_key(one.rule)}", style="not bold"))
        rows = ((label, Text(printable(text))) for label, text in _rows(one, remark))
        console.print(Padding(labelled(rows, label_width=9), (0, 0, 1, 2)))
    valid = sum(one.state is ExceptionState.IN_FORCE for one in reviewed)
    console.print(f"{valid} of {counted(len(reviewed), 'exception')} in force, by {printable(path)}", style="bold")
    write_lines(lines.getvalue(), stream, options)


def _worst_first(one: ReviewedException) -> tuple[int, int, str]:
    return list(_WORDS).index(one.state), one.days_left, one.rule.account_id


def _key(rule: ExceptionRule) -> str:
    named = rule.key_id or f"created or last changed {rule.last_rotated_at:%Y-%m-%dT%H:%M:%SZ}"
    return f"{named} ({rule.status.value.lower()})"


def _rows(one: ReviewedException, remark: str | None) -> Iterable[tuple[str, str]]:
    granted = one.rule.granted
    if remark is not None:
        yield "why", remark
    yield "owner", granted.owner
    yield "reason", granted.reason
    yield "ticket", granted.ticket or "none"
    day = f"{granted.expires_at:%Y-%m-%d}"
    days = counted(abs(one.days_left), "day")
    yield "expires", f"{day}, in {days}" if one.days_left >= 0 else f"{day}, {days} ago"
