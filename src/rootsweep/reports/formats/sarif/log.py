"""``--format sarif``: SARIF 2.1.0 (OASIS Standard, 27 March 2020), with a result for every account.

Code scanning raises an alert for each of a run's ``results``, whatever its kind. The results of accounts that are no cause for
one, ``pass`` and ``notApplicable``, therefore stand in ``inlineExternalProperties``: the standard has them taken for further
results of the run (section 3.15.2), and GitHub does not read them.
"""

import re
from itertools import zip_longest
from typing import Final, TextIO

import msgspec

from rootsweep.controls import Reference
from rootsweep.model.run import LeftOut, Run
from rootsweep.reports.formats.sarif import log_structs, structs
from rootsweep.reports.formats.sarif.locations import BASES, locations_of_input
from rootsweep.reports.formats.sarif.results import is_of_concern, message, result_of
from rootsweep.reports.formats.sarif.rule import rule, supported_taxonomies, taxonomies
from rootsweep.reports.headline import headline
from rootsweep.reports.incompleteness import Incompleteness, incompleteness
from rootsweep.reports.json_text import indented, write_array
from rootsweep.reports.left_out import describe_left_out, warnings_of
from rootsweep.reports.registry import RenderOptions

_NO_RESULTS: Final = '"results": []'
_SEMANTIC_VERSION: Final = re.compile(r"\d+\.\d+\.\d+")


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the log, indented by two, in ASCII."""
    reference = options.presentation.reference
    alerts = [finding for finding in run.findings if is_of_concern(finding)]
    others = [finding for finding in run.findings if not is_of_concern(finding)]
    around = indented(_log(run, reference, len(others))).split(_NO_RESULTS)
    for text, findings in zip_longest(around, [alerts, others][: len(around) - 1]):
        stream.write(text)
        if findings is not None:
            stream.write(_NO_RESULTS.removesuffix("[]"))
            write_array((result_of(one, reference) for one in findings), stream, len(text.rpartition("\n")[2]))
    stream.write("\n")


def _log(run: Run, reference: Reference, others: int) -> log_structs.Log:
    """Give the log with its results left out."""
    return log_structs.Log(
        schema=log_structs.SCHEMA,
        version=log_structs.VERSION,
        runs=[_run(run, reference, others)],
        inline_external_properties=[log_structs.ExternalProperties([])] if others else [],
    )


def _run(run: Run, reference: Reference, others: int) -> log_structs.Run:
    elsewhere = log_structs.ExternalReference(structs.ArtifactLocation("sarif:/inlineExternalProperties/0"), others)
    return log_structs.Run(
        tool=log_structs.Tool(_driver(run, reference)),
        automation_details=log_structs.AutomationDetails(_identity(run)),
        invocations=[_invocation(run)],
        original_uri_base_ids=BASES,
        properties=log_structs.RunProperties(
            headline(run),
            msgspec.convert(run.summary(), log_structs.SummaryProperties, from_attributes=True),
            msgspec.convert(run.scope, log_structs.ScopeProperties, from_attributes=True),
            [warning.message for warning in warnings_of(run)],
        ),
        taxonomies=taxonomies(),
        results=[],
        external_property_file_references=log_structs.ExternalReferences([elsewhere]) if others else None,
    )


def _driver(run: Run, reference: Reference) -> log_structs.Driver:
    return log_structs.Driver(
        name="rootsweep",
        full_name=f"rootsweep {run.tool_version}",
        version=run.tool_version,
        rules=[rule(reference)],
        supported_taxonomies=supported_taxonomies(),
        semantic_version=run.tool_version if _SEMANTIC_VERSION.fullmatch(run.tool_version) else None,
    )


def _identity(run: Run) -> str:
    """Name what was audited and when: audits of another organization are a category of their own."""
    what = run.scope.organization_id or run.scope.kind.value
    return f"rootsweep/{what}/{run.finished_at:%Y-%m-%dT%H:%M:%SZ}"


def _invocation(run: Run) -> log_structs.Invocation:
    missing = [_notification(one) for one in incompleteness(run)]
    left_out = [_notification_of_left_out(one) for one in sorted(run.left_out, key=lambda one: not one.shows_key)]
    return log_structs.Invocation(not missing, run.started_at, run.finished_at, [*missing, *left_out])


def _notification_of_left_out(one: LeftOut) -> log_structs.Notification:
    return log_structs.Notification(
        log_structs.DescriptorReference("evidence_left_out"),
        "warning" if one.shows_key else "note",
        message(describe_left_out(one)),
        locations_of_input(one.path, None),
    )


def _notification(one: Incompleteness) -> log_structs.Notification:
    return log_structs.Notification(
        log_structs.DescriptorReference(one.code.value),
        "error",
        message(one.message),
        locations_of_input(one.rejected.path, one.rejected.line) if one.rejected else [],
    )
