"""Which runs ``rootsweep history diff`` compares; imported only when it is asked for, for SQLAlchemy is slow to import."""

from rootsweep.drift import compare
from rootsweep.errors import UsageError
from rootsweep.history.location import Location
from rootsweep.history.store import History, open_history
from rootsweep.model.history import Drift, RunRecord


def compare_recorded(location: Location, older: int | None, newer: int | None) -> Drift:
    """Compare two runs, one with the newest of its scope, or the last complete one with the one before it.

    Raises ``UsageError`` for a number that no run has, and where there is no run to compare.
    """
    with open_history(location, creates=False) as history:
        before, now = _chosen(history, older, newer)
        earlier = {} if before is None else history.earlier_verdicts(before)
        return compare(None if before is None else history.load(before), history.load(now), earlier)


def _chosen(history: History, older: int | None, newer: int | None) -> tuple[RunRecord | None, RunRecord]:
    if older is None:
        history.newest_run()
        now = history.last_complete()
        if now is None:
            raise UsageError("no complete run is recorded", "name the runs to compare: rootsweep history diff RUN RUN")
        return history.last_complete(now.scope, before=now.number), now
    before = history.run(older)
    now = history.newest_run(before.scope) if newer is None else history.run(newer)
    if before.number == now.number:
        raise UsageError(f"there is no run to compare run {older} with", "name an older run, or two runs")
    return before, now
