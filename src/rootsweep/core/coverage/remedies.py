"""The remedies that open accounts: a sentence for each obstacle, and the policy statement or the commands to copy.

Lines to copy are at most 74 characters long, so that a table of 80 columns breaks none of them, and name no account.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rootsweep.core.policies import (
    DENY_ROOT_BUT_ROOT_SESSIONS,
    Document,
    allow,
    as_lines,
    exempting,
    open_root_sessions,
    role_policy,
    statement_lines,
    trusting,
)
from rootsweep.core.run import OWNER_COMMAND, CoverageGap, RemedyCode

_REPORT_CALLS: Final = ("iam:GenerateCredentialReport", "iam:GetCredentialReport")
_ROLE: Final = "ROLE_NAME"
_CONDITION: Final = '"Condition": '


@dataclass(frozen=True, slots=True)
class Remedy:
    """A remedy, as a group without accounts; of two with the same code the one of lower ``rank`` is preferred."""

    group: CoverageGap
    rank: int = 0


def _remedy(code: RemedyCode, remedy: str, how: Iterable[str] = (), rank: int = 0) -> Remedy:
    return Remedy(CoverageGap(code.value, remedy, tuple(how), ()), rank)


CENTRALIZED_ROOT_ACCESS_OFF: Final = _remedy(
    RemedyCode.CENTRALIZED_ROOT_ACCESS_OFF,
    "Root credentials management is not enabled in the organization. Enable it from the management account.",
    (
        "aws organizations enable-aws-service-access \\",
        "  --service-principal iam.amazonaws.com",
        "aws iam enable-organizations-root-credentials-management",
    ),
)
"""IAM User Guide, "Centralize root access for member accounts": trusted access first; enabling either again does no harm."""

NOT_ADMINISTRATOR: Final = _remedy(
    RemedyCode.ROOT_SESSION_REFUSED,
    "The caller is neither in the management account nor in the delegated administrator account for IAM. Run the audit "
    "from one of them, or register the caller's account.",
    (
        "aws organizations register-delegated-administrator \\",
        "  --service-principal iam.amazonaws.com --account-id CALLER_ACCOUNT_ID",
    ),
)

NOT_IN_ORGANIZATION: Final = _remedy(
    RemedyCode.NOT_IN_ORGANIZATION,
    "These accounts are not in the organization. Remove them from --account, or audit each with its own credentials.",
    ("rootsweep audit --profile PROFILE_OF_THE_ACCOUNT",),
)

MANAGEMENT_ACCOUNT: Final = _remedy(
    RemedyCode.MANAGEMENT_ACCOUNT,
    "Root sessions cannot access the management account. Audit it with its own credentials, or save its credential "
    "report and add it with --from.",
    (
        "rootsweep audit --profile PROFILE_OF_THE_MANAGEMENT_ACCOUNT",
        "rootsweep audit --organization --from rootsweep-ACCOUNT_ID.json",
    ),
)
"""STS API reference, AssumeRoot: the target is a member account."""

NEW_REPORT_NEEDED: Final = _remedy(
    RemedyCode.NEW_REPORT_NEEDED,
    "The saved evidence is too old, has no date or is incomplete. Ask each owner to run this in AWS CloudShell, then "
    "audit the saved files with --from.",
    OWNER_COMMAND,
)

NO_EVIDENCE: Final = _remedy(
    RemedyCode.NO_EVIDENCE,
    "No evidence was found for these accounts. Ask each owner to run this in AWS CloudShell, then audit the saved files "
    "with --from.",
    OWNER_COMMAND,
)

CREDENTIALS_UNUSABLE: Final = _remedy(
    RemedyCode.CREDENTIALS_UNUSABLE,
    "AWS rejected the credentials as expired or unknown. Sign in again until this command works, then run the audit again.",
    ("aws sts get-caller-identity",),
)

CLOCK_OFF: Final = _remedy(
    RemedyCode.CLOCK_OFF,
    "This machine's clock differs too much from AWS's. Set the clock, then run the audit again.",
    ("date -u",),
)

UNREACHABLE: Final = _remedy(
    RemedyCode.UNREACHABLE,
    "AWS could not be reached. Check the network, the proxy, the Region and AWS_ENDPOINT_URL, then run the audit again.",
)

UNUSABLE_ANSWER: Final = _remedy(
    RemedyCode.UNUSABLE_ANSWER,
    "The answers were not usable. Check that the proxy and AWS_ENDPOINT_URL lead to AWS, then run the audit again.",
)

AUDIT_AGAIN: Final = _remedy(
    RemedyCode.AUDIT_AGAIN,
    "AWS throttled, timed out or failed, the report was not ready, or the audit was interrupted. Run the audit again.",
)


def allow_root_sessions(partition: str) -> Remedy:
    """Let the caller open root sessions for the audit task and no other.

    IAM User Guide, "Perform a privileged task on an AWS Organizations member account"; the condition key is described in the
    Service Authorization Reference, AWS Security Token Service.
    """
    return _remedy(
        RemedyCode.ROOT_SESSION_REFUSED,
        "The caller may not open root sessions. Allow it in the management account or the delegated administrator "
        "account for IAM.",
        statement_lines(open_root_sessions(partition)),
        rank=1,
    )


def exempt_root_sessions() -> Remedy:
    """Spare root sessions in the policy that denies the root user.

    AWS Control Tower Controls Reference, AWS-GR_RESTRICT_ROOT_USER: its parameter ExemptAssumeRoot adds this condition.
    """
    return _remedy(
        RemedyCode.DENIED_BY_SERVICE_CONTROL_POLICY,
        "A service control policy denies root sessions. Exempt root sessions in the statement that denies the root user "
        "(for an AWS Control Tower control, set its parameter ExemptAssumeRoot).",
        statement_lines(DENY_ROOT_BUT_ROOT_SESSIONS),
        rank=1,
    )


def exempt_role(role: str | None) -> Remedy:
    """Exempt a role, below any path, in the policy that denies: ``aws:PrincipalArn`` has the path, a denial leaves it out."""
    return _remedy(
        RemedyCode.DENIED_BY_SERVICE_CONTROL_POLICY,
        f"A service control policy denies the {_named(role)}: add this condition to the statement that denies.",
        as_lines(exempting(f"arn:*:iam::*:role/{role or _ROLE}", f"arn:*:iam::*:role/*/{role or _ROLE}"), _CONDITION),
        rank=2 if role else 3,
    )


def exempt_caller(api_call: str) -> Remedy:
    """Spare the caller in a policy that binds its own account."""
    return _remedy(
        RemedyCode.DENIED_BY_SERVICE_CONTROL_POLICY,
        f"A service control policy denies {api_call} to the caller: add this condition to the statement that denies.",
        as_lines(exempting("CALLER_ARN"), _CONDITION),
    )


def make_role(role: str | None) -> Remedy:
    """Make the role that audits, or let it be assumed; ``role`` may begin with a path."""
    path, _, name = (role or _ROLE).rpartition("/")
    return _remedy(
        RemedyCode.ROLE_NOT_ASSUMABLE,
        f"The {_named(role)} is missing or may not be assumed: make it in each account, let its trust policy name the caller "
        "(and the external id, where one is given), and allow the caller sts:AssumeRole on it.",
        (
            f"aws iam create-role --role-name {name} \\",
            *([f"  --path /{path}/ \\"] if path else []),
            *_quoted("--assume-role-policy-document", trusting("CALLER_ARN")),
            f"aws iam put-role-policy --role-name {name} \\",
            "  --policy-name root-access-key-audit \\",
            *_quoted("--policy-document", role_policy()),
        ),
        rank=0 if role else 1,
    )


def allow_call(api_call: str, to_whom: str, rank: int) -> Remedy:
    """Allow one action; a credential report needs two of them, and either alone would open nothing."""
    actions = _REPORT_CALLS if api_call in _REPORT_CALLS else (api_call,)
    return _remedy(
        RemedyCode.ACCESS_DENIED,
        f"The {to_whom} may not call {api_call}: allow it.",
        statement_lines(allow("AllowTheCall", actions)),
        rank,
    )


def _quoted(option: str, document: Document) -> list[str]:
    first, *rest = as_lines(document)
    return [f"  {option} '{first}", *rest[:-1], f"{rest[-1]}'"]


def _named(role: str | None) -> str:
    return f"role {role}" if role else "role"
