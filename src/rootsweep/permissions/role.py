"""The role that is assumed in each account: whom it trusts, and what it may do."""

from rootsweep.permissions.policy_document import READ_OWN_ACCOUNT, Document, Statement, allow, policy
from rootsweep.permissions.setup import Setup


def trust_policy(setup: Setup) -> Document:
    """Build the trust policy: principals of the auditing account whose own policy allows it may assume the role.

    IAM User Guide, Access to AWS accounts owned by third parties: the condition on sts:ExternalId. Raises ``UsageError`` where
    the auditing account was not named.
    """
    trusting: Statement = {
        "Sid": "TrustAuditingAccount",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{setup.partition}:iam::{setup.auditing_account}:root"},
        "Action": "sts:AssumeRole",
    }
    if setup.external_id is not None:
        trusting["Condition"] = {"StringEquals": {"sts:ExternalId": setup.external_id}}
    return policy(trusting)


def role_policy() -> Document:
    """Build the permission policy: account summary and credential report, and nothing that changes anything."""
    return policy(allow("ReadOwnAccount", READ_OWN_ACCOUNT))
