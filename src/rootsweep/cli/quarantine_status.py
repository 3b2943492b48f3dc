"""``rootsweep quarantine status``; imported only when AWS is asked, for its SDK is slow to import."""

from datetime import datetime
from pathlib import Path
from typing import Final

import click

from rootsweep.auditing.access import RoleOptions
from rootsweep.cli.carried_out import say
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.quarantine_changes import concerned, entries_of
from rootsweep.core.answer import Problem, Refusal
from rootsweep.core.removal.quarantine import NAME, Lookup
from rootsweep.errors import CannotRunError
from rootsweep.remediation.on_aws.opening import PlanContext
from rootsweep.remediation.on_aws.root_calls import look_up_calls
from rootsweep.remediation.ports import NoPolicy
from rootsweep.remediation.quarantine import find_ours
from rootsweep.remediation.quarantine_journal import UNKNOWN, attachments, select
from rootsweep.reports.wording import printable

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
