"""``--format oscal``: the assessment results of a run in OSCAL 1.2.3, as JSON.

A run is one result. Each account is an inventory item, an observation and a finding in it, and a risk when it is non-compliant.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TextIO

import msgspec

from rootsweep.core.controls import Reference
from rootsweep.core.finding import Verdict
from rootsweep.core.run import LeftOut, RejectedInput, Run
from rootsweep.reports.contracts.audit_v1 import indented, write_array
from rootsweep.reports.formats.oscal import types
from rootsweep.reports.formats.oscal.accounts import (
    ORIGINS,
    TOOL,
    finding_of,
    inventory_item,
    literal,
    objectives,
    observation,
    owner_of,
    properties,
    prose,
    reviewed_controls,
    risk,
    run_uuid,
)
from rootsweep.reports.formats.oscal.types import Observation, Property, RelevantEvidence
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.wording import describe_incompleteness, describe_left_out, headline

OSCAL_VERSION: Final = "1.2.3"


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the document in ASCII, indented by two; of the arrays that grow with a run one element at a time."""
    reference = options.presentation.reference
    text = indented(types.Document(_document(run, reference)))
    for key, elements in _arrays(run, reference):
        before, marker, after = text.partition(f'"{key}": []')
        if not marker:
            continue
        line = before.rpartition("\n")[2]
        stream.write(f'{before}"{key}": ')
        write_array(elements, stream, indent=len(line))
        text = after
    stream.write(f"{text}\n")


def _arrays(run: Run, reference: Reference) -> Iterable[tuple[str, Iterable[msgspec.Struct]]]:
    """Return the arrays that grow with a run, in the order in which they stand in the document."""
    risky = (finding for finding in run.findings if finding.verdict is Verdict.NON_COMPLIANT)
    return (
        ("inventory-items", (inventory_item(finding, run) for finding in run.findings)),
        ("observations", _observations(run)),
        ("risks", (risk(finding, run) for finding in risky)),
        ("findings", (finding_of(finding, run, reference) for finding in run.findings)),
    )


def _observations(run: Run) -> Iterator[msgspec.Struct]:
    yield run_observation(run)
    for finding in run.findings:
        yield observation(finding, run)


def _document(run: Run, reference: Reference) -> types.AssessmentResults:
    plan = types.Resource(
        run_uuid("plan", run),
        "Assessment plan",
        "Every account in scope is assessed by the objective and the methods that this document defines.",
    )
    return types.AssessmentResults(
        uuid=run_uuid("document", run),
        metadata=_metadata(run),
        import_ap=types.ImportAp(f"#{plan.uuid}", "No OSCAL assessment plan was provided; this resource takes its place."),
        local_definitions=objectives(reference),
        results=(_result(run, reference),),
        back_matter=types.BackMatter((plan,)),
    )


def _metadata(run: Run) -> types.Metadata:
    owners = {owner.uuid: owner for owner in (owner_of(one.exception) for one in run.findings if one.exception)}
    return types.Metadata(
        title="Assessment of the root user access keys of AWS accounts",
        last_modified=run.finished_at,
        version=f"{run.finished_at:%Y-%m-%dT%H:%M:%SZ}",
        oscal_version=OSCAL_VERSION,
        parties=tuple(owners.values()),
    )


def _result(run: Run, reference: Reference) -> types.Result:
    """Return the result with empty arrays where there is something to fill them; the standard allows no empty one."""
    to_fill: tuple[()] | None = () if run.findings else None
    return types.Result(
        uuid=run_uuid("result", run),
        title="rootsweep audit",
        description=f"{headline(run)}.",
        start=run.started_at,
        end=run.finished_at,
        props=scope_properties(run),
        local_definitions=types.ResultDefinitions(_assets(run), to_fill),
        reviewed_controls=reviewed_controls(reference),
        observations=(),
        risks=() if run.summary().non_compliant else None,
        findings=to_fill,
        remarks=prose(describe_incompleteness(run)) or None,
    )


def _assets(run: Run) -> types.AssessmentAssets:
    tool = types.SystemComponent(
        uuid=TOOL,
        type="software",
        title="rootsweep",
        description="Audits AWS accounts for root user access keys.",
        props=(types.Property("version", run.tool_version),),
        status=types.ComponentStatus("operational"),
    )
    platform = types.AssessmentPlatform(run_uuid("platform", run), "rootsweep", (types.UsesComponent(TOOL),))
    return types.AssessmentAssets((tool,), (platform,))


# What the run as a whole tells: how much is proven, which accounts may be missing, which inputs were refused or left out.


def run_observation(run: Run) -> Observation:
    """Return an observation of no account; the inputs that were refused or left out are its evidence."""
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
    """Return the scope, and the counts of accounts."""
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
