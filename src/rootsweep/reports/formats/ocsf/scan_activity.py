"""The run itself as an event of the class Scan Activity (6007): what no account's finding tells."""

from rootsweep.model.run import Run
from rootsweep.reports.formats.identity import stable_uuid
from rootsweep.reports.formats.incompleteness_text import describe_incompleteness
from rootsweep.reports.formats.ocsf import structs
from rootsweep.reports.formats.ocsf.metadata import metadata_of, milliseconds
from rootsweep.reports.formats.ocsf.scan_structs import LeftOut, RejectedInput, Scan, ScanActivity, ScanUnmapped
from rootsweep.reports.formats.one_line import one_line
from rootsweep.reports.headline import headline
from rootsweep.reports.incompleteness import incompleteness
from rootsweep.reports.left_out import warnings_of


def has_more_to_tell(run: Run) -> bool:
    """Tell whether accounts may be missing, or an input was refused or left out."""
    return any(incompleteness(run)) or bool(run.left_out)


def scope_of(run: Run) -> structs.Scope:
    """Give what the audit covers."""
    because = run.scope.incomplete_because
    return structs.Scope(run.scope.kind.value, run.scope.complete, one_line(because) if because else None)


def scan_activity(run: Run) -> ScanActivity:
    """Convert a run; one that is not whole was completed, but not with success."""
    summary = run.summary()
    is_whole = not any(incompleteness(run))
    is_quiet = is_whole and not warnings_of(run)
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
        severity_id=1 if is_quiet else 3,
        severity="Informational" if is_quiet else "Medium",
        status_id=1 if is_whole else 2,
        status="Success" if is_whole else "Failure",
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
        num_skipped_items=len(run.rejected_inputs) + len(run.left_out),
        unmapped=ScanUnmapped(scope_of(run), tuple(_rejected_inputs(run)), tuple(_left_out(run))),
        status_detail=describe_incompleteness(run),
    )


def _rejected_inputs(run: Run) -> list[RejectedInput]:
    return [RejectedInput(one_line(one.path), one_line(one.reason), one.line) for one in run.rejected_inputs]


def _left_out(run: Run) -> list[LeftOut]:
    return [LeftOut(one_line(one.path), one.account_id, one.source.value, one.shows_key) for one in run.left_out]
