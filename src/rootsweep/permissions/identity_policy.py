"""The policy of the principal that audits: the IAM role or user whose credentials run rootsweep."""

from typing import Final, assert_never

from rootsweep.model.evidence import Access
from rootsweep.permissions.policy_document import READ_OWN_ACCOUNT, Document, Statement, allow, policy
from rootsweep.permissions.setup import Setup

_LIST_ORGANIZATION: Final = (
    "organizations:DescribeOrganization",
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListRoots",
    "organizations:ListTagsForResource",
)

_SEE_WHAT_IS_ENABLED: Final = "iam:ListOrganizationsFeatures"


def identity_policy(setup: Setup) -> Document:
    """Build the policy; ``sts:GetCallerIdentity`` needs none (STS API reference, GetCallerIdentity)."""
    own = allow("ReadOwnAccount", READ_OWN_ACCOUNT)
    match setup.access:
        case Access.ROOT_SESSION:
            listing = allow("ListOrganization", (*_LIST_ORGANIZATION, _SEE_WHAT_IS_ENABLED))
            return policy(_open_root_sessions(setup.partition), listing, own)
        case Access.ROLE:
            return policy(_assume_role(setup), allow("ListOrganization", _LIST_ORGANIZATION), own)
        case Access.OWN:
            return policy(own)
        case Access.ROOT | Access.FILES:
            raise ValueError(setup.access)
        case _:
            assert_never(setup.access)


def _open_root_sessions(partition: str) -> Statement:
    """Allow root sessions for the audit task alone.

    Service Authorization Reference, AWS STS: AssumeRoot acts on the resource type root-user, and its condition key
    sts:TaskPolicyArn is an ARN; AWS managed policy reference: IAMAuditRootUserCredentials.
    """
    return allow(
        "OpenRootSessionsThatAudit",
        ("sts:AssumeRoot",),
        f"arn:{partition}:iam::*:root",
        condition={
            "ArnEquals": {"sts:TaskPolicyArn": f"arn:{partition}:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
        },
    )


def _assume_role(setup: Setup) -> Statement:
    return allow("AssumeRoleInEachAccount", ("sts:AssumeRole",), f"arn:{setup.partition}:iam::*:role/{setup.role_name}")
