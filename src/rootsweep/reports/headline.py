"""A run in one sentence."""

from rootsweep.model.run import Run
from rootsweep.reports.counted import counted


def headline(run: Run) -> str:
    """Tell how many accounts are proven, and what is the matter with the others."""
    summary = run.summary()
    parts = [f"{summary.proven:,} of {counted(summary.applicable, 'account')} proven"]
    unexcepted = summary.non_compliant - summary.excepted
    if unexcepted:
        parts.append(f"{unexcepted:,} {'is' if unexcepted == 1 else 'are'} non-compliant")
    if summary.excepted:
        parts.append(f"{summary.excepted:,} {'is' if summary.excepted == 1 else 'are'} excepted")
    if summary.insufficient_data:
        parts.append(f"{summary.insufficient_data:,} could not be judged")
    return ", ".join(parts)
