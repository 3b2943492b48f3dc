"""``--format ocsf``: a JSON array of events of the class Compliance Finding (2003) of OCSF 1.8.0, one for each account.

Where the run itself has something to tell that no account tells, an event of the class Scan Activity (6007) ends the array.
"""

from collections.abc import Iterator
from typing import Final, TextIO

import msgspec

from rootsweep.controls import REMEDIATION_PAGE, ROOT_ACCESS_KEY, Reference
from rootsweep.model.exception import GrantedException
from rootsweep.model.finding import Finding, Message, Severity, Verdict
from rootsweep.model.run import Run
from rootsweep.reports.formats.framework_names import control_title
from rootsweep.reports.formats.identity import finding_id, partition_of
from rootsweep.reports.formats.ocsf import structs
from rootsweep.reports.formats.ocsf.compliance import compliance_of
from rootsweep.reports.formats.ocsf.evidence import evidences_of, key_data, resources_of
from rootsweep.reports.formats.ocsf.evidence_structs import ResourceDetails
from rootsweep.reports.formats.ocsf.metadata import cloud_of, metadata_of, milliseconds
from rootsweep.reports.formats.ocsf.scan_activity import has_more_to_tell, scan_activity, scope_of
from rootsweep.reports.formats.one_line import one_line
from rootsweep.reports.formats.utc import utc
from rootsweep.reports.json_text import write_array
from rootsweep.reports.registry import RenderOptions

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


def compliance_finding(finding: Finding, run: Run, reference: Reference) -> structs.ComplianceFinding:
    """Convert a finding; ``reference`` is the framework version by whose number the control is called."""
    resources = resources_of(finding, partition_of(finding, run))
    severity_id, severity = _severity(finding)
    status_id, status = (3, "Suppressed") if finding.exception else (1, "New")
    return structs.ComplianceFinding(
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


def _finding_info(finding: Finding, run: Run, reference: Reference) -> structs.FindingInfo:
    title = control_title(reference)
    return structs.FindingInfo(
        uid=finding_id(finding, run),
        title=title,
        desc=_message(finding),
        analytic=structs.Analytic(ROOT_ACCESS_KEY.id, ROOT_ACCESS_KEY.title, 1, "Rule", run.tool_version),
        types=("Software and Configuration Checks/Industry and Regulatory Standards",),
        created_time=milliseconds(run.finished_at),
        data_sources=tuple(dict.fromkeys(one.source.value for one in finding.evidence)),
        last_seen_time=milliseconds(finding.as_of) if finding.as_of else None,
    )


def _observables(finding: Finding, resources: tuple[ResourceDetails, ...]) -> tuple[structs.Observable, ...]:
    account = structs.Observable("cloud.account.uid", 35, "Account Object: uid", finding.account.id)
    return (account, *(structs.Observable("resources.uid", 10, "Resource UID", one.uid) for one in resources))


def _comment(granted: GrantedException | None) -> str | None:
    if granted is None:
        return None
    ticket = f", ticket {granted.ticket}" if granted.ticket else ""
    until = f"{granted.expires_at:%Y-%m-%d %H:%M} UTC"
    return one_line(f"Excepted until {until}, owner {granted.owner}{ticket}: {granted.reason}")


def _remediation(finding: Finding) -> structs.Remediation | None:
    if not finding.next_step:
        return None
    return structs.Remediation(one_line(finding.next_step), (REMEDIATION_PAGE,) if finding.keys else ())


def _unmapped(finding: Finding, run: Run) -> structs.Unmapped:
    account, granted = finding.account, finding.exception
    return structs.Unmapped(
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


def _messages(messages: tuple[Message, ...]) -> tuple[structs.Message, ...]:
    return tuple(structs.Message(one.code, one_line(one.message)) for one in messages)


def _exception(granted: GrantedException) -> structs.GrantedException:
    return structs.GrantedException(
        owner=one_line(granted.owner),
        reason=one_line(granted.reason),
        expires_at=utc(granted.expires_at) or "",
        ticket=one_line(granted.ticket) if granted.ticket else None,
    )
