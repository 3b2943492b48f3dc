"""Which exit code belongs to what a command found."""

from rootsweep.cli.exit_codes import ExitCode
from rootsweep.core.history.recorded import Drift
from rootsweep.core.run import Run


def exit_code_of(run: Run, drift: Drift | None = None) -> ExitCode:
    """Give the exit code of an audit: a non-compliance for which no exception stands outranks what could not be judged.

    Given a ``drift``, only what is new in it counts as non-compliance; what is known is judged all the same.
    """
    summary = run.summary()
    if _has_findings(drift) if drift is not None else summary.non_compliant > summary.excepted:
        return ExitCode.NON_COMPLIANT
    everything_judged = summary.proven + summary.non_compliant == summary.applicable and not run.rejected_inputs
    return ExitCode.PROVEN if everything_judged and run.scope.complete and run.findings else ExitCode.NOT_PROVEN


def exit_code_of_drift(drift: Drift) -> ExitCode:
    """Give the exit code of a comparison: what is new outranks what was lost sight of, or may have been."""
    if _has_findings(drift):
        return ExitCode.NON_COMPLIANT
    return ExitCode.NOT_PROVEN if drift.counts().lost_sight_of or not drift.now.complete else ExitCode.PROVEN


def _has_findings(drift: Drift) -> bool:
    return any(one.is_finding for one in drift.changes)
