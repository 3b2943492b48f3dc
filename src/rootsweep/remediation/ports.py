"""What the executors need of AWS, and no more: sessions in an account, service control policies."""

from dataclasses import dataclass
from typing import Final, Protocol

from rootsweep.core.evidence import AccessKey
from rootsweep.core.organization import Account
from rootsweep.core.removal.quarantine import SharedPolicy

NO_KEY_CODE: Final = "NoSuchEntity"
"""What AWS answers to the deletion of a key that does not exist (IAM API reference, DeleteAccessKey, "Errors")."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A call without an answer: ``problem`` and ``advice`` are clauses, ``code`` is AWS's own where AWS answered.

    ``may_have_acted`` says that AWS may have acted all the same, so that a change has to be asked about; ``may_pass`` that the
    same call may be answered otherwise in a moment.
    """

    problem: str
    advice: str
    code: str | None
    request_id: str | None
    may_have_acted: bool = False
    may_pass: bool = False


@dataclass(frozen=True, slots=True)
class ListedKeys:
    """The root user's keys, each with its last use, and the request that listed them."""

    keys: tuple[AccessKey, ...]
    request_id: str | None


@dataclass(frozen=True, slots=True)
class KeyFlag:
    """Whether the account summary shows a root key, active or not, and the request that told it."""

    present: bool
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Deleted:
    """AWS has answered that a key is deleted."""

    request_id: str | None


class DeletingSession(Protocol):
    """A root session that may list and delete keys (task IAMDeleteRootUserCredentials)."""

    def list_keys(self) -> ListedKeys | Refused:
        """List the root user's keys."""

    def delete_key(self, key_id: str) -> Deleted | Refused:
        """Delete one key, for good."""


class AuditingSession(Protocol):
    """A root session that may only read (task IAMAuditRootUserCredentials)."""

    def list_keys(self) -> ListedKeys | Refused:
        """List the root user's keys."""

    def read_flag(self) -> KeyFlag | Refused:
        """Ask the account summary whether a root key exists."""


class Gateway(Protocol):
    """Opens sessions in member accounts."""

    def open_deleting(self, account: Account) -> DeletingSession | Refused:
        """Open a session that may delete."""

    def open_auditing(self, account: Account) -> AuditingSession | Refused:
        """Open a session that may only read."""


# What the executors need of AWS Organizations, and no more: one policy, and where it is attached.


@dataclass(frozen=True, slots=True)
class NoPolicy:
    """No policy has the shared policy's name."""


@dataclass(frozen=True, slots=True)
class PolicyType:
    """Whether service control policies are enabled in the root of the organization, whose id this is."""

    root_id: str
    is_enabled: bool


@dataclass(frozen=True, slots=True)
class Attached:
    """The ids and names of the service control policies attached to an account itself, and the request that listed them."""

    policy_ids: frozenset[str]
    names: frozenset[str]
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Targets:
    """The ids of the roots, units and accounts that a policy is attached to."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """AWS has answered that a change is made."""

    request_id: str | None


class PolicyGateway(Protocol):
    """Reads and changes the shared policy and its attachments, by the caller's own credentials."""

    def policy_type(self) -> PolicyType | Refused:
        """Ask whether service control policies are enabled."""

    def find(self, name: str) -> SharedPolicy | NoPolicy | Refused:
        """Look for a policy of this name."""

    def exists(self, policy_id: str) -> bool | Refused:
        """Ask for a policy by its id."""

    def create(self, name: str, description: str, content: str, tag: tuple[str, str]) -> Changed | Refused:
        """Create a policy that is attached to nothing."""

    def attached(self, account_id: str) -> Attached | Refused:
        """List what is attached to an account itself."""

    def targets(self, policy_id: str) -> Targets | Refused:
        """List what a policy is attached to."""

    def attach(self, policy_id: str, account_id: str) -> Changed | Refused:
        """Attach a policy to an account."""

    def detach(self, policy_id: str, account_id: str) -> Changed | Refused:
        """Detach a policy from an account."""

    def delete(self, policy_id: str) -> Changed | Refused:
        """Delete a policy that is attached to nothing."""
