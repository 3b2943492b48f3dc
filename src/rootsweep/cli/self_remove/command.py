"""``rootsweep self-remove``: the root user deactivates and deletes its own access keys, the calling one last."""

import sys
from collections.abc import Collection, Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rootsweep import __version__
from rootsweep.cli import clock
from rootsweep.cli.carried_out import CarriedOut, carry_out
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.option_groups import caller_options
from rootsweep.cli.parameters import Duration
from rootsweep.cli.self_remove import text
from rootsweep.cli.self_remove.request import ALL, KeyIdOrAll, check_options, make_request
from rootsweep.documents.access_key_id import account_of_access_key
from rootsweep.errors import CannotRunError, UsageError
from rootsweep.model.evidence import AccessKey
from rootsweep.model.journal import Entry, Intent, PlanOpened, RemediationCommand
from rootsweep.model.self_removal import Change, Decision, Request, Step, StepOutcome, StepResult
from rootsweep.self_removal import deactivated_by_journal, decide, digest_for

if TYPE_CHECKING:
    from rootsweep.cli.self_remove.own_root_user import CallingRoot


@click.command("self-remove")
@click.option("--deactivate", type=KeyIdOrAll(), multiple=True, metavar="KEYID", help="Deactivate a key; or all. Repeatable.")
@click.option("--undo", is_flag=True, help="Make active again what the journal says was deactivated, and still is.")
@click.option("--delete", type=KeyIdOrAll(), multiple=True, metavar="KEYID", help="Delete a key; or all. Repeatable.")
@click.option("--including-own", is_flag=True, help="With --delete all: delete the key that calls too, last.")
@click.option("--without-waiting", is_flag=True, help="Delete keys that are active, or have not been inactive for long.")
@click.option(
    "--min-inactive",
    type=Duration(),
    metavar="TIME",
    show_default="7d",
    help="How long a key that the journal deactivated stays so before it is deleted.",
)
@click.option("--confirm", metavar="ID[,ID...]", help="The ids that will be changed; without it you are asked to type them.")
@click.option("--journal", metavar="FILE", help="The journal; by default rootsweep-self-remove-ACCOUNT.journal.jsonl here.")
@caller_options
@click.option("--timeout", type=Duration(), default="2m", metavar="TIME", show_default=True, help="How long to wait for proof.")
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
    from rootsweep.aws.session import SessionOptions  # noqa: PLC0415  the SDK is slow to import
    from rootsweep.cli.self_remove.own_root_user import UnknownKey, open_root_user  # noqa: PLC0415  the same
    from rootsweep.remediation.gateway import Refused  # noqa: PLC0415  the same
    from rootsweep.remediation.self_removal import UNKNOWN_KEY_CODE  # noqa: PLC0415  the same

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
        SessionOptions(profile=profile, region=region), timeout, clock.now, lambda key_id: _was_to_be_deleted(journal, key_id)
    )
    if isinstance(root, UnknownKey):
        return _settle(journal, root.key_id, root.region)
    path = _journal_path(journal, root.account_id)
    listed = root.user.list_keys()
    if isinstance(listed, Refused):
        if listed.code == UNKNOWN_KEY_CODE and root.key_id is not None and _was_to_be_deleted(journal, root.key_id):
            return _settle(journal, root.key_id, root.region)
        raise CannotRunError(listed.problem, listed.advice)
    keys = listed.keys
    entries = _entries(path)
    text.show_keys(root.account_id, keys, root.key_id, deactivated_by_journal(entries, root.account_id), root.now)
    if request is None:
        return _show_what_to_do(root, keys, {"--profile": profile, "--region": _given(region), "--journal": journal})
    return _change(root, keys, request, path, confirm)


def _show_what_to_do(root: "CallingRoot", keys: tuple[AccessKey, ...], options: dict[str, str | None]) -> ExitCode:
    if keys:
        text.show_next_steps(keys, root.key_id, options)
        return ExitCode.REMEDIATION_INCOMPLETE
    return _conclude(root, everything_done=True)


def _given(region: str | None) -> str | None:
    """Give the Region if it was an option; what the environment holds is there the next time too."""
    source = click.get_current_context().get_parameter_source("region")
    return region if source is click.core.ParameterSource.COMMANDLINE else None


