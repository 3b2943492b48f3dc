"""``--format ocsf``: a JSON array of events of the class Compliance Finding (2003) of OCSF 1.8.0, one for each account.

Where the run itself has something to tell that no account tells, an event of the class Scan Activity (6007) ends the array.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple, TextIO

import msgspec

from rootsweep.core.controls import REMEDIATION_PAGE, ROOT_ACCESS_KEY, Reference
from rootsweep.core.evidence import Evidence, LastUsed, NoLastUse, Unavailable
from rootsweep.core.finding import Finding, GrantedException, KeyRow, Message, ProcedureResult, Severity, Verdict
from rootsweep.core.organization import OrganizationalUnit
from rootsweep.core.run import Run
from rootsweep.core.times import to_the_minute
from rootsweep.reports.contracts.audit_v1 import write_array
from rootsweep.reports.formats.ocsf import types
from rootsweep.reports.formats.ocsf import types as structs
from rootsweep.reports.formats.ocsf.types import LeftOut, RejectedInput, ResourceDetails, Scan, ScanActivity, ScanUnmapped
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.wording import (
    control_title,
    describe_incompleteness,
    finding_id,
    headline,
    incompleteness,
    one_line,
    partition_of,
    requirements_of,
    stable_uuid,
    standard_of,
    utc,
    warnings_of,
)

_SEVERITIES: Final = {Severity.CRITICAL: (5, "Critical"), Severity.HIGH: (4, "High")}
_UNREAD: Final = (3, "Medium")
_NOTHING_WRONG: Final = (1, "Informational")


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the events in ASCII, indented by two."""
    write_array(_events(run, options.presentation.reference), stream)
    stream.write("\n")


def _events(run: Run, reference: Reference) -> Iterator[msgspec.Struct]:
    for finding in run.findings:
        yield compliance_finding(finding, run, reference)
    if has_more_to_tell(run):
        yield scan_activity(run)


def compliance_finding(finding: Finding, run: Run, reference: Reference) -> types.ComplianceFinding:
    """Convert a finding; ``reference`` is the framework version by whose number the control is called."""
    resources = resources_of(finding, partition_of(finding, run))
    severity_id, severity = _severity(finding)
    status_id, status = (3, "Suppressed") if finding.exception else (1, "New")
    return types.ComplianceFinding(
        activity_id=1,
        activity_name="Create",
        category_uid=2,
        category_name="Findings",
        class_uid=2003,
        class_name="Compliance Finding",
        type_uid=200301,
        type_name="Compliance Finding: Create",
        time=milliseconds(run.finished_at),
        severity_id=severity_id,
        severity=severity,
        status_id=status_id,
        status=status,
        message=_message(finding),
        metadata=metadata_of(run, finding_id(finding, run)),
        cloud=cloud_of(finding, run),
        finding_info=_finding_info(finding, run, reference),
        compliance=compliance_of(finding, reference),
        resources=resources,
        observables=_observables(finding, resources),
        unmapped=_unmapped(finding, run),
        evidences=evidences_of(finding),
        comment=_comment(finding.exception),
        remediation=_remediation(finding),
    )


def _severity(finding: Finding) -> tuple[int, str]:
    if finding.severity:
        return _SEVERITIES[finding.severity]
    return _UNREAD if finding.verdict is Verdict.INSUFFICIENT_DATA else _NOTHING_WRONG


def _message(finding: Finding) -> str:
    return one_line(" ".join(one.message for one in finding.reasons))


def _finding_info(finding: Finding, run: Run, reference: Reference) -> types.FindingInfo:
    title = control_title(reference)
    return types.FindingInfo(
        uid=finding_id(finding, run),
        title=title,
        desc=_message(finding),
        analytic=types.Analytic(ROOT_ACCESS_KEY.id, ROOT_ACCESS_KEY.title, 1, "Rule", run.tool_version),
        types=("Software and Configuration Checks/Industry and Regulatory Standards",),
        created_time=milliseconds(run.finished_at),
        data_sources=tuple(dict.fromkeys(one.source.value for one in finding.evidence)),
        last_seen_time=milliseconds(finding.as_of) if finding.as_of else None,
    )


def _observables(finding: Finding, resources: tuple[ResourceDetails, ...]) -> tuple[types.Observable, ...]:
    account = types.Observable("cloud.account.uid", 35, "Account Object: uid", finding.account.id)
    return (account, *(types.Observable("resources.uid", 10, "Resource UID", one.uid) for one in resources))


