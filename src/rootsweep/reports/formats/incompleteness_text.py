"""Why an audit tells less than was asked of it, in one text, for formats that show the refused inputs elsewhere."""

from collections.abc import Iterator

from rootsweep.model.run import Run
from rootsweep.reports.counted import counted
from rootsweep.reports.formats.one_line import one_line
from rootsweep.reports.incompleteness import incompleteness


def describe_incompleteness(run: Run) -> str:
    """Tell why accounts may be missing, and count the refused inputs; empty where the run is whole."""
    return " ".join(_sentences(run))


def _sentences(run: Run) -> Iterator[str]:
    for one in incompleteness(run):
        if one.rejected is None:
            yield one_line(one.message)
    if run.rejected_inputs:
        yield f"{counted(len(run.rejected_inputs), 'input')} refused."
