"""The run itself as an event of the class Scan Activity (6007): what no account's finding tells."""

from rootsweep.model.run import Run
from rootsweep.reports.formats.identity import stable_uuid
from rootsweep.reports.formats.incompleteness_text import describe_incompleteness
from rootsweep.reports.formats.ocsf import structs
from rootsweep.reports.formats.ocsf.metadata import metadata_of, milliseconds
from rootsweep.reports.formats.ocsf.scan_structs import RejectedInput, Scan, ScanActivity, ScanUnmapped
from rootsweep.reports.formats.one_line import one_line
from rootsweep.reports.headline import headline
from rootsweep.reports.incompleteness import incompleteness


def has_more_to_tell(run: Run) -> bool:
    """Tell whether accounts may be missing, or an input was refused."""
    return any(incompleteness(run))


def scope_of(run: Run) -> structs.Scope:
    """Give what the audit covers."""
    because = run.scope.incomplete_because
    return structs.Scope(run.scope.kind.value, run.scope.complete, one_line(because) if because else None)


def scan_activity(run: Run) -> ScanActivity:
    """Convert a run that is not whole: completed, but not with success."""
    summary = run.summary()
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
        severity_id=3,
        severity="Medium",
        status_id=2,
        status="Failure",
        message=headline(run),
        metadata=metadata_of(run, "run"),
        cloud=structs.Cloud("AWS", run.scope.partition),
        scan=Scan(
            uid=str(stable_uuid("run", run.started_at.isoformat(), run.finished_at.isoformat())),
            name="rootsweep audit",
            type_id=0,
            type="Unknown",
        ),
        total=summary.accounts,
        num_detections=summary.non_compliant,
        num_skipped_items=len(run.rejected_inputs),
        unmapped=ScanUnmapped(scope_of(run), tuple(_rejected_inputs(run))),
        status_detail=describe_incompleteness(run),
    )


def _rejected_inputs(run: Run) -> list[RejectedInput]:
    return [RejectedInput(one_line(one.path), one_line(one.reason), one.line) for one in run.rejected_inputs]
