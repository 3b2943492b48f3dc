"""What keeps accounts from being read, grouped by the one change that would open them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class GapCode(StrEnum):
    """What is to be changed, from the least effort to the most; docs/gap.md explains each.

    A change that opens many accounts at once comes before one that is made in each of them, and one that lasts comes before a
    new attempt, which may fail in the same way.
    """

    CENTRALIZED_ROOT_ACCESS_OFF = "centralized_root_access_off"
    ROOT_SESSION_REFUSED = "root_session_refused"
    DENIED_BY_SERVICE_CONTROL_POLICY = "denied_by_service_control_policy"
    MANAGEMENT_ACCOUNT = "management_account"
    ROLE_NOT_ASSUMABLE = "role_not_assumable"
    ACCESS_DENIED = "access_denied"
    NOT_IN_ORGANIZATION = "not_in_organization"
    NEW_REPORT_NEEDED = "new_report_needed"
    CREDENTIALS_UNUSABLE = "credentials_unusable"
    CLOCK_OFF = "clock_off"
    UNREACHABLE = "unreachable"
    UNUSABLE_ANSWER = "unusable_answer"
    AUDIT_AGAIN = "audit_again"
    NO_EVIDENCE = "no_evidence"


OWNER_COMMAND: Final = (
    "for attempt in 1 2 3 4 5 6; do",
    "  aws iam generate-credential-report | grep -q COMPLETE && break; sleep 5",
    "done",
    "account=$(aws sts get-caller-identity --query Account --output text)",
    "aws iam get-credential-report --output json > rootsweep-$account.json",
)
"""What the owner of any account can paste into AWS CloudShell there; ``rootsweep audit --from`` reads the file that it saves.

It needs iam:GenerateCredentialReport and iam:GetCredentialReport. A report may take some seconds to be made, and
GenerateCredentialReport tells by COMPLETE that it is there (IAM API reference, GenerateCredentialReport).
"""


@dataclass(frozen=True, slots=True)
class GapGroup:
    """The accounts that one change would open.

    ``code`` is a ``GapCode``. ``change`` is a sentence: what is the matter, and what to change. ``how`` holds the lines of a
    policy statement or of commands, to be copied; it may be empty. ``accounts`` are ids, in ascending order.
    """

    code: str
    change: str
    how: tuple[str, ...]
    accounts: tuple[str, ...]
