"""What the executors need of AWS, and no more: sessions in an account, service control policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import AccessKey, KeyStatus
from rootsweep.core.organization import Account
from rootsweep.core.removal.central_access import Step
from rootsweep.core.removal.quarantine import SharedPolicy

NO_KEY_CODE: Final = "NoSuchEntity"
"""What AWS answers to the deletion of a key that does not exist (IAM API reference, DeleteAccessKey, "Errors")."""

Keys = Answer[tuple[AccessKey, ...]] | Refusal
"""The root user's keys, each with its last use."""


class AuditingSession(Protocol):
    """A root session that may only read (task IAMAuditRootUserCredentials)."""

    def list_keys(self) -> Keys:
        """List the root user's keys."""

    def read_flag(self) -> Answer[bool] | Refusal:
        """Ask the account summary whether a root key exists, active or not."""


class DeletingSession(Protocol):
    """A root session that may list and delete keys (task IAMDeleteRootUserCredentials)."""

    def list_keys(self) -> Keys:
        """List the root user's keys."""

    def delete_key(self, key_id: str) -> Answer[object] | Refusal:
        """Delete one key, for good."""


class RootUser(AuditingSession, Protocol):
    """The root user, by its own credentials."""

    def set_status(self, key_id: str, status: KeyStatus) -> Answer[object] | Refusal:
        """Make one key active or inactive."""

    def delete_key(self, key_id: str) -> Answer[object] | Refusal:
        """Delete one key, for good."""


class Gateway(Protocol):
    """Opens sessions in member accounts."""

    def open_deleting(self, account: Account) -> DeletingSession | Refusal:
        """Open a session that may delete."""

    def open_auditing(self, account: Account) -> AuditingSession | Refusal:
        """Open a session that may only read."""


class Organization(Protocol):
    """The parts of centralized root access."""

    def look(self, step: Step) -> Answer[bool] | Refusal:
        """Ask whether the part is enabled."""

    def enable(self, step: Step) -> Answer[object] | Refusal:
        """Enable the part."""


@dataclass(frozen=True, slots=True)
class NoPolicy:
    """No policy has the shared policy's name."""


@dataclass(frozen=True, slots=True)
class PolicyType:
    """Whether service control policies are enabled in the root of the organization, whose id this is."""

    root_id: str
    is_enabled: bool


class PolicyGateway(Protocol):
    """Reads and changes the shared policy and its attachments, by the caller's own credentials."""

    def policy_type(self) -> PolicyType | Refusal:
        """Ask whether service control policies are enabled."""

    def find(self, name: str) -> SharedPolicy | NoPolicy | Refusal:
        """Look for a policy of this name."""

    def exists(self, policy_id: str) -> bool | Refusal:
        """Ask for a policy by its id."""

    def create(self, name: str, description: str, content: str, tag: tuple[str, str]) -> Answer[str] | Refusal:
        """Create a policy that is attached to nothing; answers its id."""

    def attached(self, account_id: str) -> Answer[Mapping[str, str]] | Refusal:
        """List what is attached to an account itself, by name; answers the ids."""

    def targets(self, policy_id: str) -> Answer[tuple[str, ...]] | Refusal:
        """List the ids of the roots, units and accounts that a policy is attached to."""

    def attach(self, policy_id: str, account_id: str) -> Answer[object] | Refusal:
        """Attach a policy to an account."""

    def detach(self, policy_id: str, account_id: str) -> Answer[object] | Refusal:
        """Detach a policy from an account."""

    def delete(self, policy_id: str) -> Answer[object] | Refusal:
        """Delete a policy that is attached to nothing."""
