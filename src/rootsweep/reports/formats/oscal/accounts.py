"""What is concluded of an account: the observations, the finding, and the risk of a non-compliance."""

import re
from typing import Final
from uuid import UUID

from rootsweep.core.controls import ROOT_ACCESS_KEY, Reference
from rootsweep.core.evidence import Access, Evidence, Unavailable
from rootsweep.core.finding import Finding as FindingOfRun
from rootsweep.core.finding import GrantedException, Verdict
from rootsweep.core.run import Run
from rootsweep.core.times import to_the_minute
from rootsweep.reports.formats.oscal.types import (
    AssociatedRisk,
    Characterization,
    ControlById,
    ControlSelection,
    Facet,
    Finding,
    FindingTarget,
    ImplementationStatus,
    InventoryItem,
    LocalDefinitions,
    LocalObjective,
    LoggedBy,
    ObjectiveById,
    ObjectiveSelection,
    Observation,
    Origin,
    OriginActor,
    Part,
    Party,
    Property,
    RelatedObservation,
    RelevantEvidence,
    Response,
    ReviewedControls,
    Risk,
    RiskLog,
    RiskLogEntry,
    SubjectReference,
    TargetStatus,
)
from rootsweep.reports.wording import (
    control_title,
    describe_key,
    finding_id,
    one_line,
    partition_of,
    requirements_of,
    stable_uuid,
)

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
    """Report an exception as of the end of the audit: when it was granted is not known."""
    until = to_the_minute(granted.expires_at)
    return RiskLogEntry(
        uuid=account_uuid("exception", finding, run),
        title=f"Excepted until {until}",
        description=literal(granted.reason),
        start=run.finished_at,
        end=granted.expires_at,
        props=properties(("owner", granted.owner), ("ticket", granted.ticket), ("expires-at", granted.expires_at.isoformat())),
        logged_by=(LoggedBy(owner_of(granted).uuid),),
        status_change="deviation-approved",
    )


def owner_of(granted: GrantedException) -> Party:
    """Return who answers for an exception."""
    name = one_line(granted.owner) or "unknown"
    return Party(stable_uuid("oscal", "party", name), "person", name)


# What was seen of an account, as an observation, and the account as an inventory item.

_OUTCOME_TYPES: Final = ("control-objective",)


def inventory_item(finding: FindingOfRun, run: Run) -> InventoryItem:
    """Convert an account."""
    account = finding.account
    own = properties(
        ("partition", partition_of(finding, run)),
        ("account-name", account.name),
        ("account-state", account.state),
        ("organization-path", account.path),
        ("management-account", "true" if account.is_management_account else None),
    )
    return InventoryItem(
        account_uuid("account", finding, run), account_title(finding), (Property("asset-id", account.id), *own)
    )


def observation(finding: FindingOfRun, run: Run) -> Observation:
    """Convert what was seen of an account; ``collected`` is the oldest time among the evidence that decided."""
    procedures = finding.procedures
    return Observation(
        uuid=account_uuid("observation", finding, run),
        title=f"Root user access keys of {account_title(finding)}",
        description=prose(" ".join(reason.message for reason in finding.reasons)),
        methods=("EXAMINE",) if _is_from_files(finding) else ("TEST",),
        types=_OUTCOME_TYPES,
        origins=ORIGINS,
        collected=finding.as_of or run.finished_at,
        props=properties(
            ("as-of", finding.as_of.isoformat() if finding.as_of else "unknown"),
            ("account-summary-procedure", procedures.account_summary),
            ("credential-report-procedure", procedures.credential_report),
            *(("root-access-key", describe_key(row, run.finished_at)) for row in finding.keys),
        ),
        subjects=(SubjectReference(account_uuid("account", finding, run), "inventory-item", account_title(finding)),),
        relevant_evidence=tuple(_evidence(piece) for piece in finding.evidence),
        remarks="\n\n".join(f"{one.code}: {prose(one.message)}" for one in finding.warnings) or None,
    )


def _is_from_files(finding: FindingOfRun) -> bool:
    """Return whether saved documents were examined and nothing was asked (NIST SP 800-53A: examine, test)."""
    return bool(finding.evidence) and all(piece.origin.access is Access.FILES for piece in finding.evidence)


