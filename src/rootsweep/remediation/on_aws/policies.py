"""The quarantine's narrow interface, over AWS Organizations; imported only when AWS is asked, for its SDK is slow to import."""

from dataclasses import dataclass
from typing import Final

from rootsweep.aws import policies
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.organizations import list_tags
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.core.evidence import UnavailableReason
from rootsweep.core.removal.quarantine import MOST_ATTACHED, SharedPolicy
from rootsweep.remediation.ports import Attached, Changed, NoPolicy, PolicyType, Refused, Targets
from rootsweep.remediation.quarantine import NO_POLICY_CODE

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

    def policy_type(self) -> PolicyType | Refused:
        """Ask whether service control policies are enabled."""
        match policies.list_roots(self.session, self.access):
            case Answer(value=(root, *_)):
                return PolicyType(root.id, root.has_service_control_policies)
            case Answer(origin=origin):
                return Refused("AWS lists no root of the organization", "run the command again", None, origin.request_id)
            case Refusal() as refusal:
                return self._refused(refusal)

    def find(self, name: str) -> SharedPolicy | NoPolicy | Refused:
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

    def exists(self, policy_id: str) -> bool | Refused:
        """Ask for a policy by its id."""
        content = policies.describe_policy(self.session, self.access, policy_id)
        if isinstance(content, Refusal):
            return False if content.error_code == NO_POLICY_CODE else self._refused(content)
        return True

    def create(self, name: str, description: str, content: str, tag: tuple[str, str]) -> Changed | Refused:
        """Create a policy that is attached to nothing."""
        return self._changed(policies.create_policy(self.session, self.access, name, description, content, dict([tag])))

    def attached(self, account_id: str) -> Attached | Refused:
        """List what is attached to an account itself."""
        match policies.list_policies_for_target(self.session, self.access, account_id):
            case Answer(value=ids, origin=origin):
                return Attached(frozenset(ids.values()), frozenset(ids), origin.request_id)
            case Refusal() as refusal:
                return self._refused(refusal)

    def targets(self, policy_id: str) -> Targets | Refused:
        """List what a policy is attached to."""
        match policies.list_targets_for_policy(self.session, self.access, policy_id):
            case Answer(value=ids):
                return Targets(ids)
            case Refusal() as refusal:
                return self._refused(refusal)

    def attach(self, policy_id: str, account_id: str) -> Changed | Refused:
        """Attach a policy to an account."""
        return self._changed(policies.attach_policy(self.session, self.access, policy_id, account_id))

    def detach(self, policy_id: str, account_id: str) -> Changed | Refused:
        """Detach a policy from an account."""
        return self._changed(policies.detach_policy(self.session, self.access, policy_id, account_id))

    def delete(self, policy_id: str) -> Changed | Refused:
        """Delete a policy that is attached to nothing."""
        return self._changed(policies.delete_policy(self.session, self.access, policy_id))

    def _changed(self, outcome: Answer[str] | Answer[None] | Refusal) -> Changed | Refused:
        match outcome:
            case Answer(origin=origin):
                return Changed(origin.request_id)
            case Refusal() as refusal:
                return self._refused(refusal)

    def _refused(self, refusal: Refusal) -> Refused:
        problem, advice = _KNOWN.get(refusal.error_code or "", (refusal.problem, refusal.advice))
        if refusal.reason is UnavailableReason.ACCESS_DENIED and not self.is_management:
            advice = (
                "to be the delegated administrator for IAM is not enough: call from the management account, or let the "
                f"organization's delegation policy allow account {self.account_id} these actions: {', '.join(ACTIONS)}"
            )
        return Refused(problem, advice, refusal.error_code, refusal.origin.request_id, may_have_acted=refusal.may_have_acted)
