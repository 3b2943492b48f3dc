"""What the run as a whole tells: how much is proven, which accounts may be missing, which inputs were refused or left out."""

from rootsweep.model.run import LeftOut, RejectedInput, Run
from rootsweep.reports.formats.incompleteness_text import describe_incompleteness
from rootsweep.reports.formats.oscal.account_structs import Observation, RelevantEvidence
from rootsweep.reports.formats.oscal.markup import literal, prose
from rootsweep.reports.formats.oscal.names import ORIGINS, properties, run_uuid
from rootsweep.reports.formats.oscal.structs import Property
from rootsweep.reports.headline import headline
from rootsweep.reports.left_out import describe_left_out


def run_observation(run: Run) -> Observation:
    """Give an observation of no account; the inputs that were refused or left out are its evidence."""
    return Observation(
        uuid=run_uuid("run-observation", run),
        title="Scope and inputs of the audit",
        description=f"{headline(run)}.",
        methods=("EXAMINE",),
        types=("discovery",),
        origins=ORIGINS,
        collected=run.finished_at,
        props=scope_properties(run),
        relevant_evidence=(*map(_refused, run.rejected_inputs), *map(_left_out, run.left_out)),
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
        ("left-out-evidence", len(run.left_out) or None),
    )


def _refused(one: RejectedInput) -> RelevantEvidence:
    where = literal(one.path) + (f", line {one.line}" if one.line else "")
    return RelevantEvidence(f"Refused: {where}: {literal(one.reason)}", properties(("path", one.path), ("line", one.line)))


def _left_out(one: LeftOut) -> RelevantEvidence:
    shows_key = "yes" if one.shows_key else "no"
    known = properties(("path", one.path), ("account-id", one.account_id), ("source", one.source), ("shows-key", shows_key))
    return RelevantEvidence(literal(describe_left_out(one)), known)
