"""``rootsweep quarantine on`` and ``lift``; imported only when AWS is asked, for its SDK is slow to import."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from pathlib import Path

import click

from rootsweep.cli.carried_out import CarriedOut, carry_out, show
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.options.confirmation import Question, confirm
from rootsweep.core.answer import Problem
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_CONSOLE
from rootsweep.core.removal.journal import Entry, PlanOpened, RemediationCommand
from rootsweep.core.removal.quarantine import NAME, SharedPolicy
from rootsweep.core.removal.result import Result, ResultCode
from rootsweep.errors import CannotRunError, OutputError, UsageError
from rootsweep.remediation.executor import Executor
from rootsweep.remediation.on_aws.opening import PlanContext
from rootsweep.remediation.on_aws.policies import OrganizationPolicies
from rootsweep.remediation.ports import NoPolicy
from rootsweep.remediation.quarantine import (
    LiftQuarantine,
    PlaceQuarantine,
    check_policy_type,
    delete_policy,
    find_or_create,
    find_ours,
)
from rootsweep.remediation.quarantine_journal import GOVCLOUD, MANAGEMENT_ACCOUNT, Selected, attachments, select
from rootsweep.storage.journal import Journal, read_journal
from rootsweep.version import __version__

Clock = Callable[[], datetime]


def entries_of(path: Path) -> tuple[Entry, ...]:
    """Read the journal's entries; a missing journal has none. Raises ``UsageError`` for a file that is none."""
    return tuple(read_journal(path)) if path.exists() else ()


def quarantine(context: PlanContext, path: Path, confirmed: str | None, clock: Clock, *, govcloud_understood: bool) -> ExitCode:
    """Attach the shared policy to the accounts of the plan.

    Raises ``UsageError`` without a confirmation, and ``CannotRunError`` where policies cannot be attached at all.
    """
    selected = select(context.plan, context.management_account_id)
    _check_partition(context, govcloud_understood=govcloud_understood)
    if not selected.accounts:
        show_refused(selected.refused)
        click.echo("No account of the plan has an active root key that a quarantine could test.")
        return ExitCode.REMEDIATION_INCOMPLETE if selected.refused else ExitCode.PROVEN
    gateway = context.policies
    _raise(check_policy_type(gateway))
    what = (
        f"{len(selected.accounts)} accounts of organization {context.plan.organization_id} will deny their root user "
        "everything but root sessions, until `rootsweep quarantine lift`:"
    )
    confirm(question(selected.accounts, what), context.digest, confirmed)
    with Journal.open(path, clock) as journal:
        journal.append(_entry_of_opening(context, RemediationCommand.QUARANTINE))
        executor = Executor(context.digest, journal, context.backoff.pauses)
        policy = find_or_create(gateway, executor)
        if isinstance(policy, Problem):
            raise CannotRunError(policy.problem, policy.advice)
        carried_out = carry_out(PlaceQuarantine(policy, gateway, executor).run(selected.accounts), str)
    show_refused(selected.refused)
    done = sum(result.is_done for result in carried_out.results)
    click.echo(f"\n{done} of {len(selected.accounts) + len(selected.refused)} accounts are quarantined.")
    click.echo("Wait for as long as the rarest job may take, then run `rootsweep quarantine status`; `lift` undoes it.")
    is_complete = done == len(selected.accounts) and not selected.refused
    return carried_out.exit_code(ExitCode.PROVEN if is_complete else ExitCode.REMEDIATION_INCOMPLETE)


def lift(context: PlanContext, path: Path, confirmed: str | None, clock: Clock, *, and_delete: bool) -> ExitCode:
    """Detach the shared policy where the journal says that rootsweep attached it, and delete it where that is asked for.

    Raises ``UsageError`` without a confirmation, and ``CannotRunError`` where the policies cannot be read.
    """
    ours = _ours(path)
    accounts = concerned(select(context.plan, context.management_account_id), ours)
    if not accounts and not and_delete:
        click.echo("Neither the plan nor the journal names an account that could be quarantined.")
        return ExitCode.PROVEN
    gateway = context.policies
    what = f"The quarantine of {len(accounts)} accounts will be lifted:"
    confirm(question(accounts, what), context.digest, confirmed)
    with Journal.open(path, clock) as journal:
        journal.append(_entry_of_opening(context, RemediationCommand.LIFT))
        executor = Executor(context.digest, journal, context.backoff.pauses)
        policy = find_ours(gateway, executor if ours else None)
        if isinstance(policy, Problem):
            raise CannotRunError(policy.problem, policy.advice)
        carried_out = carry_out(LiftQuarantine(policy, gateway, executor).run(accounts), str)
        done = sum(result.is_done for result in carried_out.results)
        click.echo(f"\n{done} of {len(accounts)} accounts are as they were before the quarantine.")
        is_deleted = not and_delete
        if and_delete and carried_out.failure is None:
            try:
                is_deleted = _delete(policy, gateway, executor)
            except OutputError as error:
                carried_out = CarriedOut(carried_out.results, error)
    is_complete = done == len(accounts) and is_deleted
    return carried_out.exit_code(ExitCode.PROVEN if is_complete else ExitCode.REMEDIATION_INCOMPLETE)


def concerned(selected: Selected, ours: frozenset[str]) -> list[str]:
    """Give the accounts that a plan quarantines, and those that a journal says were quarantined."""
    return sorted({*selected.accounts, *ours})


def _ours(path: Path) -> frozenset[str]:
    return frozenset(account_id for account_id, attachment in attachments(entries_of(path)).items() if attachment.is_ours)


def _delete(policy: SharedPolicy | NoPolicy, gateway: OrganizationPolicies, executor: Executor) -> bool:
    if isinstance(policy, NoPolicy):
        click.echo(f"There is no policy {NAME} to delete.")
        return True
    problem = delete_policy(gateway, executor, policy.id)
    click.echo(f"The policy {NAME} is deleted." if problem is None else problem.sentence)
    return problem is None


def _entry_of_opening(context: PlanContext, command: RemediationCommand) -> PlanOpened:
    return PlanOpened(context.digest, context.plan.organization_id, context.caller_arn, __version__, command)


def _check_partition(context: PlanContext, *, govcloud_understood: bool) -> None:
    partition = context.plan.partition or context.gateway.partition
    if partition == PARTITION_WITHOUT_ROOT_CONSOLE and not govcloud_understood:
        raise UsageError(GOVCLOUD.problem, GOVCLOUD.advice)


def _raise(problem: Problem | None) -> None:
    if problem is not None:
        raise CannotRunError(problem.problem, problem.advice)


# What a person is shown of a quarantine, and what the person confirms.


def question(account_ids: Collection[str], what: str) -> Question:
    """Ask the person to name the accounts; ``what`` says what happens to them."""
    otherwise = "what was typed does not name these accounts: nothing was changed"
    return Question(what, account_ids, account_ids, "To go on", otherwise)


def show_refused(account_ids: Iterable[str]) -> None:
    """Tell of the management account, whose keys are active and which no policy binds."""
    for account_id in account_ids:
        show(Result(account_id, ResultCode.REFUSED, MANAGEMENT_ACCOUNT.sentence), account_id)
