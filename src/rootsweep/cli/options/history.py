"""The options that say where runs are recorded, and the recording of a run once its reports are written."""

import hashlib
import os.path
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import click

from rootsweep.auditing.request import AuditRequest, Outcome
from rootsweep.cli.options.types import option_group
from rootsweep.core.evidence import Access
from rootsweep.core.history.recorded import Drift, RunRecord
from rootsweep.core.run import Run
from rootsweep.errors import RootsweepError
from rootsweep.storage.history.location import Location, default_location, parse_location

_SHOWN: Final = 100
"""Runs that are looked at for a trend: more than a reader can compare."""

_LONGEST: Final = 200
"""What was asked is kept as it is up to this many characters, and beyond them as a digest."""


@dataclass(frozen=True, slots=True)
class HistoryRecorder:
    """Where a run is recorded, None for nowhere, and whether only what is new fails."""

    location: Location | None
    fails_on_new: bool

    def earlier_runs(self, outcome: Outcome, request: AuditRequest) -> tuple[RunRecord, ...]:
        """Return the complete runs of the same scope, for a report that shows the trend; none where they cannot be read."""
        if self.location is None:
            return ()
        from rootsweep.storage.history.recording import scope_of  # noqa: PLC0415  of no use to other reports
        from rootsweep.storage.history.store import open_history  # noqa: PLC0415  the same

        scope = scope_of(outcome.run, describe_scope(request, outcome.run))
        try:
            with open_history(self.location, creates=False) as history:
                return tuple(one for one in history.runs(_SHOWN, scope) if one.complete)
        except RootsweepError:
            return ()

    def keep(self, outcome: Outcome, request: AuditRequest, tell: Callable[[str], None]) -> Drift | None:
        """Record a run, and give what has changed since the last complete one of the same scope.

        None where nothing is recorded. A history that cannot be used is reported and harms nothing else; all is new then.
        """
        if self.location is None or not outcome.is_usable:
            return None
        from rootsweep.core.history.drift import compare  # noqa: PLC0415  the reports come first
        from rootsweep.storage.history.recording import record  # noqa: PLC0415  the same

        run = record(outcome.run, describe_scope(request, outcome.run))
        try:
            from rootsweep.storage.history.store import open_history  # noqa: PLC0415  the reports come first

            with open_history(self.location, creates=True) as history:
                return history.save(run, compare).drift
        except RootsweepError as error:
            tell(f"this run is not recorded: {error}; {error.advice}")
            return compare(None, run)


def take_recorder(options: dict[str, Any]) -> HistoryRecorder:
    """Take the values of ``recording_options`` out of a command's options; raises ``UsageError`` where they are invalid."""
    history, fails_on_new = options.pop("history"), options.pop("fail_on") == "new"
    if history == NONE and fails_on_new:
        raise click.UsageError("--fail-on new compares with a recorded run, and --history none keeps none.")
    if history == NONE:
        return HistoryRecorder(None, fails_on_new)
    return HistoryRecorder(history or default_location(), fails_on_new)


def describe_scope(request: AuditRequest, run: Run) -> str:
    """Return what an audit was asked to cover, as options in one order, without how accounts were entered and judged."""
    # A file's name need not be UTF-8, and what is recorded has to be.
    text = " ".join(_words(request, run)).encode("utf-8", "backslashreplace").decode("utf-8")
    if len(text) <= _LONGEST:
        return text
    return f"{text[:100]}... ({hashlib.sha256(text.encode('utf-8')).hexdigest()})"


def _words(request: AuditRequest, run: Run) -> Iterator[str]:
    for path in sorted({os.path.normpath(path) for path in (*request.paths, *request.more_paths)}):
        yield f"--from {path}"
    for unit in sorted(set(request.units)):
        yield f"--ou {unit}"
    for key, value in sorted(set(request.tags)):
        yield f"--tag {key}={value}"
    named = request.account_ids
    if request.asks_aws and not request.is_sweep:
        named = (*named, *_entered(run))
    for account_id in sorted(set(named)):
        yield f"--account {account_id}"
    for account_id in sorted(request.excluded_ids):
        yield f"--exclude {account_id}"


def _entered(run: Run) -> Iterator[str]:
    """Return the accounts of the credentials: which they are is known only once AWS was asked."""
    for finding in run.findings:
        if any(piece.origin.access is not Access.FILES for piece in finding.evidence):
            yield finding.account.id


# The options that say where the history is kept, for every command that keeps or shows one.

VARIABLE: Final = "ROOTSWEEP_HISTORY"
NONE: Final = "none"
"""What stands for no history at all."""

_WHERE: Final = (
    "Where to record runs: sqlite:///FILE or postgresql://USER@HOST/DATABASE (default: a file in your data directory)."
)


class HistoryUrl(click.ParamType[Location | str]):
    """The URL of a history, or ``none``."""

    name = "history"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Location | str:  # noqa: ARG002  click's own
        """Read the URL, which may hold a password and is never repeated; raises ``UsageError`` where it is invalid."""
        if isinstance(value, Location):
            return value
        text = str(value).strip()
        return NONE if text.lower() == NONE else parse_location(text)


history_option = click.option("--history", type=HistoryUrl(), envvar=VARIABLE, show_envvar=True, metavar="URL", help=_WHERE)
"""For a command that shows what is recorded; ``recorded_in`` reads it."""


def recorded_in(history: Location | str | None) -> Location:
    """Return the history that was named, or the default; raises ``click.UsageError`` where it is to be none."""
    if isinstance(history, Location):
        return history
    if history is not None:
        raise click.UsageError(f"--history {NONE} keeps no runs: name the history that is to be shown.")
    return default_location()


recording_options = option_group(
    click.option(
        "--history",
        type=HistoryUrl(),
        envvar=VARIABLE,
        show_envvar=True,
        metavar="URL|none",
        help=f"{_WHERE} none to disable.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["any", "new"]),
        default="any",
        show_default=True,
        help="Fail on any finding, or only on findings that are new since the last complete run of the same scope.",
    ),
)
"""For a command that records its run; ``take_recorder`` reads them."""
