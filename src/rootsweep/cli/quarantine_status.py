"""``rootsweep quarantine status``; imported only when AWS is asked, for its SDK is slow to import."""

import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from rootsweep.auditing.access import RoleOptions
from rootsweep.aws.cloudtrail import SECONDS_BETWEEN_LOOKUPS, describe_regions, lookup_events
from rootsweep.aws.pacing import within
from rootsweep.aws.paging import BrokenListError, Course
from rootsweep.aws.refusals import refusal_of_broken_list
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.aws.session_account import Role
from rootsweep.aws.sts import assume_role
from rootsweep.cli.carried_out import say
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.quarantine_changes import concerned, entries_of, policies_of
from rootsweep.core.answer import Problem, Refusal
from rootsweep.core.evidence import Access
from rootsweep.core.removal.quarantine import NAME, Lookup, RecordedCall, in_order
from rootsweep.errors import CannotRunError
from rootsweep.remediation.on_aws.opening import PlanContext
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
    gateway = policies_of(context)
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
    seen = policies_of(context).attached(account_id)
    if isinstance(seen, Refusal):
        raise CannotRunError(seen.problem, seen.advice)
    return NAME in seen.value


def _look_up(
    context: PlanContext, account_id: str, key_ids: tuple[str, ...], since: datetime | None, role: RoleOptions | None
) -> list[Lookup]:
    if not key_ids:
        say("the plan does not know the ids of its keys, so its calls cannot be looked up; make a new plan")
        return []
    if role is None:
        say(_HOW_TO_LOOK_UP)
        return []
    gateway = context.gateway
    its_role = Role(account_id, context.plan.partition or gateway.partition, role.name)
    with within(context.backoff.seconds):
        entered = assume_role(gateway.session, gateway.access, its_role, role.external_id)
        if isinstance(entered, Refusal):
            say(f"its calls cannot be looked up: {entered.sentence}")
            return []
        access = AccountAccess(Access.ROLE, gateway.access.region, entered.value)
        regions = describe_regions(gateway.session, access)
        if isinstance(regions, Refusal):
            say(f"its calls cannot be looked up: {regions.sentence}")
            return []
    trail = _Trail(gateway.session, access, regions.value, context.backoff.seconds)
    return [trail.look_up(key_id, since) for key_id in key_ids]


@dataclass(slots=True)
class _Trail:
    """The events of one account in all of its Regions, asked for at the pace that AWS allows."""

    session: Session
    access: AccountAccess
    regions: tuple[str, ...]
    seconds: float
    asked_at: dict[str, float] = field(default_factory=dict)

    def look_up(self, key_id: str, since: datetime | None) -> Lookup:
        """Look up the calls of a key in every Region; one that cannot be asked is a gap."""
        calls: list[RecordedCall] = []
        gaps: list[str] = []
        for region in self.regions:
            with within(self.seconds):
                found = self._in_region(key_id, since, region)
            if isinstance(found, Refusal):
                gaps.append(f"{region}: {found.problem}; {found.advice}")
            else:
                calls += found
        return Lookup(key_id, in_order(calls, since), tuple(gaps))

    def _in_region(self, key_id: str, since: datetime | None, region: str) -> list[RecordedCall] | Refusal:
        calls: list[RecordedCall] = []
        course = Course()
        token: str | None = None
        access = replace(self.access, region=region)
        while True:
            self._wait(region)
            answer = lookup_events(self.session, access, key_id, since, token)
            if isinstance(answer, Refusal):
                return answer
            calls += answer.value.items
            token = answer.value.next_token
            if token is None:
                return calls
            try:
                course.go_on(token)
            except BrokenListError as error:
                return refusal_of_broken_list(error, answer.origin)

    def _wait(self, region: str) -> None:
        now = time.monotonic()
        due = self.asked_at.get(region, float("-inf")) + SECONDS_BETWEEN_LOOKUPS
        if due > now:
            time.sleep(due - now)
        self.asked_at[region] = time.monotonic()


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
