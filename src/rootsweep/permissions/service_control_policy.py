"""The clause that a service control policy which denies root needs, so that root sessions go on working."""

from rootsweep.permissions.policy_document import Document, policy


def deny_root_but_root_sessions() -> Document:
    """Build a policy that denies the root user everything, but spares root sessions.

    AWS Control Tower Controls Reference, AWS-GR_RESTRICT_ROOT_USER, parameter ExemptAssumeRoot: the key aws:AssumedRoot is
    there in requests of root sessions alone.
    """
    return policy(
        {
            "Sid": "DenyRootButRootSessions",
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {
                "ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"},
                "Null": {"aws:AssumedRoot": "true"},
            },
        }
    )
