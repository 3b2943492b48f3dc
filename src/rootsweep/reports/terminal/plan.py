"""A plan for a person at a terminal: what needs a person, what is deleted, what is held back, and what comes next.

The management account's keys come first. Steps that several keys share are reported once, with a number.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from io import StringIO
from itertools import groupby
from typing import Final, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rootsweep.core.organization import Account
from rootsweep.core.removal.plan import Action, ActionKind, Plan, Precondition
from rootsweep.core.times import to_the_minute
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.terminal.console import labelled, open_console, write_lines
from rootsweep.reports.wording import counted, describe_key, printable, shell_word

_PRECONDITIONS: Final = {
    Precondition.KEY_EXISTS: "it exists",
    Precondition.KEYS_AS_PLANNED: "the account has no key that the plan does not show",
    Precondition.STATUS_UNCHANGED: "it is as active or inactive as it was",
    Precondition.CREATION_UNCHANGED: "it was created when it was",
    Precondition.NOT_USED_SINCE: "it was not used since",
}
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_SHOWN_IDS: Final = 4
_STEPS_DEPTH: Final = 2


def write_plan_text(  # noqa: PLR0913, PLR0917  a writer takes its stream last
    plan: Plan, digest: str, path: str, caller: str, stream: TextIO, options: RenderOptions
) -> None:
    """Write the plan, wrapped to ``options.width`` columns; ``path`` is the file that holds it.

    ``caller`` are the options of the caller that the commands to run next repeat, quoted, each after a space.
    """
    lines = StringIO()
    console = open_console(lines, options)
    by_hand = [action for action in plan.actions if action.kind is not ActionKind.DELETE_KEY]
    deletions = [action for action in plan.actions if action.kind is ActionKind.DELETE_KEY]
    _print_heading(console, plan)
    _print_by_hand(console, by_hand, plan)
    _print_deletions(console, deletions, plan)
    _print_held_back(console, plan)
    _print_unseen(console, plan)
    _print_end(console, plan, digest, path, caller)
    write_lines(lines.getvalue(), stream, options)


def _print_heading(console: Console, plan: Plan) -> None:
    whose = f" for organization {printable(plan.organization_id)}" if plan.organization_id else ""
    console.print(Text(f"Plan{whose}", style="bold"))
    console.print(f"by an audit of {counted(plan.accounts, 'account')} that ended {to_the_minute(plan.as_of)}\n")
    if not plan.actions and not plan.held_back:
        console.print(Text("Nothing to remove: no root access key was seen.\n", style="bold"))


def _print_by_hand(console: Console, actions: Sequence[Action], plan: Plan) -> None:
    if not actions:
        return
    console.print(_section("BY HAND", f"{counted(len(actions), 'key')} that root itself must remove", "bold red"))
    runbooks = _Runbooks(actions)
    for account, keys in _by_account(actions):
        rows: list[tuple[str, str]] = []
        for action in keys:
            rows += [("key", describe_key(action.key, plan.created_at)), ("steps", f"[{runbooks.number(action)}] below")]
        _print_account(console, account, rows)
    for number, steps in enumerate(runbooks.shown(), 1):
        _print_steps(console, number, steps)


class _Runbooks:
    """The runbooks of actions, numbered: those that differ in their ids alone are one."""

    def __init__(self, actions: Sequence[Action]) -> None:
        self._actions: dict[tuple[str, ...], list[Action]] = {}
        for action in actions:
            self._actions.setdefault(_general(action), []).append(action)

    def number(self, action: Action) -> int:
        return list(self._actions).index(_general(action)) + 1

    def shown(self) -> Iterator[tuple[str, ...]]:
        """Return each as it is to be shown: with its ids where it is of one key, else with words in their place."""
        for general, actions in self._actions.items():
            yield actions[0].runbook if len(actions) == 1 else general


def _general(action: Action) -> tuple[str, ...]:
    key = action.key
    steps = (step.replace(key.id, "KEY_ID") if key.id else step for step in action.runbook)
    return tuple(step.replace(key.account.id, "ACCOUNT_ID") for step in steps)


def _print_steps(console: Console, number: int, steps: Iterable[str]) -> None:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for place, step in enumerate(steps, 1):
        label = f"[{number}] {place}." if place == 1 else f"{place}."
        sentence, *commands = _printable_lines(step)
        grid.add_row(Text(label.rjust(len(f"[{number}] 99."))), Text(sentence))
        for line in commands:
            grid.add_row("", Text(line, style="cyan"))
    console.print(Padding(grid, (0, 0, 1, _STEPS_DEPTH)))


def _printable_lines(step: str) -> list[str]:
    """Take the lines of a step apart, each safe to show."""
    return [printable(line) for line in step.split("\n")]


def _print_deletions(console: Console, actions: Sequence[Action], plan: Plan) -> None:
    if not actions:
        return
    accounts = len({action.key.account.id for action in actions})
    what = f"{counted(len(actions), 'key')} in {counted(accounts, 'account')}, by root sessions"
    console.print(_section("DELETE", what, "bold yellow"))
    for account, keys in _by_account(actions):
        _print_account(console, account, [("key", describe_key(action.key, plan.created_at)) for action in keys])
    used = [one for one in Precondition if any(one in action.preconditions for action in actions)]
    conditions = "; ".join(_PRECONDITIONS[one] for one in used)
    text = Text(f"Each is looked at again just before, and deleted only if all of this holds: {conditions}. ")
    text.append("A deleted key cannot be recovered.", style="bold")
    console.print(Padding(text, (0, 0, 1, 2)))


def _print_held_back(console: Console, plan: Plan) -> None:
    if not plan.held_back:
        return
    console.print(_section("HELD BACK", f"{counted(len(plan.held_back), 'key')}, not acted on", "bold yellow"))
    for account, group in groupby(plan.held_back, key=lambda held: held.key.account):
        rows: list[tuple[str, str]] = []
        for held in group:
            rows += [("key", describe_key(held.key, plan.created_at)), ("why", held.message)]
            rows += [("release", held.release)] if held.release else []
        _print_account(console, account, rows)


def _print_unseen(console: Console, plan: Plan) -> None:
    if not (plan.unread or plan.incomplete_because):
        return
    console.print(_section("NOT COVERED", "what could not be read", "bold yellow"))
    if plan.unread:
        shown = ", ".join(plan.unread[:_SHOWN_IDS])
        more = len(plan.unread) - _SHOWN_IDS
        ids = f"{shown} and {more:,} more" if more > 0 else shown
        text = f"{counted(len(plan.unread), 'account')} could not be read: {ids}. `rootsweep audit` shows what opens them."
        console.print(Padding(Text(printable(text)), (0, 0, 0, 2)))
    if plan.incomplete_because:
        text = f"The audit is incomplete, keys may be missing: {plan.incomplete_because}."
        console.print(Padding(Text(printable(text)), (0, 0, 0, 2)))
    console.print()


def _print_end(console: Console, plan: Plan, digest: str, path: str, caller: str) -> None:
    guards = plan.guards
    limits = (
        f"{counted(guards.max_accounts, 'account')}, and {guards.max_share * 100:g}% of those audited; "
        f"used within {_span(guards.min_idle)} or younger than {_span(guards.min_age)} is held back"
    )
    rows = [("limits", limits)]
    if guards.allow_recent:
        rows.append(("", f"allowed in spite of their last use: {', '.join(guards.allow_recent)}"))
    rows += [("expires", to_the_minute(plan.expires_at)), ("plan", path), ("digest", digest)]
    _print_rows(console, rows, 0)
    console.print()
    _print_outcome(console, plan)
    if any(action.kind is ActionKind.DELETE_KEY for action in plan.actions):
        console.print(Text("\nNext", style="bold"))
        for command in ("rehearse", "quarantine on", "apply"):
            console.print(Text(f"  rootsweep {command} {shell_word(path)}{caller}"), soft_wrap=True)


def _print_outcome(console: Console, plan: Plan) -> None:
    """Return whether rootsweep can remove every key, and else what it cannot."""
    if plan.is_complete:
        done = "rootsweep can remove every key that was seen" if plan.actions else "There is nothing to remove"
        console.print(Text(f"{done}; nothing is held back, and every account was read.", style="bold green"))
        return
    by_hand = sum(action.kind is not ActionKind.DELETE_KEY for action in plan.actions)
    parts = {
        f"{counted(by_hand, 'key')} by hand": by_hand > 0,
        f"{counted(len(plan.held_back), 'key')} held back": bool(plan.held_back),
        f"{counted(len(plan.unread), 'account')} not read": bool(plan.unread),
        "the audit is incomplete": plan.incomplete_because is not None,
        "no account was looked at": plan.accounts == 0,
    }
    left = ", ".join(part for part, applies in parts.items() if applies)
    console.print(Text(f"This plan does not cover everything: {left}.", style="bold yellow"))


def _section(title: str, what: str, style: str) -> Text:
    return Text(f"{title:<18}", style=style).append(what, style="not bold default")


def _by_account(actions: Iterable[Action]) -> Iterator[tuple[Account, list[Action]]]:
    for account, group in groupby(actions, key=lambda action: action.key.account):
        yield account, list(group)


def _print_account(console: Console, account: Account, rows: Iterable[tuple[str, str]]) -> None:
    heading = Text(account.id, style="bold")
    words = [account.name, account.partition, "management account" if account.is_management_account else None]
    heading.append("".join(f"  {printable(word)}" for word in words if word), style="not bold")
    console.print(Padding(heading, (0, 0, 0, 2)))
    _print_rows(console, rows, 4)
    console.print()


def _print_rows(console: Console, rows: Iterable[tuple[str, str]], depth: int) -> None:
    texts = ((label, Text(printable(text))) for label, text in rows)
    console.print(Padding(labelled(texts, label_width=7), (0, 0, 0, depth)))


def _span(span: timedelta) -> str:
    """Write ``90 days`` or ``36 hours``, and what is neither in seconds."""
    for unit, noun in ((_DAY, "day"), (_HOUR, "hour")):
        if span >= unit and not span % unit:
            return counted(span // unit, noun)
    return f"{span.total_seconds():,.0f} seconds"
