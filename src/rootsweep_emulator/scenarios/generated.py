"""A large organization with every kind of trouble, the same for the same arguments."""

import itertools
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final

from rootsweep_emulator.faults import Faults, Latency, Refuse, Reset, Rule, Throttle
from rootsweep_emulator.scenarios.building import (
    DAY,
    PastKey,
    add_user,
    enable_central_access,
    join,
    new_account,
    new_organization,
    set_past,
)
from rootsweep_emulator.state.account import Account, AccountState, Role, ServiceControlDeny
from rootsweep_emulator.state.identifiers import VirtualClock
from rootsweep_emulator.state.organization import Organization
from rootsweep_emulator.state.world import World

# The names and units of member accounts, as companies that run AWS for a while have them.

WORKLOAD_UNITS: Final = ("Infrastructure", "Workloads/Production", "Workloads/Development", "Sandbox")

_UNIT_OF: Final = {
    "prod": "Workloads/Production",
    "staging": "Workloads/Development",
    "dev": "Workloads/Development",
}

_TEAMS: Final = (
    *("payments", "checkout", "orders", "catalog", "search", "pricing", "inventory", "shipping", "returns", "loyalty"),
    *("accounts", "identity", "notifications", "messaging", "recommendations", "reviews", "media", "streaming", "maps"),
    *("routing", "dispatch", "fleet", "telemetry", "data-lake", "data-warehouse", "feature-store", "ml-training"),
    *("ml-inference", "experiments", "reporting", "ledger", "invoicing", "tax", "treasury", "fraud", "risk", "underwriting"),
    *("claims", "crm", "support", "partner-api", "public-api", "mobile-backend", "web-frontend", "cms", "affiliates"),
    *("ads", "campaigns", "email", "surveys", "hr-portal", "payroll", "recruiting", "legal-archive", "erp", "procurement"),
    *("warehouse-robotics", "print-service", "pdf-render", "image-resize", "geo-index", "webhooks", "scheduler", "audit-log"),
    *("translations", "chat", "video-calls", "documents", "signatures", "customs", "fulfilment", "subscriptions", "vouchers"),
)
_SHARED: Final = (
    *("log-archive", "network-hub", "dns", "shared-services", "backup-vault", "ci-runners", "artifact-store", "image-builder"),
    *("monitoring", "transit-eu", "transit-us", "vpn-gateway", "certificates", "directory"),
)
_PEOPLE: Final = (
    *("ines", "jonas", "amara", "wei", "sofia", "tomas", "priya", "lars", "fatima", "diego", "hana", "marek", "chloe"),
    *("yusuf", "greta", "nikhil", "elena", "kofi", "mei", "oskar", "zara", "pavel", "lucia", "samir", "ingrid", "bruno"),
)


@dataclass(frozen=True, slots=True)
class MemberName:
    """The name of a member account and the path of its unit."""

    name: str
    unit: str


def numbered() -> Iterator[MemberName]:
    """Yield ``workload-00001`` and so on, from one unit to the next, without end."""
    for number in itertools.count(1):
        yield MemberName(f"workload-{number:05d}", WORKLOAD_UNITS[number % len(WORKLOAD_UNITS)])


def teams() -> Iterator[MemberName]:
    """Yield shared accounts, sandboxes, and each team's account by environment; numbered ones once these are used up."""
    yield from (MemberName(name, "Infrastructure") for name in _SHARED)
    yield from (MemberName(f"sandbox-{person}", "Sandbox") for person in _PEOPLE)
    yield from (MemberName(f"{team}-{stage}", _UNIT_OF[stage]) for team, stage in itertools.product(_TEAMS, _UNIT_OF))
    yield from numbered()


AUDIT_ROLE: Final = "RootAudit"
"""The role of each member account that trusts the management account and the delegated administrator."""