def _change(root: "CallingRoot", keys: tuple[AccessKey, ...], request: Request, path: Path, confirm: str | None) -> ExitCode:
    from rootsweep.remediation.journal.file import Journal  # noqa: PLC0415  needed only where something changes
    from rootsweep.remediation.self_removal import SelfRemoval  # noqa: PLC0415  the same

    _check_accounts(request.key_ids or (), root.account_id)
    decision = decide(keys, root.key_id, deactivated_by_journal(_entries(path), root.account_id), request, root.now)
    text.show_decision(decision, request.change)
    if request.change is Change.REACTIVATE and decision == Decision((), (), ()):
        text.tell(f"The journal {path} names no key that it deactivated, and that was neither activated again nor deleted.")
    _confirm(decision, {key.id for key in keys}, confirm)
    carried_out: CarriedOut[StepResult] = CarriedOut([])
    if decision.steps or path.exists():
        with Journal.open(path, clock.now) as journal:
            removal = SelfRemoval(root.account_id, root.user, journal, root.patience.pauses)
            removal.settle(keys)
            if decision.steps:
                digest = digest_for(root.account_id)
                journal.append(PlanOpened(digest, None, root.arn, __version__, RemediationCommand.SELF_REMOVE))
                carried_out = carry_out(removal.run(decision.steps, {key.id for key in keys}), text.show_result)
    results = carried_out.results
    everything_done = all(result.is_done for result in results) and not decision.held_back
    if results and results[-1].step.is_own and results[-1].outcome in {StepOutcome.DELETED, StepOutcome.NOT_VERIFIED}:
        text.show_proof_from_elsewhere(root.account_id, root.region, results[-1].outcome)
        return carried_out.exit_code(ExitCode.PROVEN if everything_done else ExitCode.REMEDIATION_INCOMPLETE)
    return carried_out.exit_code(_conclude(root, everything_done=everything_done))


def _conclude(root: "CallingRoot", *, everything_done: bool) -> ExitCode:
    """Look once more, tell what is left, and give the exit code: 0 only where no key is left and everything is done."""
    from rootsweep.remediation.gateway import Refused  # noqa: PLC0415  as where it is imported first

    listed, flag = root.user.list_keys(), root.user.read_flag()
    if isinstance(listed, Refused):
        text.tell(f"What is left could not be seen: {listed.problem}; {listed.advice}.")
    elif listed.keys:
        text.tell(f"Root access keys that are left: {', '.join(key.id for key in listed.keys)}.")
    elif isinstance(flag, Refused):
        text.tell(f"AWS lists no key, which the account summary could not confirm: {flag.problem}; {flag.advice}.")
    elif flag.present or root.key_id is not None:
        text.tell("AWS lists no key, but something else tells of one: run it again in some minutes.")
    else:
        text.tell("No root access key is left, by the list of the keys and by the account summary.")
        return ExitCode.PROVEN if everything_done else ExitCode.REMEDIATION_INCOMPLETE
    return ExitCode.REMEDIATION_INCOMPLETE


def _settle(journal: str | None, key_id: str, region: str) -> ExitCode:
    """Journal and tell what can be said of a calling key that was to be deleted and that AWS does not know.

    Raises ``CannotRunError`` where the journal has told it before.
    """
    from rootsweep.remediation.journal.file import Journal  # noqa: PLC0415  needed only where something changes
    from rootsweep.remediation.self_removal import settle_unknown_key  # noqa: PLC0415  the same

    with Journal.open(_journal_path(journal, account_of_access_key(key_id) or ""), clock.now) as opened:
        account_id = settle_unknown_key(opened, key_id)
    if account_id is None:
        raise CannotRunError(
            "AWS does not know the calling key, which the journal says was to be deleted: most likely it is gone",
            "verify with other credentials of the account, by `rootsweep audit`",
        )
    text.show_unknown_key(account_id, region, key_id)
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
        raise UsageError("nobody is there to confirm: nothing was changed", _naming(ids))
    _ask_to_type(steps, ids)


def _ask_to_type(steps: Iterable[Step], ids: Collection[str]) -> None:
    text.show_steps(steps)
    typed = click.prompt("To do so type the ids, separated by blanks", prompt_suffix=":\n", default="", show_default=False)
    if sorted(typed.replace(",", " ").split()) != sorted(ids):
        raise UsageError("what was typed does not name these keys: nothing was changed", "run it again")


def _naming(ids: Collection[str]) -> str:
    return f"give --confirm {','.join(ids)} if that is what you want"


def _journal_path(given: str | None, account_id: str) -> Path:
    return Path(given or f"rootsweep-self-remove-{account_id}.journal.jsonl")


def _entries(path: Path) -> tuple[Entry, ...]:
    """Read the journal where there is one; raises ``UsageError`` for one that was changed."""
    from rootsweep.remediation.journal.reading import read_journal  # noqa: PLC0415  msgspec takes its time

    return tuple(read_journal(path)) if path.exists() else ()


def _was_to_be_deleted(journal: str | None, key_id: str) -> bool:
    """Tell whether the journal holds an intent to delete this key."""
    account_id = account_of_access_key(key_id)
    if journal is None and account_id is None:
        return False
    payloads = [entry.payload for entry in _entries(_journal_path(journal, account_id or ""))]
    return any(isinstance(one, Intent) and (one.key_id, one.action) == (key_id, Change.DELETE) for one in payloads)
