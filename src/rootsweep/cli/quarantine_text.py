"""What a person is shown of a quarantine, and what the person confirms."""

import sys
from collections.abc import Collection, Iterable
from typing import Final

import click

from rootsweep.errors import UsageError
from rootsweep.remediation.quarantine.accounts import MANAGEMENT_ACCOUNT
from rootsweep.remediation.quarantine.results import AccountResult

_TYPED_IDS: Final = 5
"""Up to so many accounts are named by typing their ids; more, by typing the plan's digest."""


def confirm(account_ids: Collection[str], digest: str, given: str | None, what: str) -> None:
    """Have the person name the accounts; ``what`` says what happens to them. Raises ``UsageError`` for anything else."""
    if given is not None:
        if given != digest:
            raise UsageError("--confirm is not the digest of this plan", "show the plan again, and confirm what it says")
        return
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to confirm", f"give --confirm {digest} if the plan is what you want")
    click.echo(what)
    for account_id in account_ids:
        click.echo(f"  {account_id}")
    by_ids = 0 < len(account_ids) <= _TYPED_IDS
    wanted = " ".join(account_ids) if by_ids else digest
    named = "their ids, separated by blanks" if by_ids else f"the plan's digest, {digest}"
    typed = click.prompt(f"To go on type {named}", prompt_suffix=":\n", default="", show_default=False)
    if sorted(typed.split()) != sorted(wanted.split()):
        raise UsageError("what was typed does not name these accounts: nothing was changed", "run it again")


def show_refused(account_ids: Iterable[str]) -> None:
    """Tell of the management account, whose keys are active and which no policy binds."""
    for account_id in account_ids:
        show_line("REFUSED", account_id, f"{MANAGEMENT_ACCOUNT.problem}; {MANAGEMENT_ACCOUNT.advice}")


def show_results(results: Iterable[AccountResult]) -> list[AccountResult]:
    """Print each result as it comes, and give all of them."""
    shown: list[AccountResult] = []
    for result in results:
        show_line(result.result.value.upper(), result.account_id, result.detail)
        shown.append(result)
    return shown


def show_line(word: str, account_id: str, detail: str) -> None:
    """Print a word about an account, and a sentence below it."""
    click.echo(f"{word:<20} {account_id}")
    say(detail)


def say(sentence: str) -> None:
    """Print a sentence below an account; it is not wrapped, so that a command in it can be copied."""
    click.echo(f"    {printable(sentence)}")


def printable(text: str) -> str:
    """Escape what a terminal would not show as it is."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
