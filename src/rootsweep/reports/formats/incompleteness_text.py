"""Why an audit tells less than was asked of it, in one text, for formats that show the inputs themselves elsewhere."""

from collections.abc import Iterator

from rootsweep.model.run import Run
from rootsweep.reports.counted import counted
from rootsweep.reports.formats.one_line import one_line
from rootsweep.reports.incompleteness import incompleteness
from rootsweep.reports.left_out import left_out_note, warnings_of


def describe_incompleteness(run: Run) -> str:
    """Warn, tell why accounts may be missing, and count the inputs that were refused or left out; empty where none of it is."""
    return " ".join(_sentences(run))


def _sentences(run: Run) -> Iterator[str]:
    for warning in warnings_of(run):
        yield one_line(warning.message)
    for one in incompleteness(run):
        if one.rejected is None:
            yield one_line(one.message)
    if run.rejected_inputs:
        yield f"{counted(len(run.rejected_inputs), 'input')} refused."
    note = left_out_note(run)
    if note is not None:
        yield note
