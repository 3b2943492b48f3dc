"""``--format asff``: a JSON array of findings that ``BatchImportFindings`` of AWS Security Hub takes, 100 a call.

The format has no place for a run: what was refused stands in other formats, and an incomplete scope in each finding's fields.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal, TextIO

import msgspec

from rootsweep.core.controls import DEFAULT_REFERENCE, REMEDIATION_PAGE, ROOT_ACCESS_KEY, Reference
from rootsweep.core.evidence import Evidence, KeyStatus, Unavailable
from rootsweep.core.finding import Finding, GrantedException, KeyRow, Verdict
from rootsweep.core.organization import HOME_REGIONS
from rootsweep.core.run import Run
from rootsweep.core.times import to_the_minute
from rootsweep.reports.contracts.audit_v1 import write_array
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

# The part of the AWS Security Finding Format that rootsweep fills (AWS Security Hub API reference, AwsSecurityFinding).

SeverityLabel = Literal["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"]
ComplianceStatus = Literal["PASSED", "WARNING", "FAILED", "NOT_AVAILABLE"]
WorkflowStatus = Literal["NEW", "NOTIFIED", "RESOLVED", "SUPPRESSED"]


class Severity(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """How bad a finding is; ``original`` is rootsweep's own word, of at most 64 characters."""

    label: SeverityLabel
    original: str | None = None


class FindingProviderFields(msgspec.Struct, frozen=True, rename="pascal"):
    """What a finding provider updates by importing a finding again."""

    severity: Severity
    types: tuple[str, ...]


class StatusReason(msgspec.Struct, frozen=True, rename="pascal"):
    """Why a compliance status is what it is."""

    reason_code: str
    description: str


