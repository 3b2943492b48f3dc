"""The form of an IAM policy (IAM User Guide, IAM JSON policy element reference)."""

import json
from typing import Final

Statement = dict[str, object]
Document = dict[str, object]

READ_OWN_ACCOUNT: Final = ("iam:GetAccountSummary", "iam:GetCredentialReport", "iam:GenerateCredentialReport")
"""What reads an account from inside it; each acts on all resources (Service Authorization Reference, IAM)."""


def allow(sid: str, actions: tuple[str, ...], *resources: str, condition: Document | None = None) -> Statement:
    """Build a statement that allows actions on resources, or on all where none is named."""
    statement: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": _one_or_list(actions),
        "Resource": _one_or_list(resources or ("*",)),
    }
    return statement if condition is None else statement | {"Condition": condition}


def _one_or_list(texts: tuple[str, ...]) -> str | list[str]:
    return texts[0] if len(texts) == 1 else list(texts)


def policy(*statements: Statement) -> Document:
    """Build a policy in the current version of the language."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def as_json(document: Document) -> str:
    """Write a document as the AWS CLI reads it."""
    return json.dumps(document, indent=2) + "\n"
