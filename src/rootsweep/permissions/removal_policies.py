"""The policies of the principals that remove keys and that quarantine them, beside the one that audits."""

from enum import StrEnum
from typing import Final, assert_never

from rootsweep.permissions.policy_document import Document, allow, policy

_TASKS: Final = ("IAMAuditRootUserCredentials", "IAMDeleteRootUserCredentials")
_DESCRIBE_ORGANIZATION: Final = "organizations:DescribeOrganization"
_OF_SERVICE_CONTROL_POLICIES: Final = (
    "organizations:AttachPolicy",
    "organizations:CreatePolicy",
    "organizations:DeletePolicy",
    "organizations:DescribePolicy",
    "organizations:DetachPolicy",
    "organizations:ListPolicies",
    "organizations:ListPoliciesForTarget",
    "organizations:ListTargetsForPolicy",
)
"""What knows the condition key organizations:PolicyType (Service Authorization Reference, AWS Organizations)."""


class Purpose(StrEnum):
    """What the credentials are for."""

    AUDIT = "audit"
    APPLY = "apply"
    QUARANTINE = "quarantine"


def removal_policy(purpose: Purpose, partition: str) -> Document:
    """Build the policy for ``apply`` (and ``rehearse``) or for ``quarantine``; ``ValueError`` for ``audit``.

    Service Authorization Reference, AWS STS: AssumeRoot acts on the resource type root-user, and its condition key
    sts:TaskPolicyArn is an ARN.
    """
    match purpose:
        case Purpose.APPLY:
            tasks = [f"arn:{partition}:iam::aws:policy/root-task/{task}" for task in _TASKS]
            sessions = allow(
                "OpenRootSessionsThatAuditAndDelete",
                ("sts:AssumeRoot",),
                f"arn:{partition}:iam::*:root",
                condition={"ArnEquals": {"sts:TaskPolicyArn": tasks}},
            )
            return policy(sessions, allow("TellOrganization", (_DESCRIBE_ORGANIZATION,)))
        case Purpose.QUARANTINE:
            policies = allow(
                "AttachAndDetachTheQuarantine",
                _OF_SERVICE_CONTROL_POLICIES,
                condition={"StringEquals": {"organizations:PolicyType": "SERVICE_CONTROL_POLICY"}},
            )
            seen = (
                _DESCRIBE_ORGANIZATION,
                "organizations:ListRoots",
                "organizations:ListTagsForResource",
                "organizations:TagResource",
            )
            return policy(policies, allow("TellOrganizationAndTagPolicies", seen))
        case Purpose.AUDIT:
            raise ValueError(purpose)
        case _:
            assert_never(purpose)