_UNITS: Final = (
    "Security",
    "Infrastructure",
    "Workloads",
    "Workloads/Production",
    "Workloads/Development",
    "Sandbox",
)
_ADMINISTRATOR: Final = "user/auditor"
_AUDIT_ACTIONS: Final = ("iam:GetAccountSummary", "iam:GetCredentialReport", "iam:GenerateCredentialReport")
QUARANTINE_ROLE: Final = "RootQuarantine"
"""The role of each member account that trusts the same accounts, and looks up calls."""

_LOOKUP_ACTIONS: Final = ("cloudtrail:LookupEvents", "ec2:DescribeRegions")


@dataclass(frozen=True, slots=True)
class Shares:
    """Which share of the member accounts has which trouble, 0 to 1 each, together at most 1; the rest has none.

    Any share above 0 makes at least one account.

    Attributes:
        active_key: the root user has an active key.
        inactive_key: its only key is inactive.
        two_keys: it has an active and an inactive key.
        role_missing: the audit role does not exist.
        role_denied: the audit role may not read the account summary or the report.
        root_denied: a service control policy denies the root user everything, root sessions too.
        suspended: the account is SUSPENDED.
        pending_closure: it is PENDING_CLOSURE.
        closed: it is CLOSED.
        pending_activation: it is PENDING_ACTIVATION.
        throttled: IAM gives the account one request a second.
        slow: IAM takes a second for each answer.
        failing: IAM answers every second call with an internal failure.
        unreachable: IAM resets every connection.
        endless_report: its credential report never completes.
    """

    active_key: float = 0.0
    inactive_key: float = 0.0
    two_keys: float = 0.0
    role_missing: float = 0.0
    role_denied: float = 0.0
    root_denied: float = 0.0
    suspended: float = 0.0
    pending_closure: float = 0.0
    closed: float = 0.0
    pending_activation: float = 0.0
    throttled: float = 0.0
    slow: float = 0.0
    failing: float = 0.0
    unreachable: float = 0.0
    endless_report: float = 0.0


EVERY_TROUBLE: Final = Shares(
    active_key=0.03,
    inactive_key=0.02,
    two_keys=0.01,
    role_missing=0.03,
    role_denied=0.02,
    root_denied=0.04,
    suspended=0.02,
    pending_closure=0.01,
    closed=0.01,
    pending_activation=0.01,
    throttled=0.02,
    slow=0.01,
    failing=0.01,
    unreachable=0.01,
    endless_report=0.01,
)


def generate(
    accounts: int = 300,
    *,
    seed: int = 14,
    shares: Shares = EVERY_TROUBLE,
    clock: VirtualClock | None = None,
    names: Callable[[], Iterator[MemberName]] = numbered,
) -> World:
    """Make an organization of this many accounts in the commercial partition, both features of centralized root access on.

    Its ``named`` offers ``management`` and ``security``, the delegated administrator of IAM.

    Raises:
        ValueError: fewer than 2 accounts, or shares that make up more than the members.
    """
    if accounts < 2:  # noqa: PLR2004  the management account and the delegated administrator
        raise ValueError("an organization needs 2 accounts here: the management account and a delegated administrator")
    world = World(seed=seed, description=f"an organization of {accounts} accounts", clock=clock or VirtualClock())
    world.faults = Faults(seed)
    draw = random.Random(seed)  # noqa: S311  a scenario, not a secret
    ids = draw.sample(range(10**11, 10**12), accounts)
    kinds = _kinds(shares, accounts - 2, draw)
    management = _administrator(world, ids[0], "management")
    organization = new_organization(world, management, _UNITS)
    organization.service_control.set_enabled(enabled=True)
    security = _administrator(world, ids[1], "security")
    join(organization, security, "Security")
    enable_central_access(world, organization, frozenset({"RootCredentialsManagement", "RootSessions"}), (security,))
    created_at = world.clock.now() - 900 * DAY
    for account_id, kind, member in zip(ids[2:], kinds, names(), strict=False):
        account = new_account(str(account_id), member.name, "aws", created_at)
        add_member(world, organization, account, member.unit)
        if kind is not None:
            TROUBLES[kind](world, account)
    return world


