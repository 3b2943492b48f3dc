"""``rootsweep self-remove``: the root user deactivates and deletes its own access keys, the calling one last."""

import sys
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

import click

from rootsweep.auditing.request import CallerOptions
from rootsweep.cli import clock, self_remove_text
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.options.types import Duration, caller_options
from rootsweep.cli.results import CarriedOut, carry_out
from rootsweep.core.answer import Refusal
from rootsweep.core.evidence import AccessKey
from rootsweep.core.key_answer import KeyKind
from rootsweep.core.parsing.access_key_id import account_of_access_key, parse_access_key_id
from rootsweep.core.removal.journal import Entry, Intent, PlanOpened, RemediationCommand
from rootsweep.core.removal.result import ResultCode
from rootsweep.core.removal.self_removal import (
    DEFAULT_MIN_INACTIVE,
    Change,
    Decision,
    Request,
    Step,
    deactivated_by_journal,
    decide,
    digest_for,
)
from rootsweep.errors import CannotRunError, UsageError
from rootsweep.remediation.on_aws.root_keys import CallingRoot, UnknownKey, open_root_user
from rootsweep.remediation.self_removal import UNKNOWN_KEY_CODE, SelfRemoval, settle_unknown_key
from rootsweep.storage.journal import Journal, read_journal
from rootsweep.version import __version__

ALL: Final = "all"
"""Stands for every key."""


