"""What AWS's error codes mean, and what to do about each; the words of a denial.

IAM and STS API references, "Common Errors"; Organizations API reference, the errors of each operation, whose codes end in
``Exception``, which is left out here. ``{call}`` stands for the operation, ``{region}`` for the session's Region, ``{profile}``
for the option that names its profile.
"""

import re
from dataclasses import dataclass
from typing import Final

from rootsweep.core.evidence import Denial, UnavailableReason


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an error means: ``problem`` says what happened, ``advice`` what to do, both as clauses."""

    reason: UnavailableReason
    problem: str
    advice: str


THROTTLED: Final = Meaning(
    UnavailableReason.THROTTLED,
    "AWS went on throttling {call}",
    "audit again when fewer programs call AWS in this account",
)
CREDENTIALS_EXPIRED: Final = Meaning(
    UnavailableReason.CREDENTIALS_EXPIRED,
    "the AWS credentials have expired",
    "sign in again (`aws sso login{profile}`, or renew the session token)",
)
CREDENTIALS_UNKNOWN: Final = Meaning(
    UnavailableReason.CREDENTIALS_INVALID,
    "AWS does not know the credentials that called {call} ({region})",
    "check that the access key is active; outside the commercial partition, choose one of its Regions with --region",
)
WRONG_SECRET: Final = Meaning(
    UnavailableReason.CREDENTIALS_INVALID,
    "the secret access key does not match the access key id, or the session token is truncated",
    "configure them again",
)
REPORT_NOT_READY: Final = Meaning(
    UnavailableReason.REPORT_NOT_READY,
    "the credential report was not ready in time",
    "audit again in some minutes, or wait longer with --timeout",
)
REPORT_LIMIT_EXCEEDED: Final = Meaning(
    UnavailableReason.REPORT_LIMIT_EXCEEDED,
    "AWS has no capacity to make a credential report",
    "audit again in some minutes",
)
UNKNOWN_OPERATION: Final = Meaning(
    UnavailableReason.SERVICE_FAILURE,
    "the endpoint does not know {call}",
    "call a Regional endpoint of the account's own partition (--region)",
)
FAILURE: Final = Meaning(
    UnavailableReason.SERVICE_FAILURE,
    "AWS answered {call} with an error",
    "audit again; if it stays, see the AWS Health Dashboard",
)
TRUSTED_ACCESS_OFF: Final = Meaning(
    UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF,
    "trusted access for IAM is not enabled in the organization",
    "in the management account run `aws organizations enable-aws-service-access --service-principal iam.amazonaws.com`",
)
NOT_ADMINISTRATOR: Final = Meaning(
    UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF,
    "the caller is in neither the management account nor the delegated administrator for IAM",
    "call from one of the two, or register the account with `aws organizations register-delegated-administrator "
    "--service-principal iam.amazonaws.com --account-id ACCOUNT_ID`",
)
NO_ORGANIZATION: Final = Meaning(
    UnavailableReason.NOT_IN_ORGANIZATION,
    "the account of the credentials is in no organization with all features",
    "audit the account alone, without --organization",
)
NOT_AWS: Final = Meaning(
    UnavailableReason.UNUSABLE_ANSWER,
    "the endpoint that {call} was sent to does not answer as AWS does",
    "check AWS_ENDPOINT_URL, the proxy, and that no sign-in page stands between",
)

MEANINGS: Final = {
    **dict.fromkeys(
        (
            "PriorRequestNotComplete",
            "RequestLimitExceeded",
            "RequestThrottled",
            "SlowDown",
            "Throttled",
            "Throttling",
            "TooManyRequests",
        ),
        THROTTLED,
    ),
    **dict.fromkeys(("ExpiredToken", "RequestExpired"), CREDENTIALS_EXPIRED),
    **dict.fromkeys(
        ("AuthFailure", "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClient"),
        CREDENTIALS_UNKNOWN,
    ),
    **dict.fromkeys(("ReportExpired", "ReportInProgress", "ReportNotPresent"), REPORT_NOT_READY),
    **dict.fromkeys(("AWSOrganizationsNotInUse", "OrganizationNotFound", "OrganizationNotInAllFeaturesMode"), NO_ORGANIZATION),
    "AccountNotManagementOrDelegatedAdministrator": NOT_ADMINISTRATOR,
    "ServiceAccessNotEnabled": TRUSTED_ACCESS_OFF,
    "LimitExceeded": REPORT_LIMIT_EXCEEDED,
    **dict.fromkeys(("InvalidAction", "NotImplemented", "UnknownOperation", "501"), UNKNOWN_OPERATION),
}
"""Codes whose meaning does not depend on their text; every other is FAILURE. The SDK gives a bare status 501 as a code."""

DENIALS: Final = frozenset({"AccessDenied", "AuthorizationError", "UnauthorizedOperation"})
"""Codes whose text tells what would have to change."""

SIGNATURES: Final = frozenset({"InvalidSignature", "RequestTimeTooSkewed", "SignatureDoesNotMatch"})
"""Codes of a wrong secret, or of a clock that is off."""


def may_pass(code: str | None) -> bool:
    """Return whether an error of AWS may be another one the next time; an endpoint does not come to know an operation."""
    return MEANINGS.get((code or "").removesuffix("Exception")) is not UNKNOWN_OPERATION


# What the texts of AWS's denials tell: who was denied which action, on what, and by what kind of policy.
#
# IAM User Guide, "Troubleshoot access denied error messages".

_DENIAL: Final = re.compile(
    r"User: (?P<principal>\S+) is not authorized to perform: (?P<action>[\w-]+:\w+)"
    r"(?: on resource: (?P<resource>.+?))??(?: (?P<why>because|with) .*)?",
    re.DOTALL,
)
_SERVICE_CONTROL_POLICIES: Final = ("explicit deny in a service control policy", "because no service control policy allows")


def read_denial(text: str) -> Denial | None:
    """Read a denial; None for any other text."""
    match = _DENIAL.fullmatch(text.strip())
    return None if match is None else Denial(match["principal"], match["action"], match["resource"])


def is_by_service_control_policy(text: str) -> bool:
    """Return whether a denial is by a service control policy, which the account's own policies cannot lift."""
    return any(words in text for words in _SERVICE_CONTROL_POLICIES)
