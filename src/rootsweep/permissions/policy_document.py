"""The form of an IAM policy (IAM User Guide, IAM JSON policy element reference)."""

import json
from typing import Final

Statement = dict[str, object]
Document = dict[str, object]

READ_OWN_ACCOUNT: Final = ("iam:GetAccountSummary", "iam:GetCredentialReport", "iam:GenerateCredentialReport")
"""What reads an account from inside it; each acts on all resources (Service Authorization Reference, IAM)."""


def allow(sid: str, actions: tuple[str, ...], resource: str = "*", condition: Document | None = None) -> Statement:
    """Build a statement that allows actions on a resource."""
    statement: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": actions[0] if len(actions) == 1 else list(actions),
        "Resource": resource,
    }
    return statement if condition is None else statement | {"Condition": condition}


def policy(*statements: Statement) -> Document:
    """Build a policy in the current version of the language."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def as_json(document: Document) -> str:
    """Write a document as the AWS CLI reads it."""
    return json.dumps(document, indent=2) + "\n"
