"""``rootsweep quarantine``: a reversible test before a root key is deleted."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import click

from rootsweep.auditing.access import RoleOptions
from rootsweep.auditing.request import CallerOptions
from rootsweep.cli import clock
from rootsweep.cli.confirmation import Question, confirm
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.options.types import Duration, ExternalId, RoleName, caller_options, repeated_caller
from rootsweep.cli.results import CarriedOut, carry_out, say, say_next, show
from rootsweep.core.answer import Problem, Refusal
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_CONSOLE
from rootsweep.core.removal.journal import Entry, PlanOpened, RemediationCommand
from rootsweep.core.removal.quarantine import NAME, Lookup, SharedPolicy
from rootsweep.core.removal.result import Result, ResultCode
from rootsweep.errors import CannotRunError, OutputError, UsageError
from rootsweep.remediation.executor import Executor
from rootsweep.remediation.on_aws.opening import PlanContext, open_plan
from rootsweep.remediation.on_aws.policies import OrganizationPolicies
from rootsweep.remediation.on_aws.root_calls import look_up_calls
from rootsweep.remediation.ports import NoPolicy
from rootsweep.remediation.quarantine import (
    LiftQuarantine,
    PlaceQuarantine,
    check_policy_type,
    delete_policy,
    find_or_create,
    find_ours,
)
from rootsweep.remediation.quarantine_journal import GOVCLOUD, MANAGEMENT_ACCOUNT, UNKNOWN, Selected, attachments, select
from rootsweep.reports.wording import printable, shell_word
from rootsweep.storage.journal import Journal, read_journal
from rootsweep.version import __version__


@click.command("quarantine")
@click.argument("what", type=click.Choice(["on", "status", "lift"]), metavar="on|status|lift")
@click.argument("plan_path", metavar="PLAN")
@click.option("--confirm", metavar="DIGEST", help="Plan digest, to confirm non-interactively; otherwise you are prompted.")
@click.option("--journal", "journal_path", metavar="FILE", help="Journal file (default: PLAN.journal.jsonl beside the plan).")
@click.option(
    "--govcloud-understood", is_flag=True, help="on: continue in GovCloud, where the root user works only through access keys."
)
@click.option("--delete-policy", is_flag=True, help="lift: also delete the shared policy once it is attached nowhere.")
@click.option(
    "--role-name", type=RoleName(), metavar="NAME", help="status: role in each account that looks up CloudTrail events."
)
@click.option(
    "--external-id", type=ExternalId(), metavar="ID", help="status: external ID that the role's trust policy requires."
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
    what: str,
    plan_path: str,
    confirm: str | None,
    journal_path: str | None,
    govcloud_understood: bool,
    delete_policy: bool,
    role_name: str | None,
    external_id: str | None,
    profile: str | None,
    region: str | None,
    timeout: timedelta,
) -> int:
    """Deny the root user everything in the accounts of a plan, see what breaks, and undo it; no key is changed.

    One service control policy is attached to each account that has an active root key; it spares the root sessions that
    rootsweep works by.

    \b
    rootsweep quarantine on rootsweep-plan.json
    rootsweep quarantine status rootsweep-plan.json --role-name NAME
    rootsweep quarantine lift rootsweep-plan.json
    """  # noqa: D301  click reads the backspace as "keep these lines"
    _check_options(
        what,
        {
            "--govcloud-understood": ("on", govcloud_understood),
            "--delete-policy": ("lift", delete_policy),
            "--role-name": ("status", role_name is not None),
            "--external-id": ("status", external_id is not None),
        },
    )
    if external_id is not None and role_name is None:
        raise click.UsageError("--external-id goes with --role-name.")
    context = open_plan(plan_path, CallerOptions(profile, region, timeout), clock.now, may_have_expired=what != "on")
    path = Path(journal_path or f"{plan_path}.journal.jsonl")
    match what:
        case "on":
            return quarantine(context, plan_path, path, confirm, clock.now, govcloud_understood=govcloud_understood)
        case "lift":
            return lift(context, path, confirm, clock.now, and_delete=delete_policy)
        case _:
            return show_status(context, path, None if role_name is None else RoleOptions(role_name, external_id))


def _check_options(what: str, given: dict[str, tuple[str, bool]]) -> None:
    """Refuse an option that another of the three takes; one that would do nothing is most likely a mistake."""
    for option, (belongs_to, is_given) in given.items():
        if is_given and belongs_to != what:
            raise click.UsageError(f"{option} goes with `rootsweep quarantine {belongs_to}`.")


Clock = Callable[[], datetime]


def entries_of(path: Path) -> tuple[Entry, ...]:
    """Read the journal's entries; a missing journal has none. Raises ``UsageError`` for a file that is none."""
    return tuple(read_journal(path)) if path.exists() else ()


