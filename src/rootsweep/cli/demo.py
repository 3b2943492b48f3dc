"""``rootsweep demo``: the main job on an organization, on accounts, or on saved evidence that ship with rootsweep.

The organization is started in this process, and audited over HTTP by the real SDK.
"""

import errno
import shlex
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TextIO

import click

from rootsweep.auditing.access import AccessRoutes, Target, identify, own_account
from rootsweep.auditing.engine import observe
from rootsweep.auditing.judging import Judging, SavedEvidence, gather_saved
from rootsweep.auditing.request import AuditRequest, Outcome
from rootsweep.auditing.running import AuditObserver
from rootsweep.auditing.sources.files import read_evidence
from rootsweep.auditing.workflow import RETRY_MODE, CallerSession, sweep
from rootsweep.aws.credentials import SessionCredentials
from rootsweep.aws.pacing import Backoff
from rootsweep.aws.session import AccountAccess, Session, SessionOptions, open_session
from rootsweep.cli import clock
from rootsweep.cli.exit_codes import ExitCode, exit_code_of
from rootsweep.cli.output import write_result
from rootsweep.core.evidence import Access
from rootsweep.core.judging.verdict import JudgingRules
from rootsweep.core.organization import Scope, ScopeKind
from rootsweep.core.run import RejectedInput, Run
from rootsweep.errors import CannotRunError, RootsweepError, UsageError
from rootsweep.reports.registry import Presentation, RenderOptions, render
from rootsweep.reports.terminal.progress import SweepProgress
from rootsweep_emulator import Emulator, ScenarioError, World, load_scenario, serve, write_profiles


@click.command("demo")
@click.option("--accounts", is_flag=True, help="Audit single accounts instead, one of each kind, by their own credentials.")
@click.option("--saved", is_flag=True, help="Audit example files instead: reports and summaries as auditors get them.")
@click.option("--serve", is_flag=True, help="Run the embedded AWS organization on a loopback port until Ctrl-C.")
@click.option("--scenario", metavar="NAME", help="With --serve: organization (the default), demo, or a scenario file.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="PORT", help="With --serve: the port (default: any free one).")
def command(*, accounts: bool, saved: bool, serve: bool, scenario: str | None, port: int | None) -> int:
    """Sweep an embedded AWS organization of 300 accounts, and show how to sweep your own.

    No AWS account and no network: the organization runs inside this program and answers over HTTP on this machine. With --serve
    it answers any AWS tool.
    """
    _check_together({"--accounts": accounts, "--saved": saved, "--serve": serve})
    if serve:
        serve_organization(scenario or "organization", port or 0)
        return ExitCode.PROVEN
    if scenario is not None or port is not None:
        raise UsageError("--scenario and --port only apply to --serve", "add --serve, or leave them out")
    if saved:
        return _show_saved_evidence()
    return _show_accounts() if accounts else _show_organization()


def _check_together(given: dict[str, bool]) -> None:
    chosen = [option for option, is_given in given.items() if is_given]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(chosen)} cannot be combined", "choose one of them")


def _show_organization() -> int:
    click.echo("An AWS organization inside this program, with every kind of trouble in it:\n")
    click.echo("$ rootsweep audit --organization --timeout 3s\n")
    outcome = sweep_embedded_organization(
        clock.now, SweepProgress(sys.stderr, quiet=False, seconds_each=_SECONDS.total_seconds())
    )
    _show(outcome.run, Presentation(details=False, lists_all=False))
    click.echo("\nNext:")
    click.echo("  rootsweep demo --serve")
    click.echo("      the same organization for every other command: plan, quarantine, apply")
    click.echo("  rootsweep audit --organization")
    click.echo("      your own, from the management account; it only reads")
    return ExitCode.INTERRUPTED if outcome.interrupted else ExitCode.PROVEN


def _show_accounts() -> int:
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


def _show(run: Run, presentation: Presentation | None = None) -> None:
    def write(stream: TextIO, options: RenderOptions) -> None:
        render("table", run, stream, options if presentation is None else replace(options, presentation=presentation))

    write_result(write, None)
    if exit_code_of(run) is not ExitCode.NON_COMPLIANT:
        raise RootsweepError("the demonstration was not judged as expected", "reinstall rootsweep")
    click.echo(f"\nHere `rootsweep audit` exits {exit_code_of(run).value}: a root access key was found.")


def _audit_files(folder: str) -> Run:
    started_at = clock.now()
    saved = gather_saved(read_evidence([folder], account_ids=(), stdin=BytesIO()), (), _leave_to_the_table)
    return Judging(JudgingRules(), clock.now, saved).run(started_at, Scope(ScopeKind.FILES))


def _leave_to_the_table(refused: RejectedInput) -> None:
    """Say nothing: the table lists every refusal."""


_SECONDS = timedelta(seconds=3)