def add_member(world: World, organization: Organization, account: Account, unit: str) -> None:
    """Put an account into the unit of a generated organization, with the role and the tags that its members have.

    Raises:
        StopIteration: the organization has no such unit.
    """
    trusts = tuple(account_id for account_id, principal in world.named.values() if principal == _ADMINISTRATOR)
    account.roles = account.roles or (
        Role(AUDIT_ROLE, trusts, _AUDIT_ACTIONS),
        Role(QUARANTINE_ROLE, trusts, _LOOKUP_ACTIONS),
    )
    if unit in WORKLOAD_UNITS:
        account.tags = (("unit", unit), ("environment", unit.rpartition("/")[2].lower()))
    join(organization, account, unit)
    world.accounts[account.id] = account


def _administrator(world: World, account_id: int, name: str) -> Account:
    account = new_account(str(account_id), name, "aws", world.clock.now() - 1500 * DAY)
    add_user(world, account, "auditor", ("iam:*", "sts:*", "organizations:*"))
    world.accounts[account.id] = account
    world.named[name] = (account.id, _ADMINISTRATOR)
    return account


def _kinds(shares: Shares, members: int, draw: random.Random) -> list[str | None]:
    """Deal out the kinds of trouble, in random order."""
    wanted = {kind: max(1, round(share * members)) for kind, share in asdict(shares).items() if share > 0}
    kinds: list[str | None] = list(itertools.chain.from_iterable([kind] * count for kind, count in wanted.items()))
    if len(kinds) > members:
        raise ValueError(f"{members} member accounts are too few for these shares, which need {len(kinds)}")
    kinds += [None] * (members - len(kinds))
    draw.shuffle(kinds)
    return kinds


def _keys(*past: PastKey) -> Callable[[World, Account], None]:
    return lambda world, account: set_past(world, account, past, None)


def _state(state: AccountState, world: World, account: Account) -> None:  # noqa: ARG001  every trouble is made in the same way
    account.state = state


def _fault(rule: Callable[[str], Rule], world: World, account: Account) -> None:
    world.faults.add(rule(account.id))


def _role_missing(world: World, account: Account) -> None:  # noqa: ARG001  every trouble is made in the same way
    account.roles = ()


def _role_denied(world: World, account: Account) -> None:  # noqa: ARG001  every trouble is made in the same way
    account.roles = tuple(Role(role.name, role.trusts, ("iam:GetUser",)) for role in account.roles)


def _root_denied(world: World, account: Account) -> None:  # noqa: ARG001  every trouble is made in the same way
    account.service_control_denies = (ServiceControlDeny(),)


def _endless_report(world: World, account: Account) -> None:  # noqa: ARG001  every trouble is made in the same way
    account.report_seconds = math.inf


_ACTIVE: Final = PastKey(created=700 * DAY, last_used=12 * DAY, region="us-east-1", service="s3")
_INACTIVE: Final = PastKey(created=800 * DAY, deactivated=300 * DAY)

TROUBLES: Final[dict[str, Callable[[World, Account], None]]] = {
    "active_key": _keys(_ACTIVE),
    "inactive_key": _keys(_INACTIVE),
    "two_keys": _keys(_INACTIVE, _ACTIVE),
    "role_missing": _role_missing,
    "role_denied": _role_denied,
    "root_denied": _root_denied,
    "suspended": partial(_state, "SUSPENDED"),
    "pending_closure": partial(_state, "PENDING_CLOSURE"),
    "closed": partial(_state, "CLOSED"),
    "pending_activation": partial(_state, "PENDING_ACTIVATION"),
    "throttled": partial(_fault, lambda account: Rule(Throttle(rate=1, burst=1, shared=True), "iam", account=account)),
    "slow": partial(_fault, lambda account: Rule(Latency(1.0), "iam", account=account)),
    "failing": partial(
        _fault, lambda account: Rule(Refuse("InternalFailure", status=500), "iam", account=account, probability=0.5)
    ),
    "unreachable": partial(_fault, lambda account: Rule(Reset(), "iam", account=account)),
    "endless_report": _endless_report,
}