def quarantine(  # noqa: PLR0913  all of it is shown or needed
    context: PlanContext, plan_path: str, path: Path, confirmed: str | None, clock: Clock, *, govcloud_understood: bool
) -> ExitCode:
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
    confirm(question(context, selected.accounts, what, "quarantine"), context.digest, confirmed)
    with Journal.open(path, clock) as journal:
        journal.append(_entry_of_opening(context, RemediationCommand.QUARANTINE))
        executor = Executor(context.digest, journal, context.backoff.pauses)
        policy = find_or_create(gateway, executor)
        if isinstance(policy, Problem):
            raise CannotRunError(policy.problem, policy.advice)
        carried_out = carry_out(PlaceQuarantine(policy, gateway, executor).run(selected.accounts), naming(context))
    show_refused(selected.refused)
    done = sum(result.is_done for result in carried_out.results)
    click.echo(f"\n{done} of {len(selected.accounts) + len(selected.refused)} accounts are quarantined.")
    beside = "" if path == Path(f"{plan_path}.journal.jsonl") else f" --journal {shell_word(str(path))}"
    click.echo("Wait for as long as the rarest job may take.")
    plan_and_caller = f"{shell_word(plan_path)}{repeated_caller()}"
    say_next(f"rootsweep quarantine status {plan_and_caller}{beside}", "which root calls were denied since")
    say_next(f"rootsweep quarantine lift {plan_and_caller}{beside}", "undo it")
    say_next(f"rootsweep apply {plan_and_caller}", "delete the keys once nothing has missed them")
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
    confirm(question(context, accounts, what, "lift"), context.digest, confirmed)
    with Journal.open(path, clock) as journal:
        journal.append(_entry_of_opening(context, RemediationCommand.LIFT))
        executor = Executor(context.digest, journal, context.backoff.pauses)
        policy = find_ours(gateway, executor if ours else None)
        if isinstance(policy, Problem):
            raise CannotRunError(policy.problem, policy.advice)
        carried_out = carry_out(LiftQuarantine(policy, gateway, executor).run(accounts), naming(context))
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
    """Return the accounts that a plan quarantines, and those that a journal says were quarantined."""
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


def question(context: PlanContext, account_ids: Collection[str], what: str, verb: str) -> Question:
    """Ask the person to name the accounts; ``what`` says what happens to them."""
    return Question(what, list(map(naming(context), account_ids)), account_ids, verb, "account")


def naming(context: PlanContext) -> Callable[[str], str]:
    """Return how an account id is shown: with the name that the plan has for it."""
    plan = context.plan
    keys = [*(action.key for action in plan.actions), *(held.key for held in plan.held_back)]
    names = {key.account.id: key.account.name or "" for key in keys}
    return lambda account_id: f"{account_id}  {names.get(account_id, '')}".rstrip()


def show_refused(account_ids: Iterable[str]) -> None:
    """Report the management account, whose keys are active and which no policy binds."""
    for account_id in account_ids:
        show(Result(account_id, ResultCode.REFUSED, MANAGEMENT_ACCOUNT.sentence), account_id)


