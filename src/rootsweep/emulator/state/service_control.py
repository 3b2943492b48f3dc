"""The service control policies of an organization, and what they are attached to (Organizations User Guide, "SCPs")."""

from dataclasses import dataclass, field
from typing import Final

from rootsweep.emulator.state.policy_document import Statement, read_document

FULL_ACCESS_ID: Final = "p-FullAWSAccess"
_FULL_ACCESS: Final = (FULL_ACCESS_ID,)
_FULL_ACCESS_DOCUMENT: Final = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "*",
      "Resource": "*"
    }
  ]
}"""


@dataclass(frozen=True, slots=True)
class Policy:
    """A service control policy; ``statements`` are those of its ``content``."""

    id: str
    name: str
    description: str
    content: str
    statements: tuple[Statement, ...]
    aws_managed: bool = False


FULL_ACCESS: Final = Policy(
    FULL_ACCESS_ID,
    "FullAWSAccess",
    "Allows access to every operation",
    _FULL_ACCESS_DOCUMENT,
    read_document(_FULL_ACCESS_DOCUMENT),
    aws_managed=True,
)
"""The policy that AWS attaches to the root, every unit and every account when the type is enabled."""


@dataclass(slots=True)
class ServiceControlPolicies:
    """The policies, and which of them each node has: the root, a unit or an account, by its id.

    Changes are seen at once (Organizations API reference, DetachPolicy: "the changes to permissions ... are immediate").

    Attributes:
        enabled: the policy type is enabled in the root.
        customer: the customer's policies by id.
        attachments: the policy ids of each node that has other than FullAWSAccess alone; empty means that no call is denied.
    """

    enabled: bool = False
    customer: dict[str, Policy] = field(default_factory=dict)
    attachments: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def policy(self, policy_id: str) -> Policy | None:
        """Find a policy by its id."""
        return FULL_ACCESS if policy_id == FULL_ACCESS_ID else self.customer.get(policy_id)

    def policies(self) -> list[Policy]:
        """List every policy, AWS's first."""
        return [FULL_ACCESS, *self.customer.values()]

    def attached(self, node: str) -> tuple[str, ...]:
        """Give the ids of the policies that are attached to a node itself."""
        return self.attachments.get(node, _FULL_ACCESS) if self.enabled else ()

    def set_attached(self, node: str, policy_ids: tuple[str, ...]) -> None:
        """Attach exactly these policies to a node."""
        if policy_ids == _FULL_ACCESS:
            self.attachments.pop(node, None)
        else:
            self.attachments[node] = policy_ids

    def set_enabled(self, *, enabled: bool) -> None:
        """Enable or disable the type, either with FullAWSAccess alone attached once it is enabled.

        Organizations User Guide, "Disabling a policy type": all policies of the type are then detached from all entities.
        """
        self.enabled = enabled
        self.attachments.clear()
