"""What a person is shown of a quarantine, and what the person confirms."""

from collections.abc import Collection, Iterable

import click

from rootsweep.cli.removal.plan_confirmation import Question
from rootsweep.remediation.quarantine.accounts import MANAGEMENT_ACCOUNT
from rootsweep.remediation.quarantine.results import AccountResult
from rootsweep.reports.plain_text import printable


def question(account_ids: Collection[str], what: str) -> Question:
    """Ask the person to name the accounts; ``what`` says what happens to them."""
    otherwise = "what was typed does not name these accounts: nothing was changed"
    return Question(what, account_ids, account_ids, "To go on", otherwise)


def show_refused(account_ids: Iterable[str]) -> None:
    """Tell of the management account, whose keys are active and which no policy binds."""
    for account_id in account_ids:
        show_line("REFUSED", account_id, f"{MANAGEMENT_ACCOUNT.problem}; {MANAGEMENT_ACCOUNT.advice}")


def show_result(result: AccountResult) -> None:
    """Print a result: the account, and a sentence below it."""
    show_line(result.result.value.upper(), result.account_id, result.detail)


def show_line(word: str, account_id: str, detail: str) -> None:
    """Print a word about an account, and a sentence below it."""
    click.echo(f"{word:<20} {account_id}")
    say(detail)


def say(sentence: str) -> None:
    """Print a sentence below an account; it is not wrapped, so that a command in it can be copied."""
    click.echo(f"    {printable(sentence)}")
