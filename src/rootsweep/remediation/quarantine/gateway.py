"""What the executors need of AWS Organizations, and no more: one policy, and where it is attached."""

from dataclasses import dataclass
from typing import Protocol

from rootsweep.remediation.gateway import Refused
from rootsweep.remediation.quarantine.policy import SharedPolicy


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