class Compliance(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """The result of the check, and at most 32 requirements of frameworks."""

    status: ComplianceStatus
    related_requirements: tuple[str, ...]
    status_reasons: tuple[StatusReason, ...] = ()


class AwsIamAccessKeyDetails(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """An access key."""

    access_key_id: str
    account_id: str
    principal_id: str
    principal_name: str
    principal_type: str
    status: Literal["Active", "Inactive"] | None = None
    created_at: datetime | None = None


class ResourceDetails(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """What a resource's type knows of it."""

    aws_iam_access_key: AwsIamAccessKeyDetails | None = None
    other: dict[str, str] | None = None


class Resource(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """What a finding is about; ``partition`` is absent where the format has no word for it."""

    type: str
    id: str
    region: str
    partition: str | None = None
    details: ResourceDetails | None = None


class Recommendation(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """What to do: at most 512 characters, and a page."""

    text: str
    url: str | None = None


class Remediation(msgspec.Struct, frozen=True, rename="pascal"):
    """How to fix what was found."""

    recommendation: Recommendation


class Note(msgspec.Struct, frozen=True, rename="pascal"):
    """A note on a finding, of at most 512 characters."""

    text: str
    updated_by: str
    updated_at: datetime


class Workflow(msgspec.Struct, frozen=True, rename="pascal"):
    """The state of the investigation."""

    status: WorkflowStatus


class AwsSecurityFinding(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """A finding as ``BatchImportFindings`` takes it; times are RFC 3339 in UTC."""

    schema_version: str
    id: str
    product_arn: str
    product_name: str
    company_name: str
    generator_id: str
    aws_account_id: str
    types: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    severity: Severity
    title: str
    description: str
    product_fields: dict[str, str]
    resources: tuple[Resource, ...]
    compliance: Compliance
    workflow: Workflow
    record_state: Literal["ACTIVE", "ARCHIVED"]
    finding_provider_fields: FindingProviderFields
    aws_account_name: str | None = None
    last_observed_at: datetime | None = None
    remediation: Remediation | None = None
    note: Note | None = None


_TYPES: Final = ("Software and Configuration Checks/Industry and Regulatory Standards/CIS AWS Foundations Benchmark",)
_MOST_REQUIREMENTS: Final = 32

_STATUSES: Final[dict[Verdict, ComplianceStatus]] = {
    Verdict.COMPLIANT: "PASSED",
    Verdict.NON_COMPLIANT: "FAILED",
    Verdict.INSUFFICIENT_DATA: "WARNING",
    Verdict.NOT_APPLICABLE: "NOT_AVAILABLE",
}
"""Security Hub's own words: WARNING is that nothing could be determined, NOT_AVAILABLE that the check does not apply
(AWS Security Hub User Guide, "Evaluating compliance status and control status")."""

_SEVERITIES: Final[dict[Verdict, SeverityLabel]] = {
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
) -> AwsSecurityFinding:
    """Convert a finding.

    ``reference`` is the framework version that the title shows. ``region`` is where Security Hub is to take the finding; the
    Region of the partition's IAM where it is not given.
    """
    account, partition = finding.account, partition_of(finding, run)
    region = region or home_region(partition)
    severity = Severity(finding.severity.value if finding.severity else _SEVERITIES[finding.verdict], finding.severity)
    return AwsSecurityFinding(
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
        workflow=Workflow(_workflow_status(finding)),
        record_state="ACTIVE",
        finding_provider_fields=FindingProviderFields(severity, _TYPES),
        aws_account_name=one_line(account.name or "", 50) or None,
        last_observed_at=finding.as_of,
        remediation=_remediation(finding),
        note=_note(finding.exception, run),
    )


def _description(finding: Finding) -> str:
    excepted = " This account has an exception." if finding.exception else ""
    return one_line(" ".join(one.message for one in finding.reasons), 1024 - len(excepted)) + excepted


def _compliance(finding: Finding) -> Compliance:
    reasons = tuple(StatusReason(one.code, one_line(one.message, 1024)) for one in finding.reasons)
    return Compliance(_STATUSES[finding.verdict], _related_requirements(), reasons)


def _related_requirements() -> tuple[str, ...]:
    """Name each requirement by itself, as Security Hub does; a framework's in one entry where they are more than 32."""
    each = tuple(name for one in ROOT_ACCESS_KEY.references for name in requirements_of(one))
    if len(each) <= _MOST_REQUIREMENTS:
        return each
    return tuple(f"{standard_of(one)}/{one.requirement}" for one in ROOT_ACCESS_KEY.references)


def _workflow_status(finding: Finding) -> WorkflowStatus:
    """Return what Security Hub gives its own controls; it takes a workflow with a new finding only."""
    if finding.exception:
        return "SUPPRESSED"
    return "RESOLVED" if finding.verdict is Verdict.COMPLIANT else "NEW"


def _remediation(finding: Finding) -> Remediation | None:
    if not finding.next_step:
        return None
    page = REMEDIATION_PAGE if finding.keys else None
    return Remediation(Recommendation(one_line(finding.next_step, 512), page))


def _note(granted: GrantedException | None, run: Run) -> Note | None:
    """Tell owner, expiry and ticket before the reason, so that no long reason cuts them off."""
    if granted is None:
        return None
    ticket = f", ticket {one_line(granted.ticket, 100)}" if granted.ticket else ""
    known = f"Excepted until {to_the_minute(granted.expires_at)}, owner {one_line(granted.owner, 100)}{ticket}"
    return Note(one_line(f"{known}: {granted.reason}", 512), "rootsweep", run.finished_at)


# What the AWS Security Finding Format has no field for, as text: at most 50 fields of at most 2,048 characters.
_LONGEST: Final = 2048
_MOST_KEYS: Final = 8
_MOST_EVIDENCE: Final = 20


def product_fields(finding: Finding, run: Run) -> dict[str, str]:
    """Return the fields by name, ``rootsweep/verdict`` and so on; what is not known is left out."""
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
    """Return a number to each of several texts, and count those beyond the limit of fields."""
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
    """Return the account first, then its keys, at most 32 in all."""
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
    """Return the Region in which a partition keeps IAM; that of ``aws`` for a partition that is not known."""
    return HOME_REGIONS.get(partition, HOME_REGIONS["aws"])
