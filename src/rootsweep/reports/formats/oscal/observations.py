"""What was seen of an account, as an observation, and the account as an inventory item."""

from typing import Final

from rootsweep.model.evidence import Access, Evidence, Unavailable
from rootsweep.model.finding import Finding
from rootsweep.model.run import Run
from rootsweep.reports.formats.identity import partition_of
from rootsweep.reports.formats.oscal.account_structs import Observation, RelevantEvidence, SubjectReference
from rootsweep.reports.formats.oscal.markup import prose
from rootsweep.reports.formats.oscal.names import ORIGINS, account_title, account_uuid, properties
from rootsweep.reports.formats.oscal.structs import InventoryItem, Property
from rootsweep.reports.key_text import describe_key

_OUTCOME_TYPES: Final = ("control-objective",)


def inventory_item(finding: Finding, run: Run) -> InventoryItem:
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


def observation(finding: Finding, run: Run) -> Observation:
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


def _is_from_files(finding: Finding) -> bool:
    """Tell whether saved documents were examined and nothing was asked (NIST SP 800-53A: examine, test)."""
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
