"""The policies, roles and principals that rootsweep needs or recommends, built in one place; pure."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from rootsweep.core.evidence import Access
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_CONSOLE, PARTITION_WITHOUT_ROOT_USER
from rootsweep.errors import UsageError

Statement = dict[str, object]
Document = dict[str, object]

READ_OWN_ACCOUNT: Final = ("iam:GetAccountSummary", "iam:GetCredentialReport", "iam:GenerateCredentialReport")
"""What reads an account from inside it; each acts on all resources (Service Authorization Reference, IAM)."""

LOOK_UP_CALLS: Final = ("cloudtrail:LookupEvents", "ec2:DescribeRegions")
"""What looks up the calls that a quarantine denied (Service Authorization Reference, AWS CloudTrail and Amazon EC2)."""


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


_NARROW: Final = 74
"""Characters of a line that a table of 80 columns does not break."""


def as_lines(document: object, label: str = "", room: int = _NARROW) -> list[str]:
    """Write a document, or a part of one behind its ``label``, in lines of ``room`` characters, where its texts allow it.

    Objects with a single member share a line, so that a condition is no deeper than it reads.
    """
    flat = f"{label}{json.dumps(document)}"
    if len(flat) <= room:
        return [flat]
    if isinstance(document, dict) and len(document) == 1:
        ((name, value),) = document.items()
        *lines, last = as_lines(value, f"{label}{{{json.dumps(name)}: ", room - 1)
        return [*lines, f"{last}}}"]
    if isinstance(document, dict | list):
        opening, closing = "{}" if isinstance(document, dict) else "[]"
        members = document.items() if isinstance(document, dict) else ((None, item) for item in document)
        parts = [as_lines(value, "" if name is None else f"{json.dumps(name)}: ", room - 3) for name, value in members]
        commas = [[*lines[:-1], f"{lines[-1]},"] for lines in parts[:-1]] + parts[-1:]
        return [f"{label}{opening}", *(f"  {line}" for lines in commas for line in lines), closing]
    return [label.rstrip(), f"  {json.dumps(document)}", ""]


def statement_lines(statement: Statement) -> tuple[str, ...]:
    """Write a statement for a person to paste into a policy of their own, without its id."""
    return tuple(as_lines({name: value for name, value in statement.items() if name != "Sid"}))


# What is to be set up.

DEFAULT_ROLE_NAME: Final = "RootAudit"
QUARANTINE_ROLE_NAME: Final = "RootQuarantine"
"""Another role than the one that audits, so that each can be given away alone."""


class Purpose(StrEnum):
    """What the credentials are for."""

    AUDIT = "audit"
    APPLY = "apply"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Setup:
    """The way into the accounts, and the names that its documents need.

    ``access`` is ``OWN``, ``ROOT_SESSION`` or ``ROLE``; ``trusted`` is the 12-digit account that audits, ``external_id`` what
    it must tell when it assumes the role. ``purpose`` is ``QUARANTINE`` with ``ROLE`` alone, else ``AUDIT``.
    """

    access: Access
    partition: str = "aws"
    role_name: str = DEFAULT_ROLE_NAME
    trusted: str | None = None
    external_id: str | None = None
    purpose: Purpose = Purpose.AUDIT

    @property
    def auditing_account(self) -> str:
        """The account that the role trusts; raises ``UsageError`` where none was named."""
        if self.trusted is None:
            raise UsageError("the role has to trust the account that audits", "name it with --trusted ACCOUNT_ID")
        return self.trusted


# The clause that a service control policy which denies root needs, so that root sessions go on working.


DENY_ROOT_BUT_ROOT_SESSIONS: Final[Statement] = {
    "Sid": "DenyRootButRootSessions",
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {
        "ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"},
        "Null": {"aws:AssumedRoot": "true"},
    },
}
"""AWS Control Tower Controls Reference, AWS-GR_RESTRICT_ROOT_USER, parameter ExemptAssumeRoot: the key aws:AssumedRoot is
there in requests of root sessions alone."""


def deny_root_but_root_sessions() -> Document:
    """Build a policy that denies the root user everything, but spares root sessions."""
    return policy(DENY_ROOT_BUT_ROOT_SESSIONS)


def exempting(*principals: str) -> Document:
    """Build the condition that exempts principals from a statement that denies."""
    return {"ArnNotLike": {"aws:PrincipalArn": _one_or_list(principals)}}


# The policy of the principal that audits: the IAM role or user whose credentials run rootsweep.

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
    if setup.purpose is Purpose.QUARANTINE:
        return policy(_assume_role(setup), *_quarantine(setup.partition))
    match setup.access:
        case Access.ROOT_SESSION:
            listing = allow("ListOrganization", (*_LIST_ORGANIZATION, _SEE_WHAT_IS_ENABLED))
            return policy(open_root_sessions(setup.partition), listing, own)
        case Access.ROLE:
            return policy(_assume_role(setup), allow("ListOrganization", _LIST_ORGANIZATION), own)
        case Access.OWN:
            return policy(own)
        case Access.ROOT | Access.FILES:
            raise ValueError(setup.access)
        case _:
            assert_never(setup.access)


def open_root_sessions(partition: str) -> Statement:
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


# The role that is assumed in each account: whom it trusts, and what it may do.


def trust_policy(setup: Setup) -> Document:
    """Build the trust policy: principals of the auditing account whose own policy allows it may assume the role.

    IAM User Guide, Access to AWS accounts owned by third parties: the condition on sts:ExternalId. Raises ``UsageError`` where
    the auditing account was not named.
    """
    return trusting(f"arn:{setup.partition}:iam::{setup.auditing_account}:root", setup.external_id)


def trusting(principal: str, external_id: str | None = None) -> Document:
    """Build the trust policy of a role that a principal may assume."""
    statement: Statement = {
        "Sid": "TrustAuditingAccount",
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "sts:AssumeRole",
    }
    if external_id is not None:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return policy(statement)


def role_policy(purpose: Purpose = Purpose.AUDIT) -> Document:
    """Build the permission policy, which changes nothing.

    Audits read the account summary and the credential report, ``quarantine status`` looks up calls in every enabled Region.
    """
    return policy(allow(*role_statement(purpose)))


def role_statement(purpose: Purpose) -> tuple[str, tuple[str, ...]]:
    """Return the statement id and the actions of the role's policy, all of them on all resources."""
    return ("LookUpCalls", LOOK_UP_CALLS) if purpose is Purpose.QUARANTINE else ("ReadOwnAccount", READ_OWN_ACCOUNT)


