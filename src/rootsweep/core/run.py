"""One audit as a whole: when, over what, what was found, what was refused, what could not be read."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from rootsweep.core.evidence import Source
from rootsweep.core.finding import Finding, Verdict
from rootsweep.core.organization import OrganizationalUnit, Scope

# What keeps accounts from being read, grouped by the one change that would open them.


class RemedyCode(StrEnum):
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
class CoverageGap:
    """The accounts that one remedy would open.

    ``code`` is a ``RemedyCode``. ``remedy`` is a sentence: what is the matter, and what to change. ``how`` holds the lines of a
    policy statement or of commands, to be copied; it may be empty. ``accounts`` are ids, in ascending order.
    """

    code: str
    remedy: str
    how: tuple[str, ...]
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RejectedInput:
    """A file, or a part of one, that is not evidence; ``line`` counts from 1, None where a line is invalid."""

    path: str
    line: int | None
    reason: str

    @property
    def place(self) -> str:
        """Its path, and its line where it has one."""
        return self.path if self.line is None else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Saved evidence of an account that the options exclude: it was read, and not judged.

    ``path`` is ``-`` for standard input.
    """

    path: str
    account_id: str
    source: Source
    shows_key: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of accounts.

    ``applicable`` = ``accounts`` less ``not_applicable``; ``proven`` = COMPLIANT by evidence, never by an exception;
    ``excepted`` are those of the ``non_compliant`` for which an exception stands.
    """

    accounts: int
    applicable: int
    proven: int
    compliant: int
    non_compliant: int
    not_applicable: int
    insufficient_data: int
    excepted: int


@dataclass(frozen=True, slots=True)
class Run:
    """One audit run; times are aware, in UTC.

    ``coverage_gaps`` groups the accounts that could not be read, the largest group first. ``units`` are the organizational
    units of which the name was asked for. ``left_out`` is saved evidence of accounts outside the scope.
    """

    started_at: datetime
    finished_at: datetime
    tool_version: str
    scope: Scope
    findings: tuple[Finding, ...]
    rejected_inputs: tuple[RejectedInput, ...] = ()
    coverage_gaps: tuple[CoverageGap, ...] = ()
    units: tuple[OrganizationalUnit, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def summary(self) -> Summary:
        """Count the findings by verdict."""
        counts = Counter(finding.verdict for finding in self.findings)
        not_applicable = counts[Verdict.NOT_APPLICABLE]
        return Summary(
            accounts=len(self.findings),
            applicable=len(self.findings) - not_applicable,
            proven=counts[Verdict.COMPLIANT],
            compliant=counts[Verdict.COMPLIANT],
            non_compliant=counts[Verdict.NON_COMPLIANT],
            not_applicable=not_applicable,
            insufficient_data=counts[Verdict.INSUFFICIENT_DATA],
            excepted=sum(finding.exception is not None for finding in self.findings),
        )