def _comment(granted: GrantedException | None) -> str | None:
    if granted is None:
        return None
    ticket = f", ticket {granted.ticket}" if granted.ticket else ""
    until = to_the_minute(granted.expires_at)
    return one_line(f"Excepted until {until}, owner {granted.owner}{ticket}: {granted.reason}")


def _remediation(finding: Finding) -> types.Remediation | None:
    if not finding.next_step:
        return None
    return types.Remediation(one_line(finding.next_step), (REMEDIATION_PAGE,) if finding.keys else ())


def _unmapped(finding: Finding, run: Run) -> types.Unmapped:
    account, granted = finding.account, finding.exception
    return types.Unmapped(
        verdict=finding.verdict.value,
        reasons=_messages(finding.reasons),
        account_summary=finding.procedures.account_summary.value,
        credential_report=finding.procedures.credential_report.value,
        scope=scope_of(run),
        is_management_account=account.is_management_account,
        warnings=_messages(finding.warnings),
        keys=tuple(key_data(row) for row in finding.keys),
        account_state=account.state.value if account.state else None,
        organization_path=one_line(account.path) if account.path else None,
        exception=_exception(granted) if granted else None,
    )


def _messages(messages: tuple[Message, ...]) -> tuple[types.Message, ...]:
    return tuple(types.Message(one.code, one_line(one.message)) for one in messages)


def _exception(granted: GrantedException) -> types.GrantedException:
    return types.GrantedException(
        owner=one_line(granted.owner),
        reason=one_line(granted.reason),
        expires_at=utc(granted.expires_at) or "",
        ticket=one_line(granted.ticket) if granted.ticket else None,
    )


# The control and its result as the OCSF object ``compliance``.


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


