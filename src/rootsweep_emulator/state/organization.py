"""An organization: its tree, its features, who may act for it, and its service control policies.

Organizations User Guide, "SCPs", for the policies and what they are attached to.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from rootsweep_emulator.state.account import Account, Eventual, Partition
from rootsweep_emulator.state.policy_document import Statement, read_document

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
        """Return the ids of the policies that are attached to a node itself."""
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


Feature = Literal["RootCredentialsManagement", "RootSessions"]
FEATURES: Final[tuple[Feature, ...]] = ("RootCredentialsManagement", "RootSessions")
IAM_PRINCIPAL: Final = "iam.amazonaws.com"
"""The service principal of centralized root access (IAM User Guide, "Centrally manage root access for member accounts")."""


@dataclass(frozen=True, slots=True)
class OrganizationalUnit:
    """An organizational unit; ``parent_id`` is the root's or another unit's."""

    id: str
    name: str
    parent_id: str


@dataclass(slots=True)
class Organization:
    """An organization with all features.

    Attributes:
        accounts: every account, the management account among them, in the order that ListAccounts gives.
        features: the enabled features of centralized root access, as readers come to see them.
        trusted_access: service principal to the epoch seconds it was enabled at.
        delegated_administrators: service principal to account id to the epoch seconds of registration.
        service_control: the service control policies and their attachments.
        delegation_policy: account id to the action patterns, in lower case, that the organization's resource-based delegation
            policy allows it (Organizations User Guide, "Delegated administrator for AWS Organizations").
        tags: the tags of the root, of units and of policies by their id; an account holds its own.
        empty_page_every: ListAccounts answers an empty page with a NextToken before each n-th page; 0 for never
            (Organizations API reference, ListAccounts: "can return a null NextToken", "an empty page ... with NextToken").
        shows_retired_status: answers carry ``Account.Status`` too, as until its retirement on 2026-09-09.
    """

    id: str
    root_id: str
    partition: Partition
    management_account_id: str
    accounts: list[Account] = field(default_factory=list)
    units: dict[str, OrganizationalUnit] = field(default_factory=dict)
    features: Eventual[frozenset[Feature]] = field(default_factory=lambda: Eventual(frozenset()))
    trusted_access: Eventual[dict[str, float]] = field(default_factory=lambda: Eventual({}))
    delegated_administrators: Eventual[dict[str, dict[str, float]]] = field(default_factory=lambda: Eventual({}))
    service_control: ServiceControlPolicies = field(default_factory=ServiceControlPolicies)
    delegation_policy: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tags: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    empty_page_every: int = 0
    shows_retired_status: bool = False

    def children(self, parent_id: str) -> list[Account]:
        """List the accounts that stand directly in the root or unit ``parent_id``."""
        return [account for account in self.accounts if account.parent_id == parent_id]

    def path(self, account: Account) -> Iterator[str]:
        """Return the ids from an account up to the root: its own, its units', the root's."""
        yield account.id
        node = account.parent_id or self.root_id
        while node != self.root_id:
            yield node
            node = self.units[node].parent_id
        yield self.root_id

    def is_delegate(self, account_id: str, now: float, service_principal: str | None = None) -> bool:
        """Return whether the account is seen at ``now`` as delegated administrator of the service, or of any service."""
        delegates = self.delegated_administrators.seen(now)
        if service_principal is not None:
            return account_id in delegates.get(service_principal, {})
        return any(account_id in registered for registered in delegates.values())
