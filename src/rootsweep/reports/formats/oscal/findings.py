"""What is concluded of an account: the finding, and the risk of a non-compliance."""

from typing import Final

from rootsweep.controls import ROOT_ACCESS_KEY, Reference
from rootsweep.model.exception import GrantedException
from rootsweep.model.finding import Finding as FindingOfRun
from rootsweep.model.finding import Verdict
from rootsweep.model.run import Run
from rootsweep.reports.formats.framework_names import control_title
from rootsweep.reports.formats.identity import stable_uuid
from rootsweep.reports.formats.one_line import one_line
from rootsweep.reports.formats.oscal.account_structs import (
    AssociatedRisk,
    Characterization,
    Facet,
    Finding,
    FindingTarget,
    ImplementationStatus,
    LoggedBy,
    RelatedObservation,
    Response,
    Risk,
    RiskLog,
    RiskLogEntry,
    TargetStatus,
)
from rootsweep.reports.formats.oscal.markup import literal, prose
from rootsweep.reports.formats.oscal.names import NAMESPACE, OBJECTIVE, ORIGINS, account_title, account_uuid, properties
from rootsweep.reports.formats.oscal.structs import Party

_STATUSES: Final = {
    Verdict.COMPLIANT: TargetStatus("satisfied", "pass", "COMPLIANT: evidence proves that the root user has no access key."),
    Verdict.NON_COMPLIANT: TargetStatus("not-satisfied", "fail", "NON_COMPLIANT: evidence shows a root access key."),
    Verdict.INSUFFICIENT_DATA: TargetStatus(
        "not-satisfied", "other", "INSUFFICIENT_DATA: nothing that was read proves or disproves a root access key."
    ),
    Verdict.NOT_APPLICABLE: TargetStatus(
        "not-satisfied", "other", "NOT_APPLICABLE: the account has no root user, is closed, or cannot be read in its state."
    ),
}
"""The standard has two states only: what is not proven is never satisfied, and the reason tells it from a failure."""

_ALLOWED: Final = TargetStatus(
    "satisfied", "pass", "COMPLIANT: every root access key is inactive, which --inactive-keys allow accepts."
)


_EXCEPTED: Final = TargetStatus("not-satisfied", "fail", "NON_COMPLIANT, and excepted: the log of the risk tells by whom.")


def finding_of(finding: FindingOfRun, run: Run, reference: Reference) -> Finding:
    """Convert a finding; ``reference`` is the framework version that the target's title shows."""
    has_risk = finding.verdict is Verdict.NON_COMPLIANT
    return Finding(
        uuid=account_uuid("finding", finding, run),
        title=f"{account_title(finding)}: {finding.verdict.value}",
        description=prose(" ".join(reason.message for reason in finding.reasons)),
        props=properties(
            ("verdict", finding.verdict),
            ("severity", finding.severity),
            *(("reason", reason.code) for reason in finding.reasons),
            *(("warning", warning.code) for warning in finding.warnings),
            ("excepted", "yes" if finding.exception else "no"),
        ),
        origins=ORIGINS,
        target=_target(finding, reference),
        related_observations=(RelatedObservation(account_uuid("observation", finding, run)),),
        related_risks=(AssociatedRisk(account_uuid("risk", finding, run)),) if has_risk else (),
        remarks=prose(finding.next_step or "") or None,
    )


def _target(finding: FindingOfRun, reference: Reference) -> FindingTarget:
    applies = finding.verdict is not Verdict.NOT_APPLICABLE
    status = _status(finding)
    return FindingTarget(
        type="objective-id",
        target_id=OBJECTIVE,
        title=control_title(reference),
        status=status,
        implementation_status=None if applies else ImplementationStatus("not-applicable", status.remarks),
    )


def _status(finding: FindingOfRun) -> TargetStatus:
    if finding.exception:
        return _EXCEPTED
    if finding.verdict is Verdict.COMPLIANT and finding.keys:
        return _ALLOWED
    return _STATUSES[finding.verdict]


def risk(finding: FindingOfRun, run: Run) -> Risk:
    """Convert a non-compliance; an exception that stands is an approved deviation, and its end the deadline."""
    granted = finding.exception
    severity = finding.severity.value.lower() if finding.severity else "unknown"
    return Risk(
        uuid=account_uuid("risk", finding, run),
        title=f"A root user access key in {account_title(finding)}",
        description=prose(" ".join(reason.message for reason in finding.reasons)),
        statement=ROOT_ACCESS_KEY.rationale,
        status="deviation-approved" if granted else "open",
        origins=ORIGINS,
        characterizations=(Characterization(ORIGINS[0], (Facet("severity", NAMESPACE, severity),)),),
        related_observations=(RelatedObservation(account_uuid("observation", finding, run)),),
        deadline=granted.expires_at if granted else None,
        remediations=_remediations(finding, run),
        risk_log=RiskLog((_log_entry(finding, granted, run),)) if granted else None,
    )


def _remediations(finding: FindingOfRun, run: Run) -> tuple[Response, ...]:
    if not finding.next_step:
        return ()
    uuid = account_uuid("remediation", finding, run)
    return (Response(uuid, "recommendation", "Remove the root user access key", prose(finding.next_step)),)


def _log_entry(finding: FindingOfRun, granted: GrantedException, run: Run) -> RiskLogEntry:
    """Tell of an exception as of the end of the audit: when it was granted is not known."""
    until = f"{granted.expires_at:%Y-%m-%d %H:%M} UTC"
    return RiskLogEntry(
        uuid=account_uuid("exception", finding, run),
        title=f"An exception stands until {until}",
        description=literal(granted.reason),
        start=run.finished_at,
        end=granted.expires_at,
        props=properties(("owner", granted.owner), ("ticket", granted.ticket), ("expires-at", granted.expires_at.isoformat())),
        logged_by=(LoggedBy(owner_of(granted).uuid),),
        status_change="deviation-approved",
    )


def owner_of(granted: GrantedException) -> Party:
    """Give who answers for an exception."""
    name = one_line(granted.owner) or "unknown"
    return Party(stable_uuid("oscal", "party", name), "person", name)