# The policies of the principals that remove keys and that quarantine them, beside the one that audits.

_TASKS: Final = ("IAMAuditRootUserCredentials", "IAMDeleteRootUserCredentials")
_DESCRIBE_ORGANIZATION: Final = "organizations:DescribeOrganization"
_SERVICE_CONTROL_POLICIES_ALONE: Final[Document] = {"StringEquals": {"organizations:PolicyType": "SERVICE_CONTROL_POLICY"}}


def removal_policy(purpose: Purpose, partition: str) -> Document:
    """Build the policy for ``apply`` (and ``rehearse``) or for ``quarantine``; ``ValueError`` for ``audit``."""
    match purpose:
        case Purpose.APPLY:
            return policy(_open_root_sessions_that_delete(partition), allow("TellOrganization", (_DESCRIBE_ORGANIZATION,)))
        case Purpose.QUARANTINE:
            return policy(*_quarantine(partition))
        case Purpose.AUDIT:
            raise ValueError(purpose)
        case _:
            assert_never(purpose)


def _open_root_sessions_that_delete(partition: str) -> Statement:
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


# What differs between AWS's partitions, for setting up access.


def check_root_sessions(setup: Setup) -> None:
    """Raise ``UsageError`` where root sessions are asked for in a partition that has none which read credentials.

    AWS GovCloud (US) User Guide, AWS Identity and Access Management: no ability to centrally manage root credentials; User
    Guide of Amazon Web Services in China, IAM: no root user.
    """
    if setup.access is not Access.ROOT_SESSION:
        return
    if setup.partition == PARTITION_WITHOUT_ROOT_USER:
        raise UsageError(
            f"partition {setup.partition} has no root user, hence no root sessions",
            "there is nothing to set up, for its accounts are NOT_APPLICABLE",
        )
    if setup.partition == PARTITION_WITHOUT_ROOT_CONSOLE:
        raise UsageError(
            f"partition {setup.partition} has no centralized root access that reads credentials",
            "use --access role with --trusted ACCOUNT_ID",
        )


def check_purpose(purpose: Purpose, partition: str) -> None:
    """Raise ``UsageError`` where what the credentials are for cannot be done in the partition.

    The sources are those of :func:`check_root_sessions`; AWS GovCloud (US) has service control policies.
    """
    if purpose is Purpose.AUDIT:
        return
    if partition == PARTITION_WITHOUT_ROOT_USER:
        verb = "quarantine" if purpose is Purpose.QUARANTINE else "remove"
        raise UsageError(
            f"partition {partition} has no root user, hence no root keys to {verb}",
            "there is nothing to set up, for its accounts are NOT_APPLICABLE",
        )
    if purpose is Purpose.APPLY and partition == PARTITION_WITHOUT_ROOT_CONSOLE:
        raise UsageError(
            f"partition {partition} has no centralized root access that deletes credentials",
            "use rootsweep self-remove with the root key itself, which needs no policy",
        )


def remark(setup: Setup) -> str | None:
    """Return what a reader has to know of the partition before setting anything up; None where there is nothing."""
    if setup.partition == PARTITION_WITHOUT_ROOT_USER:
        return (
            f"Partition {setup.partition} has no root user: rootsweep reports its accounts as NOT_APPLICABLE, and needs these "
            "permissions only to look for evidence to the contrary."
        )
    if setup.access is Access.ROOT_SESSION and setup.partition != "aws":
        return (
            f"Whether partition {setup.partition} has centralized root access is not known to rootsweep. Where it cannot be "
            "turned on, use --access role."
        )
    return None
