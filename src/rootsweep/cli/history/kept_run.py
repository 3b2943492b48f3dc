"""An audit's run, recorded in the history once its reports are written."""

import hashlib
import os.path
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import click

from rootsweep.cli.audit.asked import Asked, Outcome
from rootsweep.cli.history.options import NONE
from rootsweep.errors import RootsweepError
from rootsweep.history.location import Location, default_location
from rootsweep.model.evidence import Access
from rootsweep.model.history import Drift, RunRecord
from rootsweep.model.run import Run

_SHOWN: Final = 100
"""Runs that are looked at for a trend: more than a reader can compare."""

_LONGEST: Final = 200
"""What was asked is kept as it is up to this many characters, and beyond them as a digest."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where a run is recorded, None for nowhere, and whether only what is new fails."""

    location: Location | None
    fails_on_new: bool

    def earlier_runs(self, outcome: Outcome, asked: Asked) -> tuple[RunRecord, ...]:
        """Give the complete runs of the same scope, for a report that shows the trend; none where they cannot be read."""
        if self.location is None:
            return ()
        from rootsweep.history.recording import scope_of  # noqa: PLC0415  of no use to other reports
        from rootsweep.history.store import open_history  # noqa: PLC0415  the same

        scope = scope_of(outcome.run, describe_scope(asked, outcome.run))
        try:
            with open_history(self.location, creates=False) as history:
                return tuple(one for one in history.runs(_SHOWN, scope) if one.complete)
        except RootsweepError:
            return ()

    def keep(self, outcome: Outcome, asked: Asked, tell: Callable[[str], None]) -> Drift | None:
        """Record a run, and give what has changed since the last complete one of the same scope.

        None where nothing is recorded. A history that cannot be used is told, and harms nothing else; everything is new then.
        """
        if self.location is None or not outcome.is_usable:
            return None
        from rootsweep.drift import compare  # noqa: PLC0415  the reports come first
        from rootsweep.history.recording import record  # noqa: PLC0415  the same

        run = record(outcome.run, describe_scope(asked, outcome.run))
        try:
            from rootsweep.history.store import open_history  # noqa: PLC0415  SQLAlchemy is slow to import

            with open_history(self.location, creates=True) as history:
                return history.save(run, compare).drift
        except RootsweepError as error:
            tell(f"this run is not recorded: {error}; {error.advice}")
            return compare(None, run)


def take_keeping(options: dict[str, Any]) -> Keeping:
    """Take the values of ``keeping_options`` out of a command's options; raises ``UsageError`` where they make no sense."""
    history, fails_on_new = options.pop("history"), options.pop("fail_on") == "new"
    if history == NONE and fails_on_new:
        raise click.UsageError("--fail-on new compares with a recorded run, and --history none keeps none.")
    if history == NONE:
        return Keeping(None, fails_on_new)
    return Keeping(history or default_location(), fails_on_new)


def describe_scope(asked: Asked, run: Run) -> str:
    """Tell what an audit was asked to cover, as options in one order; how accounts were entered and judged is no part of it."""
    # A file's name need not be UTF-8, and what is recorded has to be.
    text = " ".join(_words(asked, run)).encode("utf-8", "backslashreplace").decode("utf-8")
    if len(text) <= _LONGEST:
        return text
    return f"{text[:100]}... ({hashlib.sha256(text.encode('utf-8')).hexdigest()})"


def _words(asked: Asked, run: Run) -> Iterator[str]:
    for path in sorted({os.path.normpath(path) for path in (*asked.paths, *asked.more_paths)}):
        yield f"--from {path}"
    for unit in sorted(set(asked.units)):
        yield f"--ou {unit}"
    for key, value in sorted(set(asked.tags)):
        yield f"--tag {key}={value}"
    named = asked.account_ids
    if asked.asks_aws and not asked.is_sweep:
        named = (*named, *_entered(run))
    for account_id in sorted(set(named)):
        yield f"--account {account_id}"
    for account_id in sorted(asked.excluded_ids):
        yield f"--exclude {account_id}"


def _entered(run: Run) -> Iterator[str]:
    """Give the accounts of the credentials: which they are is known only once AWS was asked."""
    for finding in run.findings:
        if any(piece.origin.access is not Access.FILES for piece in finding.evidence):
            yield finding.account.id