def _evidence(piece: Evidence) -> RelevantEvidence:
    origin = piece.origin
    refused = piece if isinstance(piece, Unavailable) else None
    source = piece.source.value.replace("_", " ")
    advice = f": {prose(refused.advice)}" if refused and refused.advice else ""
    return RelevantEvidence(
        f"The {source} could not be read{advice}." if refused else f"The {source} was read.",
        properties(
            ("source", piece.source),
            ("status", "unavailable" if refused else "observed"),
            ("access", origin.access),
            ("observed-at", origin.observed_at.isoformat() if origin.observed_at else None),
            ("api-call", origin.api_call),
            ("request-id", origin.request_id),
            ("path", origin.path),
            ("line", origin.line),
            ("reason", refused.reason if refused else None),
            ("error-code", refused.error_code if refused else None),
        ),
    )


# The control and its two audit procedures, which the document defines for itself.

_RISK_MANAGEMENT: Final = "http://csrc.nist.gov/ns/rmf"


def objectives(reference: Reference) -> LocalDefinitions:
    """Define what is assessed, and how; ``reference`` is the framework version that the title shows."""
    control = ROOT_ACCESS_KEY
    return LocalDefinitions(
        (
            LocalObjective(
                control.id,
                control_title(reference),
                (
                    Part(OBJECTIVE, "assessment-objective", control.title, control.rationale),
                    _method("account-summary", "TEST", "Account summary", control.audit_by_command),
                    _method("credential-report", "EXAMINE", "Credential report", control.audit_by_report),
                ),
            ),
        )
    )


def _method(name: str, method: str, title: str, text: str) -> Part:
    """Define an audit procedure; its kind is reported as NIST's own catalogs tell it."""
    kind = Property("method", method, _RISK_MANAGEMENT)
    return Part(f"{ROOT_ACCESS_KEY.id}-{name}", "assessment-method", title, prose(text), (kind,))


def reviewed_controls(reference: Reference) -> ReviewedControls:
    """Name the control, and what every framework calls it."""
    requirements = [("requirement", name) for one in ROOT_ACCESS_KEY.references for name in requirements_of(one)]
    return ReviewedControls(
        description=control_title(reference),
        props=properties(*requirements),
        control_selections=(ControlSelection((ControlById(ROOT_ACCESS_KEY.id),)),),
        control_objective_selections=(ObjectiveSelection((ObjectiveById(OBJECTIVE),)),),
    )


# The identifiers and the names that rootsweep gives to things in OSCAL.

NAMESPACE: Final = "urn:rootsweep:oscal"
"""The namespace of the properties that are rootsweep's own."""

OBJECTIVE: Final = f"{ROOT_ACCESS_KEY.id}-objective"
TOOL: Final = stable_uuid("oscal", "tool")
ORIGINS: Final = (Origin((OriginActor("tool", TOOL),)),)


def account_uuid(kind: str, finding: FindingOfRun, run: Run) -> UUID:
    """Return the id that the finding, the risk or whatever else of an account has in every run."""
    return stable_uuid("oscal", kind, finding_id(finding, run))


def run_uuid(kind: str, run: Run) -> UUID:
    """Return the id of what belongs to this run alone."""
    scope = run.scope
    parts = (scope.kind.value, scope.partition or "", scope.organization_id or "")
    return stable_uuid("oscal", kind, run.started_at.isoformat(), run.finished_at.isoformat(), *parts)


def account_title(finding: FindingOfRun) -> str:
    """Name an account by its id, and by its name where it has one, as markup."""
    name = literal(finding.account.name or "")
    return f"AWS account {finding.account.id} ({name})" if name else f"AWS account {finding.account.id}"


def properties(*named: tuple[str, object]) -> tuple[Property, ...]:
    """Return the properties of rootsweep's own that have a value; the standard wants one line that is not blank."""
    texts = [(name, "" if value is None else one_line(str(value))) for name, value in named]
    return tuple(Property(name, text, NAMESPACE) for name, text in texts if text)


# Text for titles, descriptions and remarks, which are Markdown in OSCAL (its data types markup-line and markup-multiline).

_MARKUP: Final = re.compile(r"[\\`*\[\]<>~^]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
"""What acts on text around it; an underscore within a word does not, nor an ampersand that begins no character reference."""


def literal(text: str) -> str:
    """Return text from outside in one line, so that none of its characters is markup."""
    return _MARKUP.sub(r"\\\g<0>", one_line(text))


def prose(text: str) -> str:
    """Return our own sentences in one line: backticks mark what is to be copied, and nothing is HTML."""
    return one_line(text).replace("<", r"\<")
