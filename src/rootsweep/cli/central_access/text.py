"""What ``rootsweep central-access enable`` says to a person."""

from collections.abc import Iterable
from typing import Final

import click

from rootsweep.cli.exit_codes import ExitCode
from rootsweep.model.central_access import Part, Step, StepResult

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
    """Say what will be enabled, in order, before anyone is asked."""
    steps = list(missing)
    if not steps:
        click.echo(f"Organization {organization_id}: everything that is wanted is enabled already.")
        return
    click.echo(f"In organization {organization_id} this is enabled, in this order, unless it is by then:")
    for number, step in enumerate(steps, start=1):
        click.echo(f"  {number}. {_name(step)}")
    _say(_NO_CREDENTIAL)


def show_result(result: StepResult) -> None:
    """Print a result: the part, and a sentence below it."""
    click.echo(f"{result.outcome.value.upper():<20} {_name(result.step)}")
    click.echo(click.wrap_text(result.detail, 100, initial_indent="    ", subsequent_indent="    "))


def conclude(results: list[StepResult], missing: int, *, is_whole: bool = True) -> ExitCode:
    """Say whether all is as it was wanted, and give the exit code; ``is_whole`` tells that every step has a result."""
    if is_whole and all(result.is_done for result in results):
        if missing:
            click.echo("Everything that is wanted is enabled.")
        return ExitCode.PROVEN
    click.echo("Something is left: run the same command again, which does only what is missing.")
    return ExitCode.REMEDIATION_INCOMPLETE


def _name(step: Step) -> str:
    return _NAMES[step.part] + (f": {step.account_id}" if step.part is Part.DELEGATED_ADMINISTRATOR else "")


def _say(sentence: str) -> None:
    click.echo(click.wrap_text(sentence, 100))
