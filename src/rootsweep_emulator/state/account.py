"""An account: its root user, IAM users, roles, and what its credential report was made of.

All times are seconds since the epoch, UTC. Readers see a change late, for IAM is eventually consistent (IAM User Guide,
"Troubleshoot IAM", "Changes that I make are not always immediately visible"). How long it takes is not documented; captured AWS
answers (commercial partition, September 2026) show up to 180 s after a delegated administrator is removed.
"""

from dataclasses import dataclass, field
from typing import Final, Generic, Literal, TypeVar

T = TypeVar("T")


class Eventual(Generic[T]):
    """The truth, and what readers see until each of its changes has spread."""

    __slots__ = ("_older", "truth")

    def __init__(self, truth: T) -> None:
        self.truth = truth
        self._older: list[tuple[float, T]] | None = None

    def seen(self, now: float) -> T:
        """Return the value that a reader sees at ``now`` (epoch seconds)."""
        if self._older is not None:
            self._older = [entry for entry in self._older if now < entry[0]] or None
        return self.truth if self._older is None else self._older[0][1]

    def write(self, value: T, *, visible_at: float) -> None:
        """Change the truth; until ``visible_at`` (epoch seconds) readers see what was there before."""
        self._older = [*(self._older or []), (visible_at, self.truth)]
        self.truth = value


Partition = Literal["aws", "aws-us-gov", "aws-cn", "aws-eusc"]
PARTITIONS: Final[tuple[Partition, ...]] = ("aws", "aws-us-gov", "aws-cn", "aws-eusc")

AccountState = Literal["PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"]
ACCOUNT_STATES: Final[tuple[AccountState, ...]] = ("PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED")

KeyStatus = Literal["Active", "Inactive", "Expired"]
KEY_STATUSES: Final[tuple[KeyStatus, ...]] = ("Active", "Inactive", "Expired")

DEFAULT_REPORT_SECONDS: Final = 2.0
"""How long a report of 52 rows took in captured AWS answers (commercial partition, September 2026)."""


@dataclass(frozen=True, slots=True)
class LastUse:
    """When, where and on which service a key was last used (IAM API reference, AccessKeyLastUsed)."""

    at: float
    region: str
    service: str


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A long-term access key. ``slot`` is its pair of columns in the credential report, 1 or 2, whatever its age."""

    id: str
    slot: int
    status: KeyStatus
    created_at: float
    last_used: LastUse | None = None


Keys = tuple[AccessKey, ...]


@dataclass(slots=True)
class RootUser:
    """The root user and its credentials."""

    keys: Eventual[Keys]
    has_password: bool = True
    has_mfa: bool = True
    password_last_used_at: float | None = None
    password_changed_at: float | None = None


@dataclass(slots=True)
class User:
    """An IAM user. ``actions`` are the patterns that its identity-based policy allows, such as ``iam:Get*``."""

    name: str
    created_at: float
    keys: Eventual[Keys]
    actions: tuple[str, ...] = ("*",)
    has_password: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A role. ``trusts`` are the account ids or principal ARNs of its trust policy."""

    name: str
    trusts: tuple[str, ...]
    actions: tuple[str, ...] = ("*",)
    external_id: str | None = None
    max_session_seconds: int = 3600


@dataclass(frozen=True, slots=True)
class ServiceControlDeny:
    """A Deny statement of a service control policy on this account.

    Attributes:
        actions: action patterns that it denies.
        root_only: it holds ``ArnLike aws:PrincipalArn arn:*:iam::*:root`` as its condition.
        exempts_root_sessions: it also holds ``"Null": {"aws:AssumedRoot": "true"}``, so that root sessions are spared (AWS
            Control Tower, AWS-GR_RESTRICT_ROOT_USER, parameter ExemptAssumeRoot).
    """

    actions: tuple[str, ...] = ("*",)
    root_only: bool = True
    exempts_root_sessions: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A credential report that was asked for at ``started_at`` and can be fetched from ``ready_at``."""

    started_at: float
    ready_at: float
    content: bytes


@dataclass(slots=True)
class Account:
    """An AWS account.

    Attributes:
        parent_id: the root or organizational unit that it stands in; None outside an organization.
        invited: it joined by invitation, not by CreateAccount.
        report_seconds: how long a credential report takes; infinity for one that never completes.
    """

    id: str
    name: str
    partition: Partition
    created_at: float
    root: RootUser
    state: AccountState = "ACTIVE"
    users: tuple[User, ...] = ()
    roles: tuple[Role, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    alias: str | None = None
    organization_id: str | None = None
    parent_id: str | None = None
    invited: bool = False
    service_control_denies: tuple[ServiceControlDeny, ...] = ()
    report: Report | None = None
    report_seconds: float = field(default=DEFAULT_REPORT_SECONDS)

    @property
    def email(self) -> str:
        """Return the address of the root user, under the domain kept for examples (RFC 2606)."""
        return f"{self.name.lower().replace(' ', '-')}@example.com"

    @property
    def root_arn(self) -> str:
        """Return the ARN of the root user."""
        return f"arn:{self.partition}:iam::{self.id}:root"

    def user(self, name: str) -> User | None:
        """Find an IAM user by its name."""
        return next((user for user in self.users if user.name == name), None)

    def role(self, name: str) -> Role | None:
        """Find a role by its name."""
        return next((role for role in self.roles if role.name == name), None)


def free_slot(keys: Keys) -> int:
    """Return the lowest pair of report columns that no key takes.

    Assumption: AWS fills the first free pair; that their order is not the order of creation is captured.
    """
    taken = {key.slot for key in keys}
    slot = 1
    while slot in taken:
        slot += 1
    return slot


# The Regions of each partition, a handful of the commercial one (Account Management Reference Guide, "Regions").

OptInStatus = Literal["opt-in-not-required", "opted-in", "not-opted-in"]


@dataclass(frozen=True, slots=True)
class Region:
    """A Region, and whether every account has it enabled."""

    name: str
    opt_in_status: OptInStatus = "opt-in-not-required"


HOME_REGION: Final[dict[Partition, str]] = {
    "aws": "us-east-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-cn": "cn-north-1",
    "aws-eusc": "eusc-de-east-1",
}
"""The Region of each partition that IAM is in."""

REGIONS: Final[dict[Partition, tuple[Region, ...]]] = {
    "aws": (
        Region("us-east-1"),
        Region("us-west-2"),
        Region("eu-west-1"),
        Region("eu-central-1"),
        Region("ap-southeast-2"),
        Region("af-south-1", "not-opted-in"),
    ),
    "aws-us-gov": (Region("us-gov-west-1"), Region("us-gov-east-1")),
    "aws-cn": (Region("cn-north-1"), Region("cn-northwest-1")),
    "aws-eusc": (Region("eusc-de-east-1"),),
}

DNS_SUFFIX: Final[dict[Partition, str]] = {
    "aws": "amazonaws.com",
    "aws-us-gov": "amazonaws.com",
    "aws-cn": "amazonaws.com.cn",
    "aws-eusc": "amazonaws.eu",
}