class KeyIdOrAll(click.ParamType[str]):
    """The id of a long-term access key, or ``all``."""

    name = "access key id"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the form."""
        given = str(value).strip()
        if given.lower() == ALL:
            return ALL
        asked = parse_access_key_id(given)
        if asked is None or asked.kind is not KeyKind.LONG_TERM:
            self.fail(f"{value!r} is not the id of an access key; give AKIA and 16 more characters, or all", param, ctx)
        return asked.id


def check_options(
    delete: Collection[str], *, including_own: bool, without_waiting: bool, min_inactive: timedelta | None
) -> None:
    """Raise ``click.UsageError`` for options that are invalid together."""
    if including_own and ALL not in delete:
        raise click.UsageError("--including-own goes with --delete all; else give --delete the id of the key.")
    if (without_waiting or min_inactive is not None) and not delete:
        raise click.UsageError("--without-waiting and --min-inactive go with --delete.")
    if without_waiting and min_inactive is not None:
        raise click.UsageError("--without-waiting waits for nothing: leave --min-inactive out.")


def make_request(
    changes: Mapping[Change, tuple[str, ...]], *, including_own: bool, without_waiting: bool, min_inactive: timedelta | None
) -> Request | None:
    """Put the options together; None where nothing is to be changed.

    ``changes`` gives the ids, or ALL, that were named for each change. Raises ``click.UsageError`` where these are invalid.
    """
    asked = [(change, ids) for change, ids in changes.items() if ids]
    if len(asked) > 1:
        raise click.UsageError("Give one of --deactivate, --undo and --delete at a time.")
    if not asked:
        return None
    change, ids = asked[0]
    if ALL in ids and len(set(ids)) > 1:
        raise click.UsageError(f"Name keys, or {ALL}, and not both.")
    return Request(
        change,
        None if ALL in ids else frozenset(ids),
        including_own=including_own,
        without_waiting=without_waiting,
        min_inactive=min_inactive or DEFAULT_MIN_INACTIVE,
    )


@click.command("self-remove")
@click.option("--deactivate", type=KeyIdOrAll(), multiple=True, metavar="KEYID", help="Deactivate a key; or all. Repeatable.")
@click.option("--undo", is_flag=True, help="Reactivate the keys that the journal shows as deactivated.")
@click.option("--delete", type=KeyIdOrAll(), multiple=True, metavar="KEYID", help="Delete a key; or all. Repeatable.")
@click.option("--including-own", is_flag=True, help="With --delete all: also delete the calling key, last.")
@click.option("--without-waiting", is_flag=True, help="Delete keys even if they are active or were deactivated only recently.")
@click.option(
    "--min-inactive",
    type=Duration(),
    metavar="TIME",
    show_default="7d",
    help="How long a key must have been deactivated before it is deleted.",
)
@click.option(
    "--confirm", metavar="ID[,ID...]", help="Key ids to change, to confirm non-interactively; otherwise you are prompted."
)
@click.option(
    "--journal", metavar="FILE", help="Journal file (default: rootsweep-self-remove-ACCOUNT.journal.jsonl in this directory)."
)
@caller_options
@click.option(
    "--timeout",
    type=Duration(),
    default="2m",
    metavar="TIME",
    show_default=True,
    help="How long to wait until AWS confirms each change.",
)
def command(  # noqa: PLR0913  one parameter an option
    *,
    deactivate: tuple[str, ...],
    undo: bool,
    delete: tuple[str, ...],
    including_own: bool,
    without_waiting: bool,
    min_inactive: timedelta | None,
    confirm: str | None,
    journal: str | None,
    profile: str | None,
    region: str | None,
    timeout: timedelta,
) -> int:
    """Remove the access keys of the root user, as that user, in an account that nothing else can reach.

    Without an option it shows the keys and what to do. The key that calls is never deactivated, and is deleted last.

    \b
    rootsweep self-remove
    rootsweep self-remove --deactivate all
    rootsweep self-remove --delete all --including-own
    """  # noqa: D301  click reads the backspace as "keep these lines"
    check_options(delete, including_own=including_own, without_waiting=without_waiting, min_inactive=min_inactive)
    request = make_request(
        {Change.DEACTIVATE: deactivate, Change.REACTIVATE: (ALL,) if undo else (), Change.DELETE: delete},
        including_own=including_own,
        without_waiting=without_waiting,
        min_inactive=min_inactive,
    )
    if request is None and confirm is not None:
        raise click.UsageError("--confirm names keys that will be changed: add --deactivate, --undo or --delete.")
    root = open_root_user(
        CallerOptions(profile, region, timeout), clock.now, lambda key_id: _was_to_be_deleted(journal, key_id)
    )
    if isinstance(root, UnknownKey):
        return _settle(journal, root.key_id, root.region)
    path = _journal_path(journal, root.account_id)
    listed = root.user.list_keys()
    if isinstance(listed, Refusal):
        if listed.error_code == UNKNOWN_KEY_CODE and root.key_id is not None and _was_to_be_deleted(journal, root.key_id):
            return _settle(journal, root.key_id, root.region)
        raise CannotRunError(listed.problem, listed.advice)
    keys = listed.value
    entries = _entries(path)
    self_remove_text.show_keys(root.account_id, keys, root.key_id, deactivated_by_journal(entries, root.account_id), root.now)
    if request is None:
        return _show_what_to_do(root, keys, {"--profile": profile, "--region": _given(region), "--journal": journal})
    return _change(root, keys, request, path, confirm)


def _show_what_to_do(root: CallingRoot, keys: tuple[AccessKey, ...], options: dict[str, str | None]) -> ExitCode:
    if keys:
        self_remove_text.show_next_steps(keys, root.key_id, options)
        return ExitCode.REMEDIATION_INCOMPLETE
    return _conclude(root, everything_done=True)


def _given(region: str | None) -> str | None:
    """Return the Region if it was an option; what the environment holds is there the next time too."""
    source = click.get_current_context().get_parameter_source("region")
    return region if source is click.core.ParameterSource.COMMANDLINE else None


def _change(root: CallingRoot, keys: tuple[AccessKey, ...], request: Request, path: Path, confirm: str | None) -> ExitCode:
    _check_accounts(request.key_ids or (), root.account_id)
    decision = decide(keys, root.key_id, deactivated_by_journal(_entries(path), root.account_id), request, root.now)
    self_remove_text.show_decision(decision, request.change)
    if request.change is Change.REACTIVATE and decision == Decision((), (), ()):
        self_remove_text.tell(
            f"The journal {path} names no key that it deactivated, and that was neither activated again nor deleted."
        )
    _confirm(decision, {key.id for key in keys}, confirm)
    carried_out: CarriedOut[Step] = CarriedOut([])
    if decision.steps or path.exists():
        with Journal.open(path, clock.now) as journal:
            removal = SelfRemoval.of(root.account_id, root.user, journal, root.backoff.pauses)
            removal.settle(keys)
            if decision.steps:
                digest = digest_for(root.account_id)
                journal.append(PlanOpened(digest, None, root.arn, __version__, RemediationCommand.SELF_REMOVE))
                carried_out = carry_out(removal.run(decision.steps, {key.id for key in keys}), lambda step: step.key.id)
    results = carried_out.results
    everything_done = all(result.is_done for result in results) and not decision.held_back
    if results and results[-1].subject.is_own and results[-1].code in {ResultCode.DELETED, ResultCode.NOT_VERIFIED}:
        self_remove_text.show_proof_from_elsewhere(root.account_id, root.region, results[-1].code)
        return carried_out.exit_code(ExitCode.PROVEN if everything_done else ExitCode.REMEDIATION_INCOMPLETE)
    return carried_out.exit_code(_conclude(root, everything_done=everything_done))


def _conclude(root: CallingRoot, *, everything_done: bool) -> ExitCode:
    """Look once more, tell what is left, and give the exit code: 0 only where no key is left and everything is done."""
    listed, flag = root.user.list_keys(), root.user.read_flag()
    if isinstance(listed, Refusal):
        self_remove_text.tell(f"What is left could not be seen: {listed.sentence}.")
    elif listed.value:
        self_remove_text.tell(f"Root access keys that are left: {', '.join(key.id for key in listed.value)}.")
    elif isinstance(flag, Refusal):
        self_remove_text.tell(f"AWS lists no key, which the account summary could not confirm: {flag.sentence}.")
    elif flag.value or root.key_id is not None:
        self_remove_text.tell(
            "AWS lists no key, but the account summary or the caller still shows one: run it again in a few minutes."
        )
    else:
        self_remove_text.tell("No root access key is left, by the list of the keys and by the account summary.")
        return ExitCode.PROVEN if everything_done else ExitCode.REMEDIATION_INCOMPLETE
    return ExitCode.REMEDIATION_INCOMPLETE


def _settle(journal: str | None, key_id: str, region: str) -> ExitCode:
    """Journal and tell what can be said of a calling key that was to be deleted and that AWS does not know.

    Raises ``CannotRunError`` where the journal has told it before.
    """
    with Journal.open(_journal_path(journal, account_of_access_key(key_id) or ""), clock.now) as opened:
        account_id = settle_unknown_key(opened, key_id)
    if account_id is None:
        raise CannotRunError(
            "AWS does not know the calling key, which the journal says was to be deleted: most likely it is gone",
            "verify with other credentials of the account, by `rootsweep audit`",
        )
    self_remove_text.show_unknown_key(account_id, region, key_id)
    return ExitCode.REMEDIATION_INCOMPLETE


def _check_accounts(key_ids: Iterable[str], account_id: str) -> None:
    for key_id in sorted(key_ids):
        its_account = account_of_access_key(key_id)
        if its_account not in {None, account_id}:
            raise UsageError(
                f"key {key_id} is of account {its_account}, and the credentials are of {account_id}",
                "name keys of the account, or choose other credentials with --profile",
            )


def _confirm(decision: Decision, listed: Collection[str], confirm: str | None) -> None:
    """Have the person name what will be changed; raises ``UsageError`` for anything else."""
    steps = decision.steps
    ids = [step.key.id for step in steps]
    if not ids:
        return
    if confirm is not None:
        # A run that was interrupted is repeated as it was: what needs nothing any more, or is gone, may be named.
        if (set(confirm.replace(",", " ").split()) & set(listed)) - set(decision.already) != set(ids):
            raise UsageError("--confirm does not name exactly the keys that will be changed: nothing was changed", _naming(ids))
        return
    if not sys.stdin.isatty():
        raise UsageError(
            "cannot prompt for confirmation, so nothing was changed: standard input is not a terminal", _naming(ids)
        )
    _ask_to_type(steps, ids)


def _ask_to_type(steps: Iterable[Step], ids: Collection[str]) -> None:
    self_remove_text.show_steps(steps)
    typed = click.prompt("To confirm, type the ids, separated by spaces", prompt_suffix=":\n", default="", show_default=False)
    if sorted(typed.replace(",", " ").split()) != sorted(ids):
        raise UsageError("what was typed does not name these keys: nothing was changed", "run it again")


def _naming(ids: Collection[str]) -> str:
    return f"pass --confirm {','.join(ids)}"


def _journal_path(given: str | None, account_id: str) -> Path:
    return Path(given or f"rootsweep-self-remove-{account_id}.journal.jsonl")


def _entries(path: Path) -> tuple[Entry, ...]:
    """Read the journal where there is one; raises ``UsageError`` for one that was changed."""
    return tuple(read_journal(path)) if path.exists() else ()


def _was_to_be_deleted(journal: str | None, key_id: str) -> bool:
    """Return whether the journal holds an intent to delete this key."""
    account_id = account_of_access_key(key_id)
    if journal is None and account_id is None:
        return False
    payloads = [entry.payload for entry in _entries(_journal_path(journal, account_id or ""))]
    return any(isinstance(one, Intent) and (one.key_id, one.action) == (key_id, Change.DELETE) for one in payloads)
