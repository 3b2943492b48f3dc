"""What the run as a whole tells: how much is proven, which accounts may be missing, which inputs were refused."""

from rootsweep.model.run import RejectedInput, Run
from rootsweep.reports.formats.incompleteness_text import describe_incompleteness
from rootsweep.reports.formats.oscal.account_structs import Observation, RelevantEvidence
from rootsweep.reports.formats.oscal.markup import literal, prose
from rootsweep.reports.formats.oscal.names import ORIGINS, properties, run_uuid
from rootsweep.reports.formats.oscal.structs import Property
from rootsweep.reports.headline import headline


def run_observation(run: Run) -> Observation:
    """Give an observation of no account; the inputs that were refused are its evidence."""
    return Observation(
        uuid=run_uuid("run-observation", run),
        title="Scope and inputs of the audit",
        description=f"{headline(run)}.",
        methods=("EXAMINE",),
        types=("discovery",),
        origins=ORIGINS,
        collected=run.finished_at,
        props=scope_properties(run),
        relevant_evidence=tuple(_refused(one) for one in run.rejected_inputs),
        remarks=prose(describe_incompleteness(run)) or None,
    )


def scope_properties(run: Run) -> tuple[Property, ...]:
    """Give the scope, and the counts of accounts."""
    scope, summary = run.scope, run.summary()
    return properties(
        ("scope", scope.kind),
        ("partition", scope.partition),
        ("organization-id", scope.organization_id),
        ("scope-complete", "yes" if scope.complete else "no"),
        ("accounts", summary.accounts),
        ("compliant", summary.compliant),
        ("non-compliant", summary.non_compliant),
        ("excepted", summary.excepted),
        ("insufficient-data", summary.insufficient_data),
        ("not-applicable", summary.not_applicable),
        ("refused-inputs", len(run.rejected_inputs)),
    )


def _refused(one: RejectedInput) -> RelevantEvidence:
    where = literal(one.path) + (f", line {one.line}" if one.line else "")
    return RelevantEvidence(f"Refused: {where}: {literal(one.reason)}", properties(("path", one.path), ("line", one.line)))
