"""A plan that is about to be carried out or rehearsed: read, and found to fit the moment and the organization."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rootsweep.auditing.request import CallerOptions
from rootsweep.auditing.workflow import CallerSession, open_caller_session
from rootsweep.aws.organizations import Organization, describe_organization
from rootsweep.aws.pacing import Backoff
from rootsweep.core.answer import Refusal
from rootsweep.core.removal.plan import Plan
from rootsweep.core.times import ALLOWED_SKEW, to_the_minute
from rootsweep.errors import CannotRunError, UsageError
from rootsweep.remediation.on_aws.policies import OrganizationPolicies
from rootsweep.remediation.on_aws.root_keys import RootSessions
from rootsweep.storage.plan_file import read_plan


@dataclass(frozen=True, slots=True)
class PlanContext:
    """A plan, its digest, who carries it out, and how AWS is reached; ``now`` is by AWS's clock."""

    plan: Plan
    digest: str
    caller_arn: str
    management_account_id: str
    gateway: RootSessions
    now: datetime
    backoff: Backoff

    @property
    def policies(self) -> OrganizationPolicies:
        """The policies of the organization that the plan is of."""
        account_id = self.caller_arn.split(":")[4]
        is_management = account_id == self.management_account_id
        return OrganizationPolicies(self.gateway.session, self.gateway.access, account_id, is_management)


def open_plan(
    path: str,
    caller: CallerOptions,
    local_clock: Callable[[], datetime],
    *,
    may_have_expired: bool = False,
) -> PlanContext:
    """Read a plan and see that it may be carried out by these credentials.

    With ``may_have_expired`` the plan only names what was done by it, and is taken however old it is.

    Raises ``UsageError`` for a file that is no plan or was changed, a plan that has expired or is of another organization, and
    ``CannotRunError`` when AWS does not tell who calls, or for which organization.
    """
    plan, digest = read_plan(Path(path))
    caller_session = open_caller_session(caller, local_clock)
    now = caller_session.routes.session.clock.now()
    _check_time(plan, now, may_have_expired=may_have_expired)
    organization = _check_organization(plan, caller_session)
    session, access = caller_session.routes.session, caller_session.routes.access
    gateway = RootSessions(session, access, caller_session.caller.value.partition)
    backoff = caller_session.routes.backoff
    return PlanContext(plan, digest, caller_session.caller.value.arn, organization.management_account_id, gateway, now, backoff)


def _check_time(plan: Plan, now: datetime, *, may_have_expired: bool) -> None:
    if now >= plan.expires_at and not may_have_expired:
        raise UsageError(f"the plan expired at {to_the_minute(plan.expires_at)}", "make a new one with `rootsweep plan`")
    if plan.created_at - now > ALLOWED_SKEW:
        raise UsageError(
            f"the plan claims to be made at {to_the_minute(plan.created_at)}, which is in the future",
            "check this machine's clock, or make a new plan",
        )


def _check_organization(plan: Plan, caller_session: CallerSession) -> Organization:
    organization = describe_organization(caller_session.routes.session, caller_session.routes.access)
    if isinstance(organization, Refusal):
        raise CannotRunError(organization.problem, organization.advice)
    if organization.value.id != plan.organization_id:
        raise UsageError(
            f"the plan is of organization {plan.organization_id}, the credentials are of {organization.value.id}",
            "choose other credentials with --profile",
        )
    return organization.value
