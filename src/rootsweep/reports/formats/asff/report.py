"""``--format asff``: a JSON array of findings that ``BatchImportFindings`` of AWS Security Hub takes, 100 a call.

The format has no place for a run: what was refused stands in other formats, and an incomplete scope in each finding's fields.
"""

from collections.abc import Iterator
from typing import Final, Literal, TextIO

from rootsweep.core.controls import DEFAULT_REFERENCE, REMEDIATION_PAGE, ROOT_ACCESS_KEY, Reference
from rootsweep.core.evidence import Evidence, KeyStatus, Unavailable
from rootsweep.core.finding import Finding, GrantedException, KeyRow, Verdict
from rootsweep.core.organization import HOME_REGIONS
from rootsweep.core.run import Run
from rootsweep.core.times import to_the_minute
from rootsweep.reports.contracts.audit_v1 import write_array
from rootsweep.reports.formats.asff import types
from rootsweep.reports.formats.asff.types import AwsIamAccessKeyDetails, Resource, ResourceDetails
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.wording import (
    control_title,
    describe_key,
    describe_last_use,
    finding_id,
    left_out_note,
    one_line,
    partition_of,
    requirements_of,
    standard_of,
    utc,
    warnings_of,
)

_TYPES: Final = ("Software and Configuration Checks/Industry and Regulatory Standards/CIS AWS Foundations Benchmark",)
_MOST_REQUIREMENTS: Final = 32

_STATUSES: Final[dict[Verdict, types.ComplianceStatus]] = {
    Verdict.COMPLIANT: "PASSED",
    Verdict.NON_COMPLIANT: "FAILED",
    Verdict.INSUFFICIENT_DATA: "WARNING",
    Verdict.NOT_APPLICABLE: "NOT_AVAILABLE",
}
"""Security Hub's own words: WARNING is that nothing could be determined, NOT_AVAILABLE that the check does not apply
(AWS Security Hub User Guide, "Evaluating compliance status and control status")."""

_SEVERITIES: Final[dict[Verdict, types.SeverityLabel]] = {
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
) -> types.AwsSecurityFinding:
    """Convert a finding.

    ``reference`` is the framework version that the title shows. ``region`` is where Security Hub is to take the finding; the
    Region of the partition's IAM where it is not given.
    """
    account, partition = finding.account, partition_of(finding, run)
    region = region or home_region(partition)
    severity = types.Severity(finding.severity.value if finding.severity else _SEVERITIES[finding.verdict], finding.severity)
    return types.AwsSecurityFinding(
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
        workflow=types.Workflow(_workflow_status(finding)),
        record_state="ACTIVE",
        finding_provider_fields=types.FindingProviderFields(severity, _TYPES),
        aws_account_name=one_line(account.name or "", 50) or None,
        last_observed_at=finding.as_of,
        remediation=_remediation(finding),
        note=_note(finding.exception, run),
    )


def _description(finding: Finding) -> str:
    excepted = " An exception stands for this account." if finding.exception else ""
    return one_line(" ".join(one.message for one in finding.reasons), 1024 - len(excepted)) + excepted


def _compliance(finding: Finding) -> types.Compliance:
    reasons = tuple(types.StatusReason(one.code, one_line(one.message, 1024)) for one in finding.reasons)
    return types.Compliance(_STATUSES[finding.verdict], _related_requirements(), reasons)


def _related_requirements() -> tuple[str, ...]:
    """Name each requirement by itself, as Security Hub does; a framework's in one entry where they are more than 32."""
    each = tuple(name for one in ROOT_ACCESS_KEY.references for name in requirements_of(one))
    if len(each) <= _MOST_REQUIREMENTS:
        return each
    return tuple(f"{standard_of(one)}/{one.requirement}" for one in ROOT_ACCESS_KEY.references)


def _workflow_status(finding: Finding) -> types.WorkflowStatus:
    """Give what Security Hub gives its own controls; it takes a workflow with a new finding only."""
    if finding.exception:
        return "SUPPRESSED"
    return "RESOLVED" if finding.verdict is Verdict.COMPLIANT else "NEW"


def _remediation(finding: Finding) -> types.Remediation | None:
    if not finding.next_step:
        return None
    page = REMEDIATION_PAGE if finding.keys else None
    return types.Remediation(types.Recommendation(one_line(finding.next_step, 512), page))


def _note(granted: GrantedException | None, run: Run) -> types.Note | None:
    """Tell owner, expiry and ticket before the reason, so that no long reason cuts them off."""
    if granted is None:
        return None
    ticket = f", ticket {one_line(granted.ticket, 100)}" if granted.ticket else ""
    known = f"Excepted until {to_the_minute(granted.expires_at)}, owner {one_line(granted.owner, 100)}{ticket}"
    return types.Note(one_line(f"{known}: {granted.reason}", 512), "rootsweep", run.finished_at)


# What the AWS Security Finding Format has no field for, as text: at most 50 fields of at most 2,048 characters.

_LONGEST: Final = 2048
_MOST_KEYS: Final = 8
_MOST_EVIDENCE: Final = 20


