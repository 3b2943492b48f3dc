"""``rootsweep permissions``: what a person sets up so that rootsweep may read the accounts, with least privilege."""

from typing import Final, TextIO

import click
from click.core import ParameterSource

from rootsweep.cli.options.types import AccountId, ExternalId, RoleName
from rootsweep.cli.output import write_result
from rootsweep.core.evidence import Access
from rootsweep.core.organization import HOME_REGIONS
from rootsweep.core.policies import (
    DEFAULT_ROLE_NAME,
    QUARANTINE_ROLE_NAME,
    Purpose,
    Setup,
    as_json,
    check_purpose,
    check_root_sessions,
    removal_policy,
)
from rootsweep.errors import UsageError
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.terminal.permissions import DocumentName, document, page

_OF_AUDITS: Final = {
    "access": "--access",
    "role_name": "--role-name",
    "external_id": "--external-id",
    "trusted": "--trusted",
    "document_name": "--document",
}


@click.command("permissions")
@click.option(
    "--for",
    "purpose_name",
    type=click.Choice([purpose.value for purpose in Purpose]),
    default=Purpose.AUDIT.value,
    show_default=True,
    help="What the credentials are for. quarantine also takes --access role.",
)
@click.option(
    "--access",
    type=click.Choice([Access.OWN.value, Access.ROOT_SESSION.value, Access.ROLE.value]),
    default=Access.ROOT_SESSION.value,
    show_default=True,
    help="How accounts are accessed: only the caller's own, root sessions, or a role in each.",
)
@click.option(
    "--role-name",
    type=RoleName(),
    metavar="NAME",
    default=DEFAULT_ROLE_NAME,
    show_default=True,
    help="With --access role: role name (RootQuarantine with --for quarantine).",
)
@click.option("--external-id", type=ExternalId(), metavar="ID", help="With --access role: external ID that the role requires.")
@click.option(
    "--trusted",
    type=AccountId(),
    metavar="ACCOUNT_ID",
    help="With --access role: account that runs the audit (management account or delegated administrator).",
)
@click.option("--partition", type=click.Choice(list(HOME_REGIONS)), default="aws", show_default=True, help="AWS partition.")
@click.option(
    "--document",
    "document_name",
    type=click.Choice([name.value for name in DocumentName]),
    help="Print only this document, as JSON (YAML for stackset).",
)
@click.pass_context
def command(  # noqa: PLR0913  one parameter an option
    context: click.Context,
    *,
    purpose_name: str,
    access: str,
    role_name: str,
    external_id: str | None,
    trusted: str | None,
    partition: str,
    document_name: str | None,
) -> None:
    """Print the IAM policies, the role and the commands that rootsweep needs.

    \b
    rootsweep permissions
    rootsweep permissions --document policy > policy.json
    rootsweep permissions --access role --trusted 111122223333
    rootsweep permissions --access role --trusted 111122223333 --document stackset > role.yaml
    rootsweep permissions --for apply > policy.json
    rootsweep permissions --for quarantine --access role --document role-policy
    """  # noqa: D301  click reads the backspace as "keep these lines"
    purpose = Purpose(purpose_name)
    if purpose is not Purpose.AUDIT:
        looks_up = purpose is Purpose.QUARANTINE and access == Access.ROLE
        if not looks_up:
            _refuse_what_is_for_audits(context, purpose)
        check_purpose(purpose, partition)
        if looks_up:
            is_named = context.get_parameter_source("role_name") is not ParameterSource.DEFAULT
            name = role_name if is_named else QUARANTINE_ROLE_NAME
            setup = Setup(Access.ROLE, partition, name, trusted, external_id, purpose)
            text = document(DocumentName(document_name or DocumentName.POLICY), setup)
        else:
            text = as_json(removal_policy(purpose, partition))
        write_result(lambda stream, _: _write(stream, text), None)
        return
    setup = Setup(Access(access), partition, role_name, trusted, external_id)
    _refuse_what_has_no_effect(context, setup)
    check_root_sessions(setup)

    def write(stream: TextIO, options: RenderOptions) -> None:
        stream.write(page(setup, options.width) if document_name is None else document(DocumentName(document_name), setup))

    write_result(write, None)


def _write(stream: TextIO, text: str) -> None:
    stream.write(text)


def _refuse_what_is_for_audits(context: click.Context, purpose: Purpose) -> None:
    for name, flag in _OF_AUDITS.items():
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(f"{flag} has no meaning with --for {purpose}", f"leave out {flag}")


def _refuse_what_has_no_effect(context: click.Context, setup: Setup) -> None:
    if setup.access is Access.ROLE:
        return
    for name, flag in (("role_name", "--role-name"), ("external_id", "--external-id"), ("trusted", "--trusted")):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(f"{flag} has no meaning with --access {setup.access}", f"add --access role or leave out {flag}")
