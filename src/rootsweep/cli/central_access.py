"""``rootsweep central-access``: what of centralized root access is enabled, and enabling what is missing."""

import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Final, TextIO

import click
from click.core import ParameterSource

from rootsweep.auditing.request import CallerOptions
from rootsweep.cli import clock
from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.options.types import AccountId, Duration, caller_options
from rootsweep.cli.output import write_result
from rootsweep.cli.results import CarriedOut, carry_out, say
from rootsweep.core.answer import Problem
from rootsweep.core.removal.central_access import CentralAccess, OrganizationSeen, Part, Step, remark_on
from rootsweep.core.removal.journal import PlanOpened, RemediationCommand
from rootsweep.core.removal.result import Result
from rootsweep.errors import CannotRunError, UsageError
from rootsweep.remediation.central_access import EnableFeatures, digest_for
from rootsweep.remediation.on_aws.central_access import OrganizationAccess, open_organization
from rootsweep.reports.contracts import central_access_v1
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.terminal import central_access
from rootsweep.storage.journal import Journal
from rootsweep.version import __version__

_STATUS: Final = "status"
_ENABLE: Final = "enable"
_JOURNAL: Final = "rootsweep-central-access.journal.jsonl"
_ONLY_WITH: Final = {
    "root_sessions": ("--root-sessions", _ENABLE),
    "delegate": ("--delegate", _ENABLE),
    "confirm": ("--confirm", _ENABLE),
    "journal_path": ("--journal", _ENABLE),
    "timeout": ("--timeout", _ENABLE),
    "output_format": ("--format", _STATUS),
}
_PARTITION_ADVICE: Final = "there is nothing to enable here; `rootsweep permissions --access role` shows the other way"


@click.command("central-access")
@click.argument("what", metavar="[status|enable]", type=click.Choice([_STATUS, _ENABLE]), default=_STATUS)
@click.option("--format", "-f", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--root-sessions", is_flag=True, help="With enable: also enable root sessions, which S3 and SQS tasks need.")
@click.option(
    "--delegate",
    type=AccountId(),
    metavar="ACCOUNT_ID",
    help="With enable: member account to register as delegated administrator for IAM.",
)
@click.option(
    "--confirm",
    metavar="ORGANIZATION_ID",
    help="With enable: organization id, to confirm non-interactively; otherwise you are prompted.",
)
@click.option(
    "--journal", "journal_path", metavar="FILE", default=_JOURNAL, show_default=True, help="With enable: journal file."
)
@caller_options
@click.option(
    "--timeout",
    type=Duration(),
    default="3m",
    metavar="TIME",
    show_default=True,
    help="With enable: how long to wait until AWS confirms each change.",
)
@click.pass_context
def command(  # noqa: PLR0913  one parameter an option
    context: click.Context,
    *,
    what: str,
    output_format: str,
    root_sessions: bool,
    delegate: str | None,
    confirm: str | None,
    journal_path: str,
    profile: str | None,
    region: str | None,
    timeout: timedelta,
) -> int:
    """Show what of centralized root access is enabled in the organization, or enable what is missing.

    It is what lets the management account read and delete the root keys of its member accounts. Enabling it makes, changes and
    removes no credential, and proves nothing about keys. Nothing is ever disabled.

    \b
    rootsweep central-access
    rootsweep central-access enable
    rootsweep central-access enable --root-sessions --delegate 111122223333
    """  # noqa: D301  click reads the backspace as "keep these lines"
    _refuse_what_has_no_effect(context, what)
    organization = open_organization(CallerOptions(profile, region, timeout), clock.now)
    seen = organization.status()
    if what == _STATUS:
        return _show(seen, output_format)
    its_organization = _check(seen, delegate)
    its_id = its_organization.id
    steps = _steps(its_organization.management_account_id, delegate, root_sessions=root_sessions)
    missing = [step for step in steps if not _is_enabled(seen, step)]
    show_plan(its_id, missing)
    _confirm(its_id, confirm, is_needed=bool(missing))
    path = Path(journal_path)
    if not missing and not path.exists():
        return conclude([], missing=0)
    carried_out = _enable(organization, seen, its_id, steps, path)
    return carried_out.exit_code(conclude(carried_out.results, len(missing), is_complete=carried_out.failure is None))


def _show(seen: CentralAccess, output_format: str) -> ExitCode:
    def write(stream: TextIO, options: RenderOptions) -> None:
        if output_format == "json":
            central_access_v1.write_central_access(seen, __version__, stream, options)
        else:
            central_access.write_central_access(seen, stream, options)

    write_result(write, None)
    if seen.is_usable is None:
        return ExitCode.CANNOT_RUN
    return ExitCode.PROVEN if seen.is_usable else ExitCode.REMEDIATION_INCOMPLETE


def _check(seen: CentralAccess, delegate: str | None) -> OrganizationSeen:
    """Return the organization; raises ``UsageError`` or ``CannotRunError`` where nothing can be enabled."""
    remark = remark_on(seen.partition)
    if remark is not None:
        raise UsageError(remark, _PARTITION_ADVICE)
    told = seen.organization
    if isinstance(told, Problem):
        raise CannotRunError(f"which organization this is AWS does not tell: {told.problem}", told.advice)
    if not seen.may_enable:
        raise CannotRunError(
            f"only the management account, {told.management_account_id}, may enable centralized root access, and "
            f"{seen.caller_arn} is not in it",
            "choose credentials of the management account with --profile",
        )
    if seen.lacks_all_features:
        raise CannotRunError(
            f"organization {told.id} does not have all features, which centralized root access needs",
            "enable all features first (AWS Organizations User Guide, EnableFeatures all features for an organization)",
        )
    if delegate == told.management_account_id:
        raise UsageError(f"{delegate} is the management account, which needs no delegation", "name a member account")
    return told


def _steps(management: str, delegate: str | None, *, root_sessions: bool) -> list[Step]:
    """Return what is wanted, in AWS's order (IAM User Guide, "Centralize root access for member accounts")."""
    parts = [Part.TRUSTED_ACCESS, Part.ROOT_CREDENTIALS_MANAGEMENT, *([Part.ROOT_SESSIONS] if root_sessions else [])]
    steps = [Step(part, management) for part in parts]
    return steps if delegate is None else [*steps, Step(Part.DELEGATED_ADMINISTRATOR, delegate)]


def _is_enabled(seen: CentralAccess, step: Step) -> bool:
    match step.part:
        case Part.TRUSTED_ACCESS:
            return seen.trusted_access is True
        case Part.ROOT_CREDENTIALS_MANAGEMENT:
            return seen.root_credentials_management is True
        case Part.ROOT_SESSIONS:
            return seen.root_sessions is True
        case Part.DELEGATED_ADMINISTRATOR:
            told = seen.delegated_administrators
            return not isinstance(told, Problem) and step.account_id in told


def _confirm(organization_id: str, confirm: str | None, *, is_needed: bool) -> None:
    """Have the person name the organization; raises ``UsageError`` for anything else."""
    if confirm is not None:
        if confirm != organization_id:
            raise UsageError(
                f"--confirm names {confirm}, and the credentials are of organization {organization_id}: nothing was changed",
                "choose other credentials with --profile, or confirm this organization",
            )
        return
    if not is_needed:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            "cannot prompt for confirmation, so nothing was changed: standard input is not a terminal",
            f"pass --confirm {organization_id}",
        )
    typed = click.prompt("To confirm, type the organization id", prompt_suffix=":\n", default="", show_default=False)
    if typed.strip() != organization_id:
        raise UsageError("what was typed is not the id of the organization: nothing was changed", "run it again")