def audit_embedded_accounts(local_clock: Callable[[], datetime]) -> Run:
    """Audit each account of the scenario ``demo`` with the credentials that it offers.

    No setting of the user's and no network is involved: the endpoint is on this machine, the credentials are made up.
    """
    started_at = local_clock()
    with Emulator(load_scenario("demo")) as organization:
        session = open_session(SessionOptions(endpoint=organization.endpoint), local_clock)
        judging = Judging(JudgingRules(), session.clock.now, SavedEvidence())
        for name in organization.world.named:
            target = _target(session, organization, name)
            judging.add(target.account, observe(target, parallel=True))
        return judging.run(started_at, Scope(ScopeKind.ACCOUNT))


def sweep_embedded_organization(local_clock: Callable[[], datetime], progress: SweepProgress) -> Outcome:
    """Sweep the scenario ``organization`` from its management account, with every kind of trouble in it."""
    with Emulator(load_scenario("organization")) as organization:
        request = AuditRequest(organization=True, timeout=_SECONDS)
        options = SessionOptions(endpoint=organization.endpoint, retry_mode=RETRY_MODE, connections=request.workers)
        routes = _ways(open_session(options, local_clock), organization, "management")
        caller_session = CallerSession(routes, identify(routes.session, routes.access))
        observer = AuditObserver(progress, keeps_checkpoint=False)
        return sweep(caller_session, request, SavedEvidence(), observer)


def _ways(session: Session, organization: Emulator, name: str) -> AccessRoutes:
    key_id, secret, token = organization.credentials(name)
    region = organization.environment(name)["AWS_REGION"]
    access = AccountAccess(Access.OWN, region, SessionCredentials(key_id, secret, token))
    return AccessRoutes(session, access, Backoff(_SECONDS.total_seconds(), time.monotonic, time.sleep))


def _target(session: Session, organization: Emulator, name: str) -> Target:
    """Do for one account what ``rootsweep audit`` does for the account of the current credentials."""
    routes = _ways(session, organization, name)
    target = own_account(routes, identify(session, routes.access))
    return replace(target, account=replace(target.account, name=name))


_FORGET_AWS: Final = "unset $(env | sed -n 's/^\\(AWS_[A-Z0-9_]*\\)=.*/\\1/p') AWS_PROFILE"
"""Clear what the shell says of AWS: credentials and endpoints in the environment would come before a profile's."""

_ON_LOOPBACK: Final = {"AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}

_ORGANIZATION: Final = "organization"
_TO_TRY: Final = {
    "management": "rootsweep audit --organization --timeout 3s",
    "security": "rootsweep audit --organization --timeout 3s",
    "management-root": "rootsweep self-remove",
    "member-root": "rootsweep self-remove",
    "member-user": "rootsweep audit",
}
"""What each caller of the scenario ``organization`` is there for."""


def serve_organization(scenario: str, port: int) -> None:
    """Serve until interrupted, and print the two lines that point AWS's tools at it.

    Raises ``UsageError`` for a scenario that cannot be read, ``CannotRunError`` when the port is taken.
    """
    try:
        world = load_scenario(scenario)
    except ScenarioError as error:
        raise UsageError(str(error), "name a scenario that ships with rootsweep, such as demo, or a file") from error
    # A termination ends it as Ctrl-C does, so that no file is left behind.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with TemporaryDirectory(prefix="rootsweep-demo-") as folder, suppress(KeyboardInterrupt):
            serve(world, port=port, announce=lambda endpoint: _announce(world, endpoint, Path(folder), scenario))
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise CannotRunError(f"cannot listen on port {port}: {error.strerror}", "choose another port, or 0 for any") from error
    finally:
        signal.signal(signal.SIGTERM, before)


def _announce(world: World, endpoint: str, folder: Path, scenario: str) -> None:
    files = write_profiles(world, endpoint, folder)
    variables = {
        "AWS_CONFIG_FILE": str(files.config),
        "AWS_SHARED_CREDENTIALS_FILE": str(files.credentials),
        "ROOTSWEEP_HISTORY": f"sqlite:///{folder}/history.sqlite3",
        **_ON_LOOPBACK,
    }
    assignments = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())
    first = next(iter(world.named))
    click.echo(f"# An AWS organization answers at {endpoint}, on this machine only. Ctrl-C stops it.")
    click.echo("# Paste these two lines into another shell. They reach nothing but this organization.\n")
    click.echo(f"{_FORGET_AWS}; export {assignments}")
    click.echo(f"export AWS_PROFILE={shlex.quote(first)}\n")
    click.echo("# Profiles:")
    for name, (account_id, principal) in world.named.items():
        command = f"  {_TO_TRY[name]}" if scenario == _ORGANIZATION else ""
        click.echo(f"#   {name:<22} {principal.partition('/')[2] or principal:<9} of account {account_id}{command}".rstrip())
    if scenario == _ORGANIZATION:
        click.echo("# Then, as management: docs/removing-root-keys.md, step by step.")
    else:
        click.echo("# Each can run: rootsweep audit")