def product_fields(finding: Finding, run: Run) -> dict[str, str]:
    """Give the fields by name, ``rootsweep/verdict`` and so on; what is not known is left out."""
    return {f"rootsweep/{name}": one_line(text, _LONGEST) for name, text in _told(finding, run) if text and text.strip()}


def _told(finding: Finding, run: Run) -> Iterator[tuple[str, str | None]]:
    yield "verdict", finding.verdict
    yield "control", ROOT_ACCESS_KEY.id
    yield "reasons", ", ".join(finding.reason_codes)
    yield "warnings", " ".join(f"{one.code}: {one.message}" for one in finding.warnings)
    yield "as_of", utc(finding.as_of)
    yield "next_step", finding.next_step
    yield "procedures/account_summary", finding.procedures.account_summary
    yield "procedures/credential_report", finding.procedures.credential_report
    yield from _exception(finding)
    yield from _numbered("keys", [describe_key(row, run.finished_at) for row in finding.keys], _MOST_KEYS)
    yield from _numbered("evidence", [_describe_evidence(piece) for piece in finding.evidence], _MOST_EVIDENCE)
    yield "tool_version", run.tool_version
    yield "organization_id", run.scope.organization_id
    yield "scope_complete", str(run.scope.complete).lower()
    yield "scope_incomplete_because", run.scope.incomplete_because
    yield "run_warnings", " ".join(one.message for one in warnings_of(run))
    yield "left_out", left_out_note(run)


def _exception(finding: Finding) -> Iterator[tuple[str, str | None]]:
    granted = finding.exception
    if granted is not None:
        yield "exception/owner", granted.owner
        yield "exception/reason", granted.reason
        yield "exception/ticket", granted.ticket
        yield "exception/expires_at", utc(granted.expires_at)


def _numbered(name: str, texts: list[str], most: int) -> Iterator[tuple[str, str]]:
    """Give a number to each of several texts, and count those beyond the limit of fields."""
    for number, text in enumerate(texts[:most], 1):
        yield f"{name}/{number}", text
    if len(texts) > most:
        yield f"{name}/more", f"{len(texts) - most:,} more"


def _describe_evidence(piece: Evidence) -> str:
    origin = piece.origin
    parts = [piece.source.value.replace("_", " "), "unavailable" if isinstance(piece, Unavailable) else "observed"]
    if isinstance(piece, Unavailable):
        parts.append(f"({piece.reason.value}{f', {piece.error_code}' if piece.error_code else ''})")
    parts += [f"by {origin.api_call}"] if origin.api_call else []
    parts += [f"access {origin.access.value}"]
    parts += [f"at {utc(origin.observed_at)}"] if origin.observed_at else []
    parts += [f"request {origin.request_id}"] if origin.request_id else []
    parts += [f"in {origin.path}"] if origin.path else []
    parts += [f"line {origin.line}"] if origin.line else []
    return " ".join(parts)


# The resources of a finding: the account, and its root access keys of which the id is known.

_MOST_RESOURCES: Final = 32
_LONGEST_TAG: Final = 1024
_PARTITIONS: Final = frozenset({"aws", "aws-cn", "aws-us-gov"})
"""The partitions that ``Resource.Partition`` names as everyone else does; it has no word for the newer ones."""

_KEY_STATUSES: Final[dict[KeyStatus, Literal["Active", "Inactive"]]] = {
    KeyStatus.ACTIVE: "Active",
    KeyStatus.INACTIVE: "Inactive",
}


def resources_of(finding: Finding, partition: str, region: str) -> tuple[Resource, ...]:
    """Give the account first, then its keys, at most 32 in all."""
    known = partition if partition in _PARTITIONS else None
    account = Resource("AwsAccount", f"AWS::::Account:{finding.account.id}", region, known, _account_details(finding))
    keys = [
        Resource("AwsIamAccessKey", f"AWS::IAM::AccessKey:{key.id}", region, known, _key_details(key, key.id, finding))
        for key in finding.keys
        if key.id
    ]
    return (account, *keys)[:_MOST_RESOURCES]


def _account_details(finding: Finding) -> ResourceDetails | None:
    account = finding.account
    told = {
        "Name": account.name,
        "State": account.state,
        "OrganizationPath": account.path,
        "ManagementAccount": "true" if account.is_management_account else None,
    }
    other = {name: one_line(text, _LONGEST_TAG) for name, text in told.items() if text and text.strip()}
    return ResourceDetails(other=other) if other else None


def _key_details(key: KeyRow, key_id: str, finding: Finding) -> ResourceDetails:
    account_id = finding.account.id
    details = AwsIamAccessKeyDetails(
        key_id, account_id, account_id, "root", "Root", _KEY_STATUSES.get(key.status), key.created_at
    )
    return ResourceDetails(details, {"LastUsed": describe_last_use(key.last_use)})


# The Region for which findings are addressed while nothing says where Security Hub takes them.


def home_region(partition: str) -> str:
    """Give the Region in which a partition keeps IAM; that of ``aws`` for a partition that is not known."""
    return HOME_REGIONS.get(partition, HOME_REGIONS["aws"])
