"""The exit codes: public, the same for every format; docs/exit-codes.md explains each."""

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rootsweep.core.history.recorded import Drift
    from rootsweep.core.run import Run


class ExitCode(IntEnum):
    """What a run of rootsweep ends with."""

    PROVEN = 0
    NON_COMPLIANT = 1
    USAGE = 2
    NOT_PROVEN = 3
    CANNOT_RUN = 4
    REMEDIATION_INCOMPLETE = 5
    INTERNAL_ERROR = 70
    INTERRUPTED = 130


def exit_code_of(run: "Run", drift: "Drift | None" = None) -> ExitCode:
    """Return the exit code of an audit: a non-compliance for which no exception stands outranks what could not be judged.

    Given a ``drift``, only what is new in it counts as non-compliance; what is known is judged anyway.
    """
    summary = run.summary()
    if _has_findings(drift) if drift is not None else summary.non_compliant > summary.excepted:
        return ExitCode.NON_COMPLIANT
    everything_judged = summary.proven + summary.non_compliant == summary.applicable and not run.rejected_inputs
    return ExitCode.PROVEN if everything_judged and run.scope.complete and run.findings else ExitCode.NOT_PROVEN


def exit_code_of_drift(drift: "Drift") -> ExitCode:
    """Return the exit code of a comparison: what is new outranks what was lost sight of, or may have been."""
    if _has_findings(drift):
        return ExitCode.NON_COMPLIANT
    return ExitCode.NOT_PROVEN if drift.counts().lost_sight_of or not drift.now.complete else ExitCode.PROVEN


def _has_findings(drift: "Drift") -> bool:
    return any(one.is_finding for one in drift.changes)