def compliance_of(finding: Finding, reference: Reference) -> types.Compliance:
    """Return the control under its number in ``reference``, the requirements of every framework, and the result."""
    result = _RESULTS[finding.verdict]
    return types.Compliance(
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


def _checks(finding: Finding, reference: Reference) -> tuple[types.Check, ...]:
    """Return the benchmark's two audit procedures, each with its own outcome."""
    procedures = (
        ("account_summary", "Account summary", ROOT_ACCESS_KEY.audit_by_command, finding.procedures.account_summary),
        ("credential_report", "Credential report", ROOT_ACCESS_KEY.audit_by_report, finding.procedures.credential_report),
    )
    return tuple(
        types.Check(uid, name, description, (standard_of(reference),), *_PROCEDURES[outcome])
        for uid, name, description, outcome in procedures
    )


# The keys and the pieces of evidence of a finding, as OCSF objects.


def resources_of(finding: Finding, partition: str) -> tuple[structs.ResourceDetails, ...]:
    """Return the root user first, then its keys of which the id is known."""
    root = structs.ResourceDetails(f"arn:{partition}:iam::{finding.account.id}:root", "AWS IAM root user", partition, "root")
    keys = [
        structs.ResourceDetails(
            uid=key.id,
            type="AWS::IAM::AccessKey",
            cloud_partition=partition,
            created_time=milliseconds(key.created_at) if key.created_at else None,
            data=key_data(key),
        )
        for key in finding.keys
        if key.id
    ]
    return (root, *keys)


def key_data(key: KeyRow) -> structs.KeyData:
    """Return what is known of a key."""
    last = key.last_use if isinstance(key.last_use, LastUsed) else None
    return structs.KeyData(
        status=key.status.value,
        last_used_status=key.last_use.value if isinstance(key.last_use, NoLastUse) else "recorded",
        id=key.id,
        slot=key.slot,
        created_at=utc(key.created_at),
        last_rotated_at=utc(key.last_rotated_at),
        last_used_at=utc(last.at) if last else None,
        last_used_region=last.region if last else None,
        last_used_service=last.service if last else None,
    )


def evidences_of(finding: Finding) -> tuple[structs.Evidences, ...]:
    """Return one entry for each piece of evidence, and for each that could not be had."""
    return tuple(structs.Evidences(one.source.value, _data(one), _api(one)) for one in finding.evidence)


def _data(piece: Evidence) -> structs.EvidenceData:
    origin = piece.origin
    refused = piece if isinstance(piece, Unavailable) else None
    return structs.EvidenceData(
        source=piece.source.value,
        status="unavailable" if refused else "observed",
        access=origin.access.value,
        observed_at=utc(origin.observed_at),
        path=one_line(origin.path) if origin.path else None,
        line=origin.line,
        reason=refused.reason.value if refused else None,
        advice=one_line(refused.advice) if refused else None,
    )


def _api(piece: Evidence) -> structs.Api | None:
    """Take a call, such as ``iam:GetAccountSummary``, apart."""
    origin = piece.origin
    if not origin.api_call:
        return None
    service, _, operation = origin.api_call.rpartition(":")
    error = piece.error_code if isinstance(piece, Unavailable) else None
    return structs.Api(
        operation=operation,
        service=structs.Service(service) if service else None,
        request=structs.Request(one_line(origin.request_id)) if origin.request_id else None,
        response=structs.Response(error) if error else None,
    )


# What every event carries: the framework's version, the cloud, and times as numbers.

OCSF_VERSION: Final = "1.8.0"
"""The newest released version (ocsf/ocsf-schema, tag 1.8.0 of 2026-03-18)."""

_AWS_ACCOUNT: Final = 10


def metadata_of(run: Run, *about: str) -> types.Metadata:
    """Return an event an id that belongs to this run and to what the event is about."""
    return types.Metadata(
        version=OCSF_VERSION,
        product=types.Product("rootsweep", "rootsweep", run.tool_version),
        uid=str(stable_uuid("ocsf", run.started_at.isoformat(), run.finished_at.isoformat(), *about)),
        profiles=("cloud",),
        tenant_uid=run.scope.organization_id,
    )


def cloud_of(finding: Finding, run: Run) -> types.Cloud:
    """Tell in which account, organization and organizational unit a finding is."""
    account = types.Account(finding.account.id, _AWS_ACCOUNT, "AWS Account", one_line(finding.account.name or "") or None)
    return types.Cloud("AWS", partition_of(finding, run), account, _organization(finding, run))


def _organization(finding: Finding, run: Run) -> types.Organization | None:
    """Read the path of an account, ``o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/``; without one the scope tells the organization."""
    organization, *units = (finding.account.path or run.scope.organization_id or "").strip("/").split("/")
    if not organization:
        return None
    unit = units[-1] if units else None
    return types.Organization(organization, unit, _name_of(unit, run.units))


def _name_of(unit: str | None, units: tuple[OrganizationalUnit, ...]) -> str | None:
    return next((one_line(one.name) or None for one in units if one.id == unit), None)


def milliseconds(time: datetime) -> int:
    """Return a time as OCSF's ``timestamp_t``: milliseconds since 1970 in UTC."""
    return round(time.timestamp() * 1000)


# The run itself as an event of the class Scan Activity (6007): what no account's finding tells.


def has_more_to_tell(run: Run) -> bool:
    """Return whether accounts may be missing, or an input was refused or left out."""
    return any(incompleteness(run)) or bool(run.left_out)


def scope_of(run: Run) -> types.Scope:
    """Return what the audit covers."""
    reason = run.scope.incomplete_because
    return types.Scope(run.scope.kind.value, run.scope.complete, one_line(reason) if reason else None)


def scan_activity(run: Run) -> ScanActivity:
    """Convert a run; one that is not whole was completed, but not with success."""
    summary = run.summary()
    is_complete = not any(incompleteness(run))
    is_quiet = is_complete and not warnings_of(run)
    return ScanActivity(
        activity_id=2,
        activity_name="Completed",
        category_uid=6,
        category_name="Application Activity",
        class_uid=6007,
        class_name="Scan Activity",
        type_uid=600702,
        type_name="Scan Activity: Completed",
        time=milliseconds(run.finished_at),
        start_time=milliseconds(run.started_at),
        end_time=milliseconds(run.finished_at),
        severity_id=1 if is_quiet else 3,
        severity="Informational" if is_quiet else "Medium",
        status_id=1 if is_complete else 2,
        status="Success" if is_complete else "Failure",
        message=headline(run),
        metadata=metadata_of(run, "run"),
        cloud=types.Cloud("AWS", run.scope.partition),
        scan=Scan(
            uid=str(stable_uuid("run", run.started_at.isoformat(), run.finished_at.isoformat())),
            name="rootsweep audit",
            type_id=0,
            type="Unknown",
        ),
        total=summary.accounts,
        num_detections=summary.non_compliant,
        num_skipped_items=len(run.rejected_inputs) + len(run.left_out),
        unmapped=ScanUnmapped(scope_of(run), tuple(_rejected_inputs(run)), tuple(_left_out(run))),
        status_detail=describe_incompleteness(run),
    )


def _rejected_inputs(run: Run) -> list[RejectedInput]:
    return [RejectedInput(one_line(one.path), one_line(one.reason), one.line) for one in run.rejected_inputs]


def _left_out(run: Run) -> list[LeftOut]:
    return [LeftOut(one_line(one.path), one.account_id, one.source.value, one.shows_key) for one in run.left_out]
