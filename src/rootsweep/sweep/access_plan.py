"""How each account of a sweep is reached: decided once for all, from what is enabled and what was asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.iam import list_organizations_features
from rootsweep.aws.organizations import Organization, of_administrators_alone
from rootsweep.aws.sts import Caller
from rootsweep.errors import UsageError
from rootsweep.model.evidence import Access, Origin, Source, Unavailable, UnavailableReason
from rootsweep.model.organization import (
    PARTITION_WITHOUT_ROOT_CONSOLE,
    PARTITION_WITHOUT_ROOT_USER,
    Account,
    AccountState,
)
from rootsweep.sweep.own_account import own_account
from rootsweep.sweep.targets import Target, Way
from rootsweep.sweep.ways import RoleOptions, Ways

_FEATURE: Final = "RootCredentialsManagement"
_WITHOUT_ROOT_SESSIONS: Final = frozenset({PARTITION_WITHOUT_ROOT_CONSOLE, PARTITION_WITHOUT_ROOT_USER})


class AccessChoice(StrEnum):
    """What a person may choose; ``auto`` prefers root sessions, and adds a role where one is named."""

    AUTO = "auto"
    ROOT_SESSION = "root-session"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class AccessPlan:
    """The ways into the accounts of one caller.

    ``no_root_session`` says why there are none; None where they are tried. ``organization`` is None for a caller without one.
    """

    ways: Ways
    caller: Answer[Caller]
    organization: Organization | None
    role: RoleOptions | None
    no_root_session: Unavailable | None

    def of_organization(self, refusal: Refusal) -> Refusal:
        """Explain a refusal of a call about the organization to who calls."""
        management = None if self.organization is None else self.organization.management_account_id
        return of_administrators_alone(refusal, is_management=self.caller.value.account_id == management)

    def target(self, account: Account) -> Target:
        """Prepare to read one account; a closed one is not read, for nobody can enter it."""
        if account.id == self.caller.value.account_id:
            return own_account(self.ways, self.caller, account)
        if account.state is AccountState.CLOSED:
            return Target(account, ())
        partition = account.partition or self.caller.value.partition
        by_role = () if self.role is None else (self.ways.role(account.id, partition, self.role),)
        if account.is_management_account:
            return Target(account, by_role or (_closed_way(_management_account(self.ways)),))
        if self.no_root_session is None:
            return Target(account, (self.ways.root_session(account.id, partition), *by_role))
        return Target(account, by_role or (_closed_way(self.no_root_session),))


def plan_access(
    ways: Ways,
    caller: Answer[Caller],
    organization: Organization | None,
    choice: AccessChoice,
    role: RoleOptions | None,
) -> AccessPlan:
    """Decide how accounts are reached.

    That centralized root access is enabled proves nothing about keys: it only tells that root sessions can be tried. Raises
    ``UsageError`` for a choice that cannot work.
    """
    partition = caller.value.partition
    if choice is AccessChoice.ROLE:
        if role is None:
            raise UsageError("--access role needs the name of the role", "name it with --role-name")
        return AccessPlan(ways, caller, organization, role, _not_asked_for(ways))
    if partition in _WITHOUT_ROOT_SESSIONS:
        if choice is AccessChoice.ROOT_SESSION:
            raise UsageError(
                f"partition {partition} has no root sessions that read credentials", "name a role with --role-name"
            )
        return AccessPlan(ways, caller, organization, role, _partition_without(ways, partition))
    tried = choice is AccessChoice.ROOT_SESSION
    return AccessPlan(ways, caller, organization, role, None if tried else _why_no_root_session(ways))


def _why_no_root_session(ways: Ways) -> Unavailable | None:
    """Ask whether root sessions can be had; a caller that may not ask can still try."""
    match list_organizations_features(ways.session, ways.access):
        case Answer(value=features) if _FEATURE in features:
            return None
        case Answer(origin=origin):
            advice = "in the management account run `aws iam enable-organizations-root-credentials-management`"
            return _unavailable(UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF, advice, origin)
        case Refusal(reason=UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF) as refusal:
            return refusal.as_evidence(Source.ROOT_ACCESS_KEYS)
        case Refusal():
            return None


def _not_asked_for(ways: Ways) -> Unavailable:
    return _unavailable(UnavailableReason.ROOT_SESSION_REFUSED, "choose --access auto", _origin(ways))


def _partition_without(ways: Ways, partition: str) -> Unavailable:
    advice = f"name a role with --role-name: partition {partition} has no root sessions that read credentials"
    return _unavailable(UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF, advice, _origin(ways))


def _management_account(ways: Ways) -> Unavailable:
    advice = (
        "no root session can enter the management account: run `rootsweep audit` inside it, name a role with --role-name, or "
        "give its credential report with --from"
    )
    return _unavailable(UnavailableReason.MANAGEMENT_ACCOUNT, advice, _origin(ways))


def _unavailable(reason: UnavailableReason, advice: str, origin: Origin) -> Unavailable:
    return Unavailable(Source.ROOT_ACCESS_KEYS, reason, advice, origin)


def _origin(ways: Ways) -> Origin:
    return Origin(Access.ROOT_SESSION, ways.session.clock.now())


def _closed_way(why: Unavailable) -> Way:
    """Make the way that is there only to say why there is none."""
    closed: Callable[[], Unavailable] = lambda: why  # noqa: E731  typed, which a nested function of one line would not be
    return Way((why.source,), closed, lambda _access, _source: why)
