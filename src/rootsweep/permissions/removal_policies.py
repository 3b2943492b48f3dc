"""The policies of the principals that remove keys and that quarantine them, beside the one that audits."""

from enum import StrEnum
from typing import Final, assert_never

from rootsweep.permissions.policy_document import Document, Statement, allow, policy

_TASKS: Final = ("IAMAuditRootUserCredentials", "IAMDeleteRootUserCredentials")
_DESCRIBE_ORGANIZATION: Final = "organizations:DescribeOrganization"
_SERVICE_CONTROL_POLICIES_ALONE: Final[Document] = {"StringEquals": {"organizations:PolicyType": "SERVICE_CONTROL_POLICY"}}


class Purpose(StrEnum):
    """What the credentials are for."""

    AUDIT = "audit"
    APPLY = "apply"
    QUARANTINE = "quarantine"


def removal_policy(purpose: Purpose, partition: str) -> Document:
    """Build the policy for ``apply`` (and ``rehearse``) or for ``quarantine``; ``ValueError`` for ``audit``."""
    match purpose:
        case Purpose.APPLY:
            return policy(_open_root_sessions(partition), allow("TellOrganization", (_DESCRIBE_ORGANIZATION,)))
        case Purpose.QUARANTINE:
            return policy(*_quarantine(partition))
        case Purpose.AUDIT:
            raise ValueError(purpose)
        case _:
            assert_never(purpose)


def _open_root_sessions(partition: str) -> Statement:
    """Allow root sessions for two tasks.

    Service Authorization Reference, AWS STS: AssumeRoot acts on the resource type root-user, and its condition key
    sts:TaskPolicyArn is an ARN.
    """
    return allow(
        "OpenRootSessionsThatAuditAndDelete",
        ("sts:AssumeRoot",),
        f"arn:{partition}:iam::*:root",
        condition={
            "ArnEquals": {"sts:TaskPolicyArn": [f"arn:{partition}:iam::aws:policy/root-task/{task}" for task in _TASKS]}
        },
    )


def _quarantine(partition: str) -> list[Statement]:
    """Allow what quarantine does to its policy, which attaches to accounts alone.

    Service Authorization Reference, AWS Organizations, for the resource types and condition keys; the ARN of a policy that is
    yet to be created is that of Organizations User Guide, "Resource-based policy examples". Tagging is bound by that ARN alone,
    as there: that CreatePolicy tells organizations:PolicyType when it tags is not documented.
    """
    policies = f"arn:{partition}:organizations::*:policy/o-*/service_control_policy/*"
    accounts = f"arn:{partition}:organizations::*:account/o-*/*"
    return [
        allow(
            "CreateAndDeleteTheQuarantine",
            (
                "organizations:CreatePolicy",
                "organizations:DeletePolicy",
                "organizations:DescribePolicy",
                "organizations:ListTargetsForPolicy",
            ),
            policies,
            condition=_SERVICE_CONTROL_POLICIES_ALONE,
        ),
        allow("TagTheQuarantine", ("organizations:ListTagsForResource", "organizations:TagResource"), policies),
        allow(
            "AttachAndDetachTheQuarantine",
            ("organizations:AttachPolicy", "organizations:DetachPolicy"),
            policies,
            accounts,
            condition=_SERVICE_CONTROL_POLICIES_ALONE,
        ),
        allow(
            "ListPoliciesOfAccounts",
            ("organizations:ListPoliciesForTarget",),
            accounts,
            condition=_SERVICE_CONTROL_POLICIES_ALONE,
        ),
        allow("FindTheQuarantine", ("organizations:ListPolicies",), condition=_SERVICE_CONTROL_POLICIES_ALONE),
        allow("TellOrganization", (_DESCRIBE_ORGANIZATION, "organizations:ListRoots")),
    ]
