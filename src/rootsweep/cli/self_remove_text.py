"""What ``rootsweep self-remove`` tells, in lines of at most 80 columns."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

import click

from rootsweep.cli.results import say
from rootsweep.core.evidence import AccessKey, KeyStatus
from rootsweep.core.finding import KeyRow
from rootsweep.core.removal.result import ResultCode
from rootsweep.core.removal.self_removal import DEFAULT_MIN_INACTIVE, Change, Decision, Step
from rootsweep.core.times import to_the_minute
from rootsweep.reports.wording import describe_age, describe_last_use, printable, shell_word

_WIDTH: Final = 80
_PROGRAM: Final = "rootsweep self-remove"


def show_keys(
    account_id: str, keys: Iterable[AccessKey], calling_id: str | None, deactivated: Mapping[str, datetime], now: datetime
) -> None:
    """Print each key: its id, status, age and last use, whether it calls, and since when the journal holds it inactive."""
    click.echo(f"Access keys of the root user of account {account_id}:")
    listed = tuple(keys)
    if not listed:
        click.echo("  none")
    for key in listed:
        row = KeyRow(key.id, None, key.status, key.created_at, None, key.last_use)
        its_own = "  <- calls now" if key.id == calling_id else ""
        click.echo(printable(f"  {key.id}  {key.status.value:<8}  {describe_age(row, now)}{its_own}"))
        say(describe_last_use(key.last_use), " " * 6)
        since = deactivated.get(key.id)
        if since is not None and key.status is KeyStatus.INACTIVE:
            until = since + DEFAULT_MIN_INACTIVE
            say(f"deactivated at {to_the_minute(since)}, by the journal; may be deleted from {to_the_minute(until)}", " " * 6)
    click.echo()


def show_next_steps(keys: Collection[AccessKey], calling_id: str | None, options: Mapping[str, str | None]) -> None:
    """Print what to do about the keys, as calls of this command with the same ``options``."""
    call = _call(options)
    others = [key for key in keys if key.id != calling_id]
    active = [key.id for key in others if key.status is not KeyStatus.INACTIVE]
    inactive = [key.id for key in others if key.status is KeyStatus.INACTIVE]
    own = [key.id for key in keys if key.id == calling_id]
    click.echo("What to do, in this order; nothing was changed yet:")
    if active:
        say("Move what uses the active keys to IAM roles, then deactivate them, which `--undo` takes back:", " " * 2)
        _call_lines(call, (f"--deactivate {key_id}" for key_id in active))
    if active or inactive:
        say("Once nothing has missed an inactive key for a while, delete it; a deleted key cannot be recovered:", " " * 2)
        _call_lines(call, (f"--delete {key_id}" for key_id in (*inactive, *active)))
    if own:
        say("Delete the key that calls, last:" if others else "Delete the key that calls:", " " * 2)
        _call_lines(call, (f"--delete {key_id}" for key_id in own))


def show_decision(decision: Decision, change: Change) -> None:
    """Print the keys that need nothing, and those that are left as they are, with why and what would release them."""
    words = {Change.DEACTIVATE: "inactive already", Change.REACTIVATE: "active already", Change.DELETE: "not listed"}
    for key_id in decision.already:
        click.echo(f"{'NOTHING TO DO':<20} {key_id}  {words[change]}")
    for held in decision.held_back:
        click.echo(f"{'HELD BACK':<20} {printable(held.key_id)}")
        say(f"{held.message}; {held.advice}")


def show_steps(steps: Iterable[Step]) -> None:
    """Print what will be done, for a person to confirm."""
    words = {
        Change.DEACTIVATE: "will be made inactive",
        Change.REACTIVATE: "will be made active again",
        Change.DELETE: "will be deleted for good",
    }
    for step in steps:
        its_own = ", last: it is the key that calls" if step.is_own else ""
        click.echo(f"  {step.key.id}  {step.key.status.value:<8}  {words[step.change]}{its_own}")


def show_proof_from_elsewhere(account_id: str, region: str, outcome: ResultCode) -> None:
    """Print how other credentials prove that no key is left; ``outcome`` is that of the deletion of the calling key."""
    if outcome is ResultCode.DELETED:
        tell("No root access key is left: the others were seen to be gone before the key that called was deleted.")
        tell("A deleted key can ask nothing any more. To have it proven once more, use other credentials of the account:")
    else:
        tell("Whether the key that called is gone it cannot tell itself. Use other credentials of the account:")
    click.echo(f"  rootsweep audit --account {account_id} --region {region}")


def show_unknown_key(account_id: str, region: str, key_id: str) -> None:
    """Print that the calling key, which was to be deleted, is one that AWS does not know, and how to verify that it is gone."""
    click.echo(f"{ResultCode.NOT_VERIFIED.value.upper():<20} {key_id}")
    say("AWS does not know the calling key, which the journal says was to be deleted; most likely it is gone")
    show_proof_from_elsewhere(account_id, region, ResultCode.NOT_VERIFIED)


def tell(sentence: str) -> None:
    """Print a sentence."""
    say(sentence, indent="")


def _call(options: Mapping[str, str | None]) -> str:
    given = (f"{name} {shell_word(value)}" for name, value in options.items() if value is not None)
    return " ".join([_PROGRAM, *given])


def _call_lines(call: str, arguments: Iterable[str]) -> None:
    for line in _lines(call, arguments):
        click.echo(line)


def _lines(call: str, arguments: Iterable[str]) -> Iterator[str]:
    """Return a call in one line, or with its options on lines of their own where it is longer than a line."""
    given = list(arguments)
    line = f"    {call} {' '.join(given)}"
    if len(line) <= _WIDTH:
        yield line
        return
    yield f"    {call} \\"
    for argument in given[:-1]:
        yield f"      {argument} \\"
    yield f"      {given[-1]}"
