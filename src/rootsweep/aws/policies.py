"""The calls of AWS Organizations about service control policies (Organizations API reference).

They answer to the management account, and to a member account that the organization's delegation policy allows them; what only
reads answers to every delegated administrator. Lists are read to their end.
"""

from dataclasses import dataclass
from typing import Final

from rootsweep.aws.call import Response, ask
from rootsweep.aws.paging import every_page
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.core.answer import Answer, Refusal

SERVICE_CONTROL_POLICY: Final = "SERVICE_CONTROL_POLICY"


@dataclass(frozen=True, slots=True)
class Root:
    """The root of an organization, and whether service control policies are enabled in it."""

    id: str
    has_service_control_policies: bool


def list_roots(session: Session, access: AccountAccess) -> Answer[tuple[Root, ...]] | Refusal:
    """Ask for the roots, of which an organization has one (ListRoots)."""
    return ask(
        session,
        access,
        "organizations:ListRoots",
        lambda organizations: every_page(organizations.list_roots, "Roots"),
        lambda response: tuple(Root(root["Id"], _has_policies(root)) for root in response["Roots"]),
    )


def list_policies(session: Session, access: AccountAccess) -> Answer[dict[str, str]] | Refusal:
    """Ask for all service control policies: their ids by their names, which are unique (ListPolicies)."""
    return ask(
        session,
        access,
        "organizations:ListPolicies",
        lambda organizations: every_page(organizations.list_policies, "Policies", Filter=SERVICE_CONTROL_POLICY),
        lambda response: {policy["Name"]: policy["Id"] for policy in response["Policies"]},
    )


def describe_policy(session: Session, access: AccountAccess, policy_id: str) -> Answer[str] | Refusal:
    """Ask for the content of a policy (DescribePolicy)."""
    return ask(
        session,
        access,
        "organizations:DescribePolicy",
        lambda organizations: organizations.describe_policy(PolicyId=policy_id),
        lambda response: str(response["Policy"]["Content"]),
    )


def list_policies_for_target(session: Session, access: AccountAccess, target_id: str) -> Answer[dict[str, str]] | Refusal:
    """Ask for the service control policies attached to a target itself: their ids by their names (ListPoliciesForTarget)."""
    return ask(
        session,
        access,
        "organizations:ListPoliciesForTarget",
        lambda organizations: every_page(
            organizations.list_policies_for_target, "Policies", TargetId=target_id, Filter=SERVICE_CONTROL_POLICY
        ),
        lambda response: {policy["Name"]: policy["Id"] for policy in response["Policies"]},
    )


def list_targets_for_policy(session: Session, access: AccountAccess, policy_id: str) -> Answer[tuple[str, ...]] | Refusal:
    """Ask for the ids of the roots, units and accounts that a policy is attached to (ListTargetsForPolicy)."""
    return ask(
        session,
        access,
        "organizations:ListTargetsForPolicy",
        lambda organizations: every_page(organizations.list_targets_for_policy, "Targets", PolicyId=policy_id),
        lambda response: tuple(target["TargetId"] for target in response["Targets"]),
    )


def create_policy(  # noqa: PLR0913, PLR0917  a policy is what it consists of
    session: Session, access: AccountAccess, name: str, description: str, content: str, tags: dict[str, str]
) -> Answer[str] | Refusal:
    """Create a service control policy that is attached to nothing, and give its id (CreatePolicy)."""
    return ask(
        session,
        access,
        "organizations:CreatePolicy",
        lambda organizations: organizations.create_policy(
            Name=name,
            Description=description,
            Content=content,
            Type=SERVICE_CONTROL_POLICY,
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        ),
        lambda response: str(response["Policy"]["PolicySummary"]["Id"]),
    )


def attach_policy(session: Session, access: AccountAccess, policy_id: str, target_id: str) -> Answer[None] | Refusal:
    """Attach a policy to a target (AttachPolicy)."""
    return ask(
        session,
        access,
        "organizations:AttachPolicy",
        lambda organizations: organizations.attach_policy(PolicyId=policy_id, TargetId=target_id),
        lambda _: None,
    )


def detach_policy(session: Session, access: AccountAccess, policy_id: str, target_id: str) -> Answer[None] | Refusal:
    """Detach a policy from a target (DetachPolicy)."""
    return ask(
        session,
        access,
        "organizations:DetachPolicy",
        lambda organizations: organizations.detach_policy(PolicyId=policy_id, TargetId=target_id),
        lambda _: None,
    )


def delete_policy(session: Session, access: AccountAccess, policy_id: str) -> Answer[None] | Refusal:
    """Delete a policy that is attached to nothing (DeletePolicy)."""
    return ask(
        session,
        access,
        "organizations:DeletePolicy",
        lambda organizations: organizations.delete_policy(PolicyId=policy_id),
        lambda _: None,
    )


def _has_policies(root: Response) -> bool:
    return any(one["Type"] == SERVICE_CONTROL_POLICY and one["Status"] == "ENABLED" for one in root["PolicyTypes"])
