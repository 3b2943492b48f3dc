"""``--format asff``: a JSON array of findings that ``BatchImportFindings`` of AWS Security Hub takes, 100 a call.

The format has no place for a run: what was refused stands in other formats, and an incomplete scope in each finding's fields.
"""

from typing import Final, TextIO

from rootsweep.controls import DEFAULT_REFERENCE, REMEDIATION_PAGE, ROOT_ACCESS_KEY, Reference
from rootsweep.model.exception import GrantedException
from rootsweep.model.finding import Finding, Verdict
from rootsweep.model.run import Run
from rootsweep.reports.formats.asff import structs
from rootsweep.reports.formats.asff.product_fields import product_fields
from rootsweep.reports.formats.asff.regions import home_region
from rootsweep.reports.formats.asff.resources import resources_of
from rootsweep.reports.formats.framework_names import control_title, requirements_of, standard_of
from rootsweep.reports.formats.identity import finding_id, partition_of
from rootsweep.reports.formats.one_line import one_line
from rootsweep.reports.json_text import write_array
from rootsweep.reports.registry import RenderOptions

_TYPES: Final = ("Software and Configuration Checks/Industry and Regulatory Standards/CIS AWS Foundations Benchmark",)
_MOST_REQUIREMENTS: Final = 32

_STATUSES: Final[dict[Verdict, structs.ComplianceStatus]] = {
    Verdict.COMPLIANT: "PASSED",
    Verdict.NON_COMPLIANT: "FAILED",
    Verdict.INSUFFICIENT_DATA: "WARNING",
    Verdict.NOT_APPLICABLE: "NOT_AVAILABLE",
}
"""Security Hub's own words: WARNING is that nothing could be determined, NOT_AVAILABLE that the check does not apply
(AWS Security Hub User Guide, "Evaluating compliance status and control status")."""

_SEVERITIES: Final[dict[Verdict, structs.SeverityLabel]] = {
    Verdict.COMPLIANT: "INFORMATIONAL",
    Verdict.NON_COMPLIANT: "CRITICAL",
    Verdict.INSUFFICIENT_DATA: "MEDIUM",
    Verdict.NOT_APPLICABLE: "INFORMATIONAL",
}
"""Where the finding has no severity of its own; an account that could not be read must be addressed, if not urgently."""


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the findings in ASCII, indented by two."""
    reference = options.presentation.reference
    write_array((asff_finding(finding, run, reference) for finding in run.findings), stream)
    stream.write("\n")


def asff_finding(
    finding: Finding, run: Run, reference: Reference = DEFAULT_REFERENCE, region: str | None = None
) -> structs.AwsSecurityFinding:
    """Convert a finding.

    ``reference`` is the framework version that the title shows. ``region`` is where Security Hub is to take the finding; the
    Region of the partition's IAM where it is not given.
    """
    account, partition = finding.account, partition_of(finding, run)
    region = region or home_region(partition)
    severity = structs.Severity(finding.severity.value if finding.severity else _SEVERITIES[finding.verdict], finding.severity)
    return structs.AwsSecurityFinding(
        schema_version="2018-10-08",
        id=finding_id(finding, run),
        product_arn=f"arn:{partition}:securityhub:{region}:{account.id}:product/{account.id}/default",
        product_name="rootsweep",
        company_name="rootsweep",
        generator_id=f"rootsweep/{ROOT_ACCESS_KEY.id}",
        aws_account_id=account.id,
        types=_TYPES,
        created_at=run.finished_at,
        updated_at=run.finished_at,
        severity=severity,
        title=one_line(control_title(reference), 256),
        description=_description(finding),
        product_fields=product_fields(finding, run),
        resources=resources_of(finding, partition, region),
        compliance=_compliance(finding),
        workflow=structs.Workflow(_workflow_status(finding)),
        record_state="ACTIVE",
        finding_provider_fields=structs.FindingProviderFields(severity, _TYPES),
        aws_account_name=one_line(account.name or "", 50) or None,
        last_observed_at=finding.as_of,
        remediation=_remediation(finding),
        note=_note(finding.exception, run),
    )


def _description(finding: Finding) -> str:
    excepted = " An exception stands for this account." if finding.exception else ""
    return one_line(" ".join(one.message for one in finding.reasons), 1024 - len(excepted)) + excepted


def _compliance(finding: Finding) -> structs.Compliance:
    reasons = tuple(structs.StatusReason(one.code, one_line(one.message, 1024)) for one in finding.reasons)
    return structs.Compliance(_STATUSES[finding.verdict], _related_requirements(), reasons)


def _related_requirements() -> tuple[str, ...]:
    """Name each requirement by itself, as Security Hub does; a framework's in one entry where they are more than 32."""
    each = tuple(name for one in ROOT_ACCESS_KEY.references for name in requirements_of(one))
    if len(each) <= _MOST_REQUIREMENTS:
        return each
    return tuple(f"{standard_of(one)}/{one.requirement}" for one in ROOT_ACCESS_KEY.references)


def _workflow_status(finding: Finding) -> structs.WorkflowStatus:
    """Give what Security Hub gives its own controls; it takes a workflow with a new finding only."""
    if finding.exception:
        return "SUPPRESSED"
    return "RESOLVED" if finding.verdict is Verdict.COMPLIANT else "NEW"


def _remediation(finding: Finding) -> structs.Remediation | None:
    if not finding.next_step:
        return None
    page = REMEDIATION_PAGE if finding.keys else None
    return structs.Remediation(structs.Recommendation(one_line(finding.next_step, 512), page))


def _note(granted: GrantedException | None, run: Run) -> structs.Note | None:
    """Tell owner, expiry and ticket before the reason, so that no long reason cuts them off."""
    if granted is None:
        return None
    ticket = f", ticket {one_line(granted.ticket, 100)}" if granted.ticket else ""
    known = f"Excepted until {granted.expires_at:%Y-%m-%d %H:%M} UTC, owner {one_line(granted.owner, 100)}{ticket}"
    return structs.Note(one_line(f"{known}: {granted.reason}", 512), "rootsweep", run.finished_at)
