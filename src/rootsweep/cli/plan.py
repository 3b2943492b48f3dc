"""``rootsweep plan``: what is to be done about every root access key, as a file that nothing but it is carried out from."""

import sys
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

from rootsweep.auditing.request import AuditRequest, Outcome
from rootsweep.auditing.running import AuditObserver, Progress, Unseen, run_audit
from rootsweep.cli import clock
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.options.reports import load_run
from rootsweep.cli.options.scope import LongTermKeyId, Share, scope_options
from rootsweep.cli.options.settings import exceptions_of
from rootsweep.cli.options.types import Duration, repeated_caller
from rootsweep.cli.output import check_writable, write_result
from rootsweep.core.finding import ExceptionRule
from rootsweep.core.judging.exceptions import except_finding
from rootsweep.core.removal.plan import Guards, Plan
from rootsweep.core.removal.planning import ids_allowed_in_vain, make_plan
from rootsweep.core.run import Run
from rootsweep.errors import UsageError
from rootsweep.reports.terminal.plan import write_plan_text
from rootsweep.reports.terminal.progress import SweepProgress
from rootsweep.storage.plan_file import digest_of, write_plan

_DEFAULTS: Final = Guards()
_LONGEST_VALIDITY: Final = timedelta(days=7)
_OLD: Final = timedelta(days=1)
_OF_ANY_RUN: Final = frozenset({"saved_run", "quiet"})


@click.command("plan")
@click.option("--from", "saved_run", metavar="RUN.json", help="Plan from this saved run of `rootsweep audit --format json`.")
@scope_options
@click.option(
    "--min-idle",
    type=Duration(),
    default=_DEFAULTS.min_idle,
    metavar="TIME",
    show_default="90d",
    help="Hold back keys used within this time.",
)
@click.option(
    "--min-age",
    type=Duration(),
    default=_DEFAULTS.min_age,
    metavar="TIME",
    show_default="1d",
    help="Hold back keys younger than this.",
)
@click.option(
    "--max-accounts",
    type=click.IntRange(min=1),
    default=_DEFAULTS.max_accounts,
    metavar="N",
    show_default=True,
    help="Delete keys in at most N accounts.",
)
@click.option(
    "--max-share",
    type=Share(),
    default=_DEFAULTS.max_share,
    metavar="PERCENT",
    show_default="10%",
    help="Delete keys in at most this share of the accounts (always at least one).",
)
@click.option(
    "--allow-recent",
    type=LongTermKeyId(),
    multiple=True,
    metavar="KEY_ID",
    help="Do not hold back this key because of its last use. Repeatable.",
)
@click.option(
    "--valid-for",
    type=Duration(),
    default=_DEFAULTS.valid_for,
    metavar="TIME",
    show_default="24h",
    help="How long the plan is valid, at most 7d.",
)
@click.option(
    "--output", "-o", default="rootsweep-plan.json", metavar="FILE", show_default=True, help="Write the plan to FILE."
)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.pass_context
def command(  # noqa: PLR0913  one parameter an option
    context: click.Context,
    /,
    *,
    saved_run: str | None,
    min_idle: timedelta,
    min_age: timedelta,
    max_accounts: int,
    max_share: float,
    allow_recent: tuple[str, ...],
    valid_for: timedelta,
    output: str,
    force: bool,
    **scope: Any,
) -> int:
    """Plan the removal of root access keys: show what would be deleted, what is held back, what needs a person.

    Nothing is changed in AWS. `rootsweep rehearse` tries the plan out, `rootsweep apply` carries it out.

    \b
    rootsweep plan --organization
    rootsweep plan --from run.json --min-idle 30d
    rootsweep plan --organization --allow-recent AKIARTX3GSDS3Q5JDMT5
    """  # noqa: D301  click reads the backspace as "keep these lines"
    if valid_for > _LONGEST_VALIDITY:
        raise click.UsageError("--valid-for is at most 7d: what a plan rests on grows old.")
    guards = Guards(min_idle, min_age, max_accounts, max_share, valid_for, tuple(dict.fromkeys(allow_recent)))
    exceptions = exceptions_of(context)
    _check_output(output, force=force)
    if saved_run is None:
        outcome = _audit(AuditRequest(**scope, exceptions=exceptions))
        if outcome.interrupted:
            _tell("interrupted, no plan was made")
            return ExitCode.INTERRUPTED
        plan = make_plan(outcome.run, guards, outcome.run.finished_at)
    else:
        _refuse_scope(context, scope)
        now = clock.now()
        plan = make_plan(_excepted(_read_run(saved_run, now), exceptions, now), guards, now)
    _check_allowed(plan)
    _write(plan, output)
    return ExitCode.PROVEN if plan.is_complete else ExitCode.NOT_PROVEN


def _check_output(output: str, *, force: bool) -> None:
    """Refuse early, before anything is read, what the plan cannot or may not be written to."""
    if output == "-":
        raise click.UsageError("--output names a file: standard output shows the plan to you.")
    check_writable(output)
    if Path(output).exists() and not force:
        raise UsageError(f"{output} exists", "give --force to replace it, or name another file with --output")


def _audit(request: AuditRequest) -> Outcome:
    """Audit as ``rootsweep audit`` does, by AWS's clock; no checkpoint is kept, for a plan rests on what is true now."""
    progress: Progress = Unseen()
    if request.is_sweep:
        progress = SweepProgress(sys.stderr, quiet=request.quiet, seconds_each=request.timeout.total_seconds())
    return run_audit(request, AuditObserver(progress, _tell, keeps_checkpoint=False), clock.now)


def _refuse_scope(context: click.Context, scope: dict[str, Any]) -> None:
    for parameter in context.command.params:
        given = context.get_parameter_source(str(parameter.name)) is ParameterSource.COMMANDLINE
        if given and parameter.name in scope.keys() - _OF_ANY_RUN:
            raise click.UsageError(f"--from plans from a saved run, which has its scope: leave out {parameter.opts[0]}.")


def _read_run(path: str, now: datetime) -> Run:
    """Read a saved run; warn about one that is old."""
    run = load_run(path)
    age = now - run.finished_at
    if age > _OLD:
        _tell(f"this run is {age.days} days old, so the plan misses later changes; run a new audit first")
    return run


def _excepted(run: Run, exceptions: tuple[ExceptionRule, ...], now: datetime) -> Run:
    """Let the exceptions of today stand too, for a run that was saved before they were granted."""
    return replace(run, findings=tuple(except_finding(finding, exceptions, now) for finding in run.findings))


def _check_allowed(plan: Plan) -> None:
    vain = ids_allowed_in_vain(plan)
    if vain:
        raise UsageError(f"--allow-recent names {', '.join(vain)}, which no key of the plan has", "check the id and the scope")


def _write(plan: Plan, output: str) -> None:
    write_result(lambda stream, _options: write_plan(plan, stream), output)
    write_result(partial(write_plan_text, plan, digest_of(plan), output, repeated_caller()), None)


def _tell(sentence: str) -> None:
    click.echo(f"rootsweep: {sentence}", err=True)
