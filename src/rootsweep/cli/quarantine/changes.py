"""``rootsweep quarantine on`` and ``lift``; imported only when AWS is asked, for its SDK is slow to import."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from rootsweep import __version__
from rootsweep.cli.carried_out import CarriedOut, carry_out
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.quarantine import text
from rootsweep.cli.quarantine.gateway import OrganizationPolicies
from rootsweep.cli.removal.opened_plan import OpenedPlan
from rootsweep.cli.removal.plan_confirmation import confirm
from rootsweep.errors import CannotRunError, OutputError, UsageError
from rootsweep.model.journal import Entry, PlanOpened, RemediationCommand
from rootsweep.model.organization import PARTITION_WITHOUT_ROOT_CONSOLE
from rootsweep.remediation.journal.file import Journal
from rootsweep.remediation.journal.reading import read_journal
from rootsweep.remediation.quarantine.accounts import GOVCLOUD, Selected, select
from rootsweep.remediation.quarantine.gateway import NoPolicy
from rootsweep.remediation.quarantine.history import standings
from rootsweep.remediation.quarantine.lifting import Lifting
from rootsweep.remediation.quarantine.placing import Placing
from rootsweep.remediation.quarantine.policy import NAME, Problem, SharedPolicy
from rootsweep.remediation.quarantine.preparing import check_policy_type, delete_policy, find_or_create, find_ours

Clock = Callable[[], datetime]


def policies_of(opened: OpenedPlan) -> OrganizationPolicies:
    """Give the policies of the organization that the plan is of."""
    account_id = opened.caller_arn.split(":")[4]
    is_management = account_id == opened.management_account_id
    return OrganizationPolicies(opened.gateway.session, opened.gateway.access, account_id, is_management)


def entries_of(path: Path) -> tuple[Entry, ...]:
    """Read the journal's entries; a missing journal has none. Raises ``UsageError`` for a file that is none."""
    return tuple(read_journal(path)) if path.exists() else ()


def quarantine(opened: OpenedPlan, path: Path, confirmed: str | None, clock: Clock, *, govcloud_understood: bool) -> ExitCode:
    """Attach the shared policy to the accounts of the plan.

    Raises ``UsageError`` without a confirmation, and ``CannotRunError`` where policies cannot be attached at all.
    """
    selected = select(opened.plan, opened.management_account_id)
    _check_partition(opened, govcloud_understood=govcloud_understood)
    if not selected.accounts:
        text.show_refused(selected.refused)
        click.echo("No account of the plan has an active root key that a quarantine could test.")
        return ExitCode.REMEDIATION_INCOMPLETE if selected.refused else ExitCode.PROVEN
    gateway = policies_of(opened)
    _raise(check_policy_type(gateway))
    what = (
        f"{len(selected.accounts)} accounts of organization {opened.plan.organization_id} will deny their root user everything "
        "but root sessions, until `rootsweep quarantine lift`:"
    )
    confirm(text.question(selected.accounts, what), opened.digest, confirmed)
    with Journal.open(path, clock) as journal:
        journal.append(_opened(opened, RemediationCommand.QUARANTINE))
        policy = find_or_create(gateway, journal, opened.patience.pauses)
        if isinstance(policy, Problem):
            raise CannotRunError(policy.problem, policy.advice)
        placing = Placing(opened.digest, policy, gateway, journal, opened.patience.pauses)
        carried_out = carry_out(placing.run(selected.accounts), text.show_result)
    text.show_refused(selected.refused)
    done = sum(result.is_done for result in carried_out.results)
    click.echo(f"\n{done} of {len(selected.accounts) + len(selected.refused)} accounts are quarantined.")
    click.echo("Wait for as long as the rarest job may take, then run `rootsweep quarantine status`; `lift` undoes it.")
    is_whole = done == len(selected.accounts) and not selected.refused
    return carried_out.exit_code(ExitCode.PROVEN if is_whole else ExitCode.REMEDIATION_INCOMPLETE)


def lift(opened: OpenedPlan, path: Path, confirmed: str | None, clock: Clock, *, and_delete: bool) -> ExitCode:
    """Detach the shared policy where the journal says that rootsweep attached it, and delete it where that is asked for.

    Raises ``UsageError`` without a confirmation, and ``CannotRunError`` where the policies cannot be read.
    """
    ours = _ours(path)
    accounts = concerned(select(opened.plan, opened.management_account_id), ours)
    if not accounts and not and_delete:
        click.echo("Neither the plan nor the journal names an account that could be quarantined.")
        return ExitCode.PROVEN
    gateway = policies_of(opened)
    what = f"The quarantine of {len(accounts)} accounts will be lifted:"
    confirm(text.question(accounts, what), opened.digest, confirmed)
    with Journal.open(path, clock) as journal:
        journal.append(_opened(opened, RemediationCommand.LIFT))
        policy = find_ours(gateway, opened.patience.pauses, must_exist=bool(ours))
        if isinstance(policy, Problem):
            raise CannotRunError(policy.problem, policy.advice)
        lifting = Lifting(opened.digest, policy, gateway, journal, opened.patience.pauses)
        carried_out = carry_out(lifting.run(accounts), text.show_result)
        done = sum(result.is_done for result in carried_out.results)
        click.echo(f"\n{done} of {len(accounts)} accounts are as they were before the quarantine.")
        is_deleted = not and_delete
        if and_delete and carried_out.failure is None:
            try:
                is_deleted = _delete(opened, policy, gateway, journal)
            except OutputError as error:
                carried_out = CarriedOut(carried_out.results, error)
    is_whole = done == len(accounts) and is_deleted
    return carried_out.exit_code(ExitCode.PROVEN if is_whole else ExitCode.REMEDIATION_INCOMPLETE)


def concerned(selected: Selected, ours: frozenset[str]) -> list[str]:
    """Give the accounts that a plan quarantines, and those that a journal says were quarantined."""
    return sorted({*selected.accounts, *ours})


def _ours(path: Path) -> frozenset[str]:
    return frozenset(account_id for account_id, standing in standings(entries_of(path)).items() if standing.is_ours)


def _delete(opened: OpenedPlan, policy: SharedPolicy | NoPolicy, gateway: OrganizationPolicies, journal: Journal) -> bool:
    if isinstance(policy, NoPolicy):
        click.echo(f"There is no policy {NAME} to delete.")
        return True
    problem = delete_policy(gateway, journal, opened.patience.pauses, policy.id)
    click.echo(f"The policy {NAME} is deleted." if problem is None else f"{problem.problem}; {problem.advice}")
    return problem is None


def _opened(opened: OpenedPlan, command: RemediationCommand) -> PlanOpened:
    return PlanOpened(opened.digest, opened.plan.organization_id, opened.caller_arn, __version__, command)


def _check_partition(opened: OpenedPlan, *, govcloud_understood: bool) -> None:
    partition = opened.plan.partition or opened.gateway.partition
    if partition == PARTITION_WITHOUT_ROOT_CONSOLE and not govcloud_understood:
        raise UsageError(GOVCLOUD.problem, GOVCLOUD.advice)


def _raise(problem: Problem | None) -> None:
    if problem is not None:
        raise CannotRunError(problem.problem, problem.advice)
