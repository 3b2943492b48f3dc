"""``rootsweep audit``: judge an account, an organization, or saved evidence, and show the verdicts."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import click

from rootsweep.auditing.request import AuditRequest, Outcome
from rootsweep.auditing.running import AuditObserver, Progress, Unseen, run_audit
from rootsweep.cli import clock
from rootsweep.cli.exit_codes import ExitCode, exit_code_of
from rootsweep.cli.options.delivery import delivery_options, take_delivery_options
from rootsweep.cli.options.history import recording_options, take_recorder
from rootsweep.cli.options.reports import CommandWithReports, ReportOutputs, report_options, take_report_options
from rootsweep.cli.options.scope import scope_options
from rootsweep.cli.options.settings import exceptions_of
from rootsweep.cli.options.types import Duration
from rootsweep.cli.waiting import tell_if_silent
from rootsweep.core.history.recorded import Drift
from rootsweep.core.judging.verdict import InactiveKeys
from rootsweep.core.run import RejectedInput, Run
from rootsweep.reports.wording import left_out_note, left_out_warning, printable, shell_word


@click.command("audit", cls=CommandWithReports)
@click.option(
    "--from",
    "paths",
    metavar="PATH",
    multiple=True,
    help="Saved evidence: a file, a folder with everything in it, or - for standard input. Repeatable; more PATHs may follow.",
)
@click.argument("more_paths", metavar="[PATH]...", nargs=-1)
@scope_options
@click.option("--checkpoint", metavar="FILE", help="Checkpoint file of the sweep, for --resume.")
@click.option("--resume", is_flag=True, help="Resume an interrupted sweep.")
@report_options
@recording_options
@delivery_options
@click.option(
    "--inactive-keys",
    type=click.Choice([choice.value for choice in InactiveKeys]),
    default=InactiveKeys.FAIL.value,
    show_default=True,
    help="Whether an inactive root key is a finding, or is allowed as in the credential report procedure.",
)
@click.option(
    "--max-age", type=Duration(), metavar="AGE", help="Maximum age of a report that may prove absence, such as 90d or 4h."
)
@click.pass_context
def command(context: click.Context, /, **options: Any) -> int:
    """Check the current account, an organization, or saved reports for root access keys.

    \b
    rootsweep audit
    rootsweep audit --organization
    rootsweep audit --organization --ou ou-a1b2-c3d4e5f6 --role-name RootAudit
    rootsweep audit --from reports/ --max-age 90d
    rootsweep audit --organization --format table --format html --output report.html
    """  # noqa: D301  click reads the backspace as "keep these lines"
    wanted, presentation = take_report_options(context, options)
    recorder = take_recorder(options)
    delivering = take_delivery_options(options)
    request = AuditRequest(**options, names_units=presentation.by_unit, exceptions=exceptions_of(context))
    scope = repeated_options(context, request)
    reports = ReportOutputs(wanted, replace(presentation, scope=scope))
    outcome = _audit(request, reports)
    if outcome.interrupted:
        reports.name_no_next_command()
    _tell_left_out(outcome.run)
    reports.write(outcome.run, recorder.earlier_runs(outcome, request) if reports.show_trend else ())
    drift = recorder.keep(outcome, request, _tell)
    code = _exit_code(outcome, drift if recorder.fails_on_new else None)
    code = delivering.send(outcome, request, drift, code, _tell)
    if outcome.kept_in is not None:
        _tell_how_to_resume(outcome.kept_in, request, scope)
    return code


def repeated_options(context: click.Context, request: AuditRequest) -> tuple[str, ...] | None:
    """Return the options that say which accounts an audit reaches, how, and by whose credentials, for a command to repeat.

    None where they cannot be repeated: standard input is read once. Ids stand for the files that listed them.
    """
    paths = (*request.paths, *request.more_paths)
    if "-" in paths:
        return None
    config = context.params.get("config")
    values: tuple[tuple[str, Iterable[str | None]], ...] = (
        ("--organization", ("",) if request.organization else ()),
        ("--from", paths),
        ("--account", (",".join(request.account_ids) or None,)),
        ("--ou", request.units),
        ("--tag", (f"{key}={value}" for key, value in request.tags)),
        ("--exclude", (",".join(request.excluded_ids) or None,)),
        ("--access", (request.access,)),
        ("--role-name", (request.role_name,)),
        ("--external-id", (request.external_id,)),
        ("--profile", request.profiles),
        ("--region", (request.region,)),
        ("--config", (None if config is None else str(config),)),
    )
    pairs = [(name, one) for name, given in values for one in given if one is not None]
    return tuple(word for pair in pairs for word in pair if word)


def _tell_how_to_resume(kept_in: str, request: AuditRequest, scope: tuple[str, ...] | None) -> None:
    if scope is None:
        _tell(f"what was read is kept in {kept_in}; repeat the command with --resume to continue")
        return
    words = ("rootsweep", "audit", *scope, *(("--checkpoint", request.checkpoint) if request.checkpoint else ()), "--resume")
    _tell(f"what was read is kept in {kept_in}; to continue:\n  {' '.join(map(shell_word, words))}")


def _exit_code(outcome: Outcome, drift: Drift | None) -> ExitCode:
    if outcome.interrupted:
        return ExitCode.INTERRUPTED
    return exit_code_of(outcome.run, drift) if outcome.is_usable else ExitCode.USAGE


def _audit(request: AuditRequest, reports: ReportOutputs) -> Outcome:
    progress: Progress = Unseen()
    if request.is_sweep:
        from rootsweep.reports.terminal.progress import SweepProgress  # noqa: PLC0415  no other audit shows it

        progress = SweepProgress(sys.stderr, quiet=request.quiet, seconds_each=request.timeout.total_seconds())
    tell_refusal = _ignore if reports.is_table_beside_messages else _tell_refusal
    observer = AuditObserver(progress, lambda sentence: _tell(printable(sentence)), reports.add, tell_refusal, tell_if_silent)
    outcome = run_audit(request, observer, clock.now, stdin=sys.stdin.buffer)
    if not outcome.is_usable:
        _tell(_nothing_usable(outcome.run))
    return outcome


def _nothing_usable(run: Run) -> str:
    if run.left_out:
        return "none of the evidence is of an account that --account names; name its accounts, or pass the evidence of these"
    return "none of the inputs is usable evidence; pass credential reports or account summaries"


def _tell(sentence: str) -> None:
    click.echo(f"rootsweep: {sentence}", err=True)


def _ignore(_: RejectedInput) -> None:
    """Leave it to the table, which lists every refusal."""


def _tell_refusal(refused: RejectedInput) -> None:
    _tell(f"refused {printable(refused.place)}: {printable(refused.reason)}")


def _tell_left_out(run: Run) -> None:
    for sentence in (left_out_note(run), left_out_warning(run)):
        if sentence is not None:
            _tell(f"{sentence[:1].lower()}{sentence[1:]}".removesuffix("."))
