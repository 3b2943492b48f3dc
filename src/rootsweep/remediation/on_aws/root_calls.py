"""The calls of a root key since a time, looked up in CloudTrail in every Region of its account."""

import time
from dataclasses import dataclass, field, replace
from datetime import datetime

from rootsweep.auditing.access import RoleOptions
from rootsweep.aws.cloudtrail import SECONDS_BETWEEN_LOOKUPS, describe_regions, lookup_events
from rootsweep.aws.pacing import within
from rootsweep.aws.paging import BrokenListError, Course
from rootsweep.aws.refusals import refusal_of_broken_list
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.aws.session_account import Role
from rootsweep.aws.sts import assume_role
from rootsweep.core.answer import Refusal
from rootsweep.core.evidence import Access
from rootsweep.core.removal.quarantine import Lookup, RecordedCall, in_order
from rootsweep.remediation.on_aws.opening import PlanContext


def look_up_calls(
    context: PlanContext, account_id: str, role: RoleOptions, key_ids: tuple[str, ...], since: datetime | None
) -> tuple[Lookup, ...] | Refusal:
    """Look up what each key called, by a role in its account; a Region that cannot be asked is a gap of the lookup."""
    gateway = context.gateway
    its_role = Role(account_id, context.plan.partition or gateway.partition, role.name)
    with within(context.backoff.seconds):
        entered = assume_role(gateway.session, gateway.access, its_role, role.external_id)
        if isinstance(entered, Refusal):
            return entered
        access = AccountAccess(Access.ROLE, gateway.access.region, entered.value, account_id)
        regions = describe_regions(gateway.session, access)
        if isinstance(regions, Refusal):
            return regions
    trail = _Trail(gateway.session, access, regions.value, context.backoff.seconds)
    return tuple(trail.look_up(key_id, since) for key_id in key_ids)


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
                gaps.append(f"{region}: {found.sentence}")
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
