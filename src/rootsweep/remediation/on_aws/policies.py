"""The quarantine's narrow interface, over AWS Organizations; imported only when AWS is asked, for its SDK is slow to import."""

from dataclasses import dataclass, replace
from typing import Final, TypeVar

from rootsweep.aws import policies
from rootsweep.aws.organizations import list_tags
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import UnavailableReason
from rootsweep.core.removal.quarantine import MOST_ATTACHED, SharedPolicy
from rootsweep.remediation.ports import NoPolicy, PolicyType
from rootsweep.remediation.quarantine import NO_POLICY_CODE

T = TypeVar("T")

ACTIONS: Final = (
    "organizations:CreatePolicy",
    "organizations:AttachPolicy",
    "organizations:DetachPolicy",
    "organizations:DeletePolicy",
    "organizations:ListPolicies",
    "organizations:DescribePolicy",
    "organizations:ListPoliciesForTarget",
    "organizations:ListTargetsForPolicy",
    "organizations:ListRoots",
    "organizations:TagResource",
    "organizations:ListTagsForResource",
)
"""What a delegation policy must allow (Organizations User Guide, "Delegated administrator for AWS Organizations")."""

_KNOWN: Final = {
    "ConstraintViolationException": (
        "a limit of AWS Organizations is reached",
        f"an account has at most {MOST_ATTACHED} service control policies of its own: detach or merge one of them",
    ),
    "PolicyTypeNotEnabledException": (
        "service control policies are not enabled in the organization",
        "enable them in the management account",
    ),
    "TargetNotFoundException": ("the organization has no such account", "make a new plan"),
    "PolicyInUseException": ("the policy is still attached somewhere", "lift the quarantine there first"),
    "ConcurrentModificationException": ("another change to the organization is under way", "run the command again"),
    "PolicyChangesInProgressException": ("another change to the policies is under way", "run the command again"),
}
"""What AWS Organizations' codes mean here (Organizations API reference, AttachPolicy and DeletePolicy, "Errors")."""


@dataclass(frozen=True, slots=True)
class OrganizationPolicies:
    """The policies of the caller's organization; ``is_management`` says whether its management account calls."""

    session: Session
    access: AccountAccess
    account_id: str
    is_management: bool

    def policy_type(self) -> PolicyType | Refusal:
        """Ask whether service control policies are enabled."""
        match policies.list_roots(self.session, self.access):
            case Answer(value=(root, *_)):
                return PolicyType(root.id, root.has_service_control_policies)
            case Answer(origin=origin):
                problem = "AWS lists no root of the organization"
                return Refusal(problem, "run the command again", UnavailableReason.UNUSABLE_ANSWER, origin)
            case Refusal() as refusal:
                return self._refused(refusal)

    def find(self, name: str) -> SharedPolicy | NoPolicy | Refusal:
        """Look for a policy of this name; a policy that goes away meanwhile is none."""
        listed = policies.list_policies(self.session, self.access)
        if isinstance(listed, Refusal):
            return self._refused(listed)
        policy_id = listed.value.get(name)
        if policy_id is None:
            return NoPolicy()
        content = policies.describe_policy(self.session, self.access, policy_id)
        if isinstance(content, Refusal):
            return NoPolicy() if content.error_code == NO_POLICY_CODE else self._refused(content)
        tags = list_tags(self.session, self.access, policy_id)
        if isinstance(tags, Refusal):
            return self._refused(tags)
        return SharedPolicy(policy_id, content.value, tags.value)

    def exists(self, policy_id: str) -> bool | Refusal:
        """Ask for a policy by its id."""
        content = policies.describe_policy(self.session, self.access, policy_id)
        if isinstance(content, Refusal):
            return False if content.error_code == NO_POLICY_CODE else self._refused(content)
        return True

    def create(self, name: str, description: str, content: str, tag: tuple[str, str]) -> Answer[str] | Refusal:
        """Create a policy that is attached to nothing."""
        return self._told(policies.create_policy(self.session, self.access, name, description, content, dict([tag])))

    def attached(self, account_id: str) -> Answer[dict[str, str]] | Refusal:
        """List what is attached to an account itself."""
        return self._told(policies.list_policies_for_target(self.session, self.access, account_id))

    def targets(self, policy_id: str) -> Answer[tuple[str, ...]] | Refusal:
        """List what a policy is attached to."""
        return self._told(policies.list_targets_for_policy(self.session, self.access, policy_id))

    def attach(self, policy_id: str, account_id: str) -> Answer[None] | Refusal:
        """Attach a policy to an account."""
        return self._told(policies.attach_policy(self.session, self.access, policy_id, account_id))

    def detach(self, policy_id: str, account_id: str) -> Answer[None] | Refusal:
        """Detach a policy from an account."""
        return self._told(policies.detach_policy(self.session, self.access, policy_id, account_id))

    def delete(self, policy_id: str) -> Answer[None] | Refusal:
        """Delete a policy that is attached to nothing."""
        return self._told(policies.delete_policy(self.session, self.access, policy_id))

    def _told(self, outcome: Answer[T] | Refusal) -> Answer[T] | Refusal:
        return self._refused(outcome) if isinstance(outcome, Refusal) else outcome

    def _refused(self, refusal: Refusal) -> Refusal:
        problem, advice = _KNOWN.get(refusal.error_code or "", (refusal.problem, refusal.advice))
        if refusal.reason is UnavailableReason.ACCESS_DENIED and not self.is_management:
            advice = (
                "to be the delegated administrator for IAM is not enough: call from the management account, or let the "
                f"organization's delegation policy allow account {self.account_id} these actions: {', '.join(ACTIONS)}"
            )
        return replace(refusal, problem=problem, advice=advice)