_HOW_TO_LOOK_UP: Final = (
    "its calls cannot be looked up: name a role in the account with --role-name, which may call ec2:DescribeRegions and "
    "cloudtrail:LookupEvents"
)
_LIMITS: Final = (
    "CloudTrail's LookupEvents shows management events alone, no data events such as those of objects in S3, and up to 15 "
    "minutes late: that nothing is shown is no proof that nothing uses a key."
)


def show_status(context: PlanContext, path: Path, role: RoleOptions | None) -> ExitCode:
    """Show since when each account is quarantined, and which root calls were denied since.

    Raises ``CannotRunError`` where the policies cannot be read.
    """
    known = attachments(entries_of(path))
    selected = select(context.plan, context.management_account_id)
    ours = frozenset(account_id for account_id, attachment in known.items() if attachment.is_ours)
    accounts, attached_to = concerned(selected, ours), _attached_to(context)
    if not accounts:
        click.echo("Neither the plan nor the journal names an account that could be quarantined.")
        return ExitCode.PROVEN
    is_screaming, is_known = False, True
    for account_id in accounts:
        if account_id not in attached_to and not _has_policy(context, account_id):
            click.echo(f"{'NOT_QUARANTINED':<20} {account_id}")
            is_known = False
            continue
        attachment = known.get(account_id, UNKNOWN)
        since = attachment.since if attachment.is_ours else None
        begun = "a time that the journal does not tell" if since is None else _time(since)
        click.echo(f"{'QUARANTINED':<20} {account_id}  since {begun}")
        lookups = _look_up(context, account_id, selected.accounts.get(account_id, ()), since, role)
        for lookup in lookups:
            _show(lookup)
        is_screaming = is_screaming or any(lookup.denied for lookup in lookups)
        is_known = is_known and bool(lookups) and not any(lookup.gaps for lookup in lookups)
    click.echo("\n" + click.wrap_text(_LIMITS))
    if is_screaming:
        return ExitCode.NON_COMPLIANT
    return ExitCode.PROVEN if is_known else ExitCode.NOT_PROVEN


def _attached_to(context: PlanContext) -> frozenset[str]:
    gateway = context.policies
    policy = find_ours(gateway)
    if isinstance(policy, NoPolicy):
        return frozenset()
    if isinstance(policy, Problem):
        raise CannotRunError(policy.problem, policy.advice)
    targets = gateway.targets(policy.id)
    if isinstance(targets, Refusal):
        raise CannotRunError(targets.problem, targets.advice)
    return frozenset(targets.value)


def _has_policy(context: PlanContext, account_id: str) -> bool:
    """Look at the account's own list, where that of the policy's targets leaves the account out."""
    seen = context.policies.attached(account_id)
    if isinstance(seen, Refusal):
        raise CannotRunError(seen.problem, seen.advice)
    return NAME in seen.value


def _look_up(
    context: PlanContext, account_id: str, key_ids: tuple[str, ...], since: datetime | None, role: RoleOptions | None
) -> tuple[Lookup, ...]:
    if not key_ids:
        say("the plan does not know the ids of its keys, so its calls cannot be looked up; make a new plan")
        return ()
    if role is None:
        say(_HOW_TO_LOOK_UP)
        return ()
    lookups = look_up_calls(context, account_id, role, key_ids, since)
    if isinstance(lookups, Refusal):
        say(f"its calls cannot be looked up: {lookups.sentence}")
        return ()
    return lookups


def _show(lookup: Lookup) -> None:
    others = len(lookup.calls) - len(lookup.denied)
    counts = f"{len(lookup.denied)} calls denied" + (f", {others} others, which were not denied" if others else "")
    click.echo(f"    {lookup.key_id}: {counts}")
    for call in lookup.denied:
        source = f"  from {call.source_ip}" if call.source_ip else ""
        line = f"{_time(call.at)}  {call.region}  {call.event_source}:{call.event_name}{source}"
        click.echo(f"      {printable(line)}")
    for gap in lookup.gaps:
        say(f"not looked up in {gap}")


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
