"""Service control policies that customers of AWS attach."""

import json
from typing import Any

ROOT_ARN = "arn:*:iam::*:root"


def document(*statements: dict[str, Any]) -> str:
    """Write a policy of these statements, on every resource."""
    whole = [{"Resource": "*"} | statement for statement in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": whole})


ALLOW_ALL = document({"Effect": "Allow", "Action": "*"})
DENY_ROOT_KEYS = document(
    {"Effect": "Deny", "Action": "iam:CreateAccessKey", "Condition": {"ArnLike": {"aws:PrincipalArn": ROOT_ARN}}}
)
"""AWS Control Tower, AWS-GR_RESTRICT_ROOT_USER_ACCESS_KEYS."""

DENY_ROOT = document({"Effect": "Deny", "Action": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": ROOT_ARN}}})
"""AWS Control Tower, AWS-GR_RESTRICT_ROOT_USER."""

DENY_ROOT_BUT_SESSIONS = document(
    {
        "Effect": "Deny",
        "Action": "*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": [ROOT_ARN]}, "Null": {"aws:AssumedRoot": "true"}},
    }
)
"""The same with its parameter ExemptAssumeRoot."""
