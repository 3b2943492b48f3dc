"""``rootsweep demo``: the main job on an organization, on accounts, or on saved evidence that ship with rootsweep."""

import sys
from functools import partial
from importlib.resources import as_file, files
from io import BytesIO

import click

from rootsweep.cli import clock
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.exit_codes_of import exit_code_of
from rootsweep.cli.output import write_result
from rootsweep.errors import RootsweepError
from rootsweep.model.organization import Scope, ScopeKind
from rootsweep.model.run import RejectedInput, Run
from rootsweep.reports.registry import render


@click.command("demo")
@click.option("--accounts", is_flag=True, help="Audit single accounts instead, one of each kind, by their own credentials.")
@click.option("--saved", is_flag=True, help="Audit example files instead: reports and summaries as auditors get them.")
@click.option("--serve", is_flag=True, help="Run the embedded AWS organization on a loopback port until Ctrl-C.")
@click.option("--scenario", default="demo", metavar="NAME", show_default=True, help="With --serve: a scenario, or its file.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="PORT", help="With --serve: 0 is any free port.")
def command(*, accounts: bool, saved: bool, serve: bool, scenario: str, port: int) -> int:
    """Sweep an embedded AWS organization of 300 accounts, and show how to sweep your own.

    No AWS account and no network: the organization runs inside this program and answers over HTTP on this machine. With --serve
    it answers any AWS tool.
    """
    if serve:
        from rootsweep.cli.demo.serving import serve_organization  # noqa: PLC0415  the AWS SDK is slow to import

        serve_organization(scenario, port)
        return ExitCode.PROVEN
    if saved:
        return _show_saved_evidence()
    return _show_accounts() if accounts else _show_organization()


def _show_organization() -> int:
    from rootsweep.cli.demo.embedded_audit import sweep_embedded_organization  # noqa: PLC0415  the AWS SDK is slow to import
    from rootsweep.reports.sweep_progress import SweepProgress  # noqa: PLC0415  no other demonstration shows it

    click.echo("An AWS organization inside this program, with every kind of trouble in it:\n")
    click.echo("$ rootsweep audit --organization --timeout 10s\n")
    outcome = sweep_embedded_organization(clock.now, SweepProgress(sys.stderr, quiet=False))
    _show(outcome.run)
    click.echo("On your organization: rootsweep audit --organization, from the management account")
    click.echo("or the delegated administrator. It reads only; rootsweep permissions prints what to")
    click.echo("allow. On one account: rootsweep audit (rootsweep demo --accounts shows it).")
    return ExitCode.INTERRUPTED if outcome.interrupted else ExitCode.PROVEN


def _show_accounts() -> int:
    from rootsweep.cli.demo.embedded_audit import audit_embedded_accounts  # noqa: PLC0415  the AWS SDK is slow to import

    run = audit_embedded_accounts(clock.now)
    click.echo("An AWS organization inside this program, one account of each kind,")
    click.echo("each audited with credentials of its own:\n")
    click.echo("$ rootsweep audit\n")
    _show(run)
    click.echo("On the account of your AWS credentials: rootsweep audit [--profile NAME].")
    click.echo("It needs iam:GetAccountSummary, iam:GetCredentialReport and")
    click.echo("iam:GenerateCredentialReport, and changes nothing.")
    click.echo("On saved reports: rootsweep audit --from PATH; rootsweep demo --saved shows it.")
    return ExitCode.PROVEN


def _show_saved_evidence() -> int:
    with as_file(files("rootsweep.cli") / "example_evidence") as folder:
        run = _audit_files(str(folder))
        click.echo("Credential reports and account summaries as auditors get them, one of each kind:\n")
        click.echo(f"$ rootsweep audit --from {folder}\n")
    _show(run)
    click.echo("On your own files: rootsweep audit --from PATH (credential reports, account summaries, folders of them).")
    return ExitCode.PROVEN


def _show(run: Run) -> None:
    write_result(partial(render, "table", run), None)
    if exit_code_of(run) is not ExitCode.NON_COMPLIANT:
        raise RootsweepError("the demonstration was not judged as expected", "reinstall rootsweep")
    click.echo(f"\nHere `rootsweep audit` exits {exit_code_of(run).value}: a root access key was found.")


def _audit_files(folder: str) -> Run:
    from rootsweep.sources.files import read_evidence  # noqa: PLC0415  only this demonstration reads files
    from rootsweep.sweep.judging import Judging  # noqa: PLC0415  the same
    from rootsweep.sweep.saved import gather  # noqa: PLC0415  the same
    from rootsweep.verdict import JudgingRules  # noqa: PLC0415  the same

    started_at = clock.now()
    gathered = gather(read_evidence([folder], account_ids=(), stdin=BytesIO()), (), _leave_to_the_table)
    return Judging(JudgingRules(), clock.now, gathered).run(started_at, Scope(ScopeKind.FILES))


def _leave_to_the_table(refused: RejectedInput) -> None:
    """Say nothing: the table lists every refusal."""
