"""One audit as a whole: when, over what, what was found, what was refused."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from rootsweep.model.evidence import Source
from rootsweep.model.finding import Finding, Verdict
from rootsweep.model.gap import GapGroup
from rootsweep.model.organization import OrganizationalUnit, Scope


@dataclass(frozen=True, slots=True)
class RejectedInput:
    """A file, or a part of one, that is not evidence; ``line`` counts from 1, None where a line makes no sense."""

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

    ``gap`` groups the accounts that could not be read, the largest group first. ``units`` are the organizational units of which
    the name was asked for. ``left_out`` is saved evidence of accounts outside the scope.
    """

    started_at: datetime
    finished_at: datetime
    tool_version: str
    scope: Scope
    findings: tuple[Finding, ...]
    rejected_inputs: tuple[RejectedInput, ...] = ()
    gap: tuple[GapGroup, ...] = ()
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
