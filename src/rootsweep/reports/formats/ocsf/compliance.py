"""The control and its result as the OCSF object ``compliance``."""

from typing import Final, NamedTuple

from rootsweep.controls import ROOT_ACCESS_KEY, Reference
from rootsweep.model.finding import Finding, ProcedureResult, Verdict
from rootsweep.reports.formats.framework_names import requirements_of, standard_of
from rootsweep.reports.formats.ocsf import structs
from rootsweep.reports.formats.one_line import one_line


class Status(NamedTuple):
    """A number of the framework and its caption."""

    id: int
    caption: str


_RESULTS: Final = {
    Verdict.COMPLIANT: Status(1, "Pass"),
    Verdict.NON_COMPLIANT: Status(3, "Fail"),
    Verdict.INSUFFICIENT_DATA: Status(2, "Warning"),
    Verdict.NOT_APPLICABLE: Status(99, Verdict.NOT_APPLICABLE.value),
}
"""Warning is OCSF's word for a check that gave no result because information is missing."""

_PROCEDURES: Final = {
    ProcedureResult.PASS: Status(1, "Pass"),
    ProcedureResult.FAIL: Status(3, "Fail"),
    ProcedureResult.UNKNOWN: Status(0, "Unknown"),
}


def compliance_of(finding: Finding, reference: Reference) -> structs.Compliance:
    """Give the control under the number that ``reference`` has for it, the requirements of every framework, and the result."""
    result = _RESULTS[finding.verdict]
    return structs.Compliance(
        control=f"{standard_of(reference)} - Control {reference.requirement} - {ROOT_ACCESS_KEY.title}",
        desc=ROOT_ACCESS_KEY.rationale,
        standards=tuple(standard_of(one) for one in ROOT_ACCESS_KEY.references),
        requirements=tuple(name for one in ROOT_ACCESS_KEY.references for name in requirements_of(one)),
        checks=_checks(finding, reference),
        status_id=result.id,
        status=result.caption,
        status_code=finding.verdict.value,
        status_details=tuple(one_line(reason.message) for reason in finding.reasons),
    )


def _checks(finding: Finding, reference: Reference) -> tuple[structs.Check, ...]:
    """Give the benchmark's two audit procedures, each with its own outcome."""
    procedures = (
        ("account_summary", "Account summary", ROOT_ACCESS_KEY.audit_by_command, finding.procedures.account_summary),
        ("credential_report", "Credential report", ROOT_ACCESS_KEY.audit_by_report, finding.procedures.credential_report),
    )
    return tuple(
        structs.Check(uid, name, description, (standard_of(reference),), *_PROCEDURES[outcome])
        for uid, name, description, outcome in procedures
    )
