"""``rootsweep demo``: the main job on evidence that ships with rootsweep, one file of each kind."""

from datetime import UTC, datetime
from functools import partial
from importlib.resources import as_file, files
from io import BytesIO

import click

from rootsweep.cli.exit_codes import ExitCode, exit_code_of
from rootsweep.cli.output import write_result
from rootsweep.errors import RootsweepError
from rootsweep.model.run import RejectedInput, Run
from rootsweep.reports.registry import render
from rootsweep.sources.files import read_evidence
from rootsweep.sweep import gather, judge_gathered
from rootsweep.verdict import JudgingRules


@click.command("demo")
@click.option("--serve", is_flag=True, help="Run the embedded AWS organization on a loopback port until Ctrl-C.")
@click.option("--scenario", default="demo", metavar="NAME", show_default=True, help="With --serve: a scenario, or its file.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="PORT", help="With --serve: 0 is any free port.")
def command(*, serve: bool, scenario: str, port: int) -> int:
    """Audit the example evidence that ships with rootsweep, and show how to audit your own.

    Reads only the package's own files: no AWS account, no network. With --serve an AWS organization of root keys of every kind
    answers any AWS tool instead, on this machine only.
    """
    if serve:
        from rootsweep.cli.serving import serve_organization  # noqa: PLC0415  the AWS SDK is slow to import

        serve_organization(scenario, port)
        return ExitCode.PROVEN
    return _show_the_main_job()


def _show_the_main_job() -> int:
    with as_file(files("rootsweep.cli") / "example_evidence") as folder:
        run = _audit(str(folder))
        click.echo("Credential reports and account summaries as auditors get them, one of each kind:\n")
        click.echo(f"$ rootsweep audit --from {folder}\n")
    write_result(partial(render, "table", run), None)
    if exit_code_of(run) is not ExitCode.NON_COMPLIANT:
        raise RootsweepError("the example evidence was not judged as expected", "reinstall rootsweep")
    click.echo(f"\nHere `rootsweep audit` exits {exit_code_of(run).value}: a root access key was found.")
    click.echo("On your own files: rootsweep audit --from PATH (credential reports, account summaries, folders of them).")
    return ExitCode.PROVEN


def _audit(folder: str) -> Run:
    started_at = _now()
    gathered = gather(read_evidence([folder], account_ids=(), stdin=BytesIO()), (), _leave_to_the_table)
    return judge_gathered(gathered, JudgingRules(), _now, started_at)


def _leave_to_the_table(refused: RejectedInput) -> None:
    """Say nothing: the table lists every refusal."""


def _now() -> datetime:
    return datetime.now(UTC)