def _enable(
    organization: OrganizationAccess,
    seen: CentralAccess,
    organization_id: str,
    steps: Iterable[Step],
    path: Path,
) -> CarriedOut[Step]:
    with Journal.open(path, clock.now) as journal:
        journal.append(
            PlanOpened(
                digest_for(organization_id), organization_id, seen.caller_arn, __version__, RemediationCommand.CENTRAL_ACCESS
            )
        )
        return carry_out(EnableFeatures.of(organization_id, organization, journal, organization.pauses).run(steps), _name)


def _refuse_what_has_no_effect(context: click.Context, what: str) -> None:
    for name, (flag, only_with) in _ONLY_WITH.items():
        if only_with != what and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(f"{flag} has no meaning with {what}", f"leave it out, or say {only_with}")


_NO_CREDENTIAL: Final = (
    "Neither enabling nor disabling centralized root access removes or creates any root credential, and that it is enabled "
    "proves nothing about keys: `rootsweep audit --organization` looks for them."
)
_NAMES: Final = {
    Part.TRUSTED_ACCESS: "trusted access for IAM (organizations:EnableAWSServiceAccess)",
    Part.ROOT_CREDENTIALS_MANAGEMENT: "root credentials management (iam:EnableOrganizationsRootCredentialsManagement)",
    Part.ROOT_SESSIONS: "root sessions (iam:EnableOrganizationsRootSessions)",
    Part.DELEGATED_ADMINISTRATOR: "delegated administrator for IAM (organizations:RegisterDelegatedAdministrator)",
}


def show_plan(organization_id: str, missing: Iterable[Step]) -> None:
    """Return what will be enabled, in order, before anyone is asked."""
    steps = list(missing)
    if not steps:
        click.echo(f"Organization {organization_id}: everything that is wanted is enabled already.")
        return
    click.echo(f"In organization {organization_id} this is enabled, in this order, unless it is by then:")
    for number, step in enumerate(steps, start=1):
        click.echo(f"  {number}. {_name(step)}")
    say(_NO_CREDENTIAL, indent="")


def conclude(results: list[Result[Step]], missing: int, *, is_complete: bool = True) -> ExitCode:
    """Return whether all is as it was wanted, and give the exit code; ``is_complete`` tells that every step has a result."""
    if is_complete and all(result.is_done for result in results):
        if missing:
            click.echo("Everything that is wanted is enabled.")
        return ExitCode.PROVEN
    click.echo("Something is left: run the same command again, which does only what is missing.")
    return ExitCode.REMEDIATION_INCOMPLETE


def _name(step: Step) -> str:
    return _NAMES[step.part] + (f": {step.account_id}" if step.part is Part.DELEGATED_ADMINISTRATOR else "")
