"""``--format oscal``: the assessment results of a run in OSCAL 1.2.3, as JSON.

A run is one result. Each account is an inventory item, an observation and a finding in it, and a risk when it is non-compliant.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TextIO

import msgspec

from rootsweep.controls import Reference
from rootsweep.model.finding import Verdict
from rootsweep.model.run import Run
from rootsweep.reports.formats.incompleteness_text import describe_incompleteness
from rootsweep.reports.formats.oscal import structs
from rootsweep.reports.formats.oscal.control import objectives, reviewed_controls
from rootsweep.reports.formats.oscal.findings import finding_of, owner_of, risk
from rootsweep.reports.formats.oscal.markup import prose
from rootsweep.reports.formats.oscal.names import TOOL, run_uuid
from rootsweep.reports.formats.oscal.observations import inventory_item, observation
from rootsweep.reports.formats.oscal.run_observation import run_observation, scope_properties
from rootsweep.reports.headline import headline
from rootsweep.reports.json_text import indented, write_array
from rootsweep.reports.registry import RenderOptions

OSCAL_VERSION: Final = "1.2.3"


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the document in ASCII, indented by two; of the arrays that grow with a run one element at a time."""
    reference = options.presentation.reference
    text = indented(structs.Document(_document(run, reference)))
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
    """Give the arrays that grow with a run, in the order in which they stand in the document."""
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


def _document(run: Run, reference: Reference) -> structs.AssessmentResults:
    plan = structs.Resource(
        run_uuid("plan", run),
        "Assessment plan",
        "Every account in scope is assessed by the objective and the methods that this document defines.",
    )
    return structs.AssessmentResults(
        uuid=run_uuid("document", run),
        metadata=_metadata(run),
        import_ap=structs.ImportAp(f"#{plan.uuid}", "No assessment plan in OSCAL was given; the resource stands for it."),
        local_definitions=objectives(reference),
        results=(_result(run, reference),),
        back_matter=structs.BackMatter((plan,)),
    )


def _metadata(run: Run) -> structs.Metadata:
    owners = {owner.uuid: owner for owner in (owner_of(one.exception) for one in run.findings if one.exception)}
    return structs.Metadata(
        title="Assessment of the root user access keys of AWS accounts",
        last_modified=run.finished_at,
        version=f"{run.finished_at:%Y-%m-%dT%H:%M:%SZ}",
        oscal_version=OSCAL_VERSION,
        parties=tuple(owners.values()),
    )


def _result(run: Run, reference: Reference) -> structs.Result:
    """Give the result with empty arrays where there is something to fill them; the standard allows no empty one."""
    to_fill: tuple[()] | None = () if run.findings else None
    return structs.Result(
        uuid=run_uuid("result", run),
        title="rootsweep audit",
        description=f"{headline(run)}.",
        start=run.started_at,
        end=run.finished_at,
        props=scope_properties(run),
        local_definitions=structs.ResultDefinitions(_assets(run), to_fill),
        reviewed_controls=reviewed_controls(reference),
        observations=(),
        risks=() if run.summary().non_compliant else None,
        findings=to_fill,
        remarks=prose(describe_incompleteness(run)) or None,
    )


def _assets(run: Run) -> structs.AssessmentAssets:
    tool = structs.SystemComponent(
        uuid=TOOL,
        type="software",
        title="rootsweep",
        description="Audits AWS accounts for root user access keys.",
        props=(structs.Property("version", run.tool_version),),
        status=structs.ComponentStatus("operational"),
    )
    platform = structs.AssessmentPlatform(run_uuid("platform", run), "rootsweep", (structs.UsesComponent(TOOL),))
    return structs.AssessmentAssets((tool,), (platform,))
