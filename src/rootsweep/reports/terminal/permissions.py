"""The page that a person follows to set up permissions: each document, where it goes, and the commands for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from textwrap import fill
from typing import Final, assert_never

from rootsweep.core.evidence import Access
from rootsweep.core.organization import HOME_REGIONS, PARTITION_WITHOUT_ROOT_USER
from rootsweep.core.policies import (
    DEFAULT_ROLE_NAME,
    Setup,
    as_json,
    deny_root_but_root_sessions,
    identity_policy,
    remark,
    role_policy,
    trust_policy,
)
from rootsweep.errors import UsageError
from rootsweep.reports.terminal.stack_set import stack_set_template

# A section of the page.


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, one or two sentences, a document (empty where there is none) and the commands that install it."""

    heading: str
    text: str
    document: str
    commands: tuple[str, ...]


_WIDEST: Final = 80


def page(setup: Setup, width: int) -> str:
    """Write the page for ``width`` columns, of which its prose takes 80 at most; documents are never wrapped.

    Raises ``UsageError`` where the setup lacks what a document needs.
    """
    width = min(width, _WIDEST)
    blocks = [_underlined(f"What rootsweep needs: --access {setup.access}, partition {setup.partition}", "=")]
    told = remark(setup)
    if told is not None:
        blocks.append(_prose(told, width))
    for number, section in enumerate([*_sections(setup), audit_section(setup)], start=1):
        blocks += [_underlined(f"{number}. {section.heading}", "-"), _prose(section.text, width)]
        if section.document:
            blocks.append(section.document.rstrip("\n"))
        blocks.append("\n".join(section.commands))
    return "\n\n".join(blocks) + "\n"


def _sections(setup: Setup) -> Iterable[Section]:
    match setup.access:
        case Access.OWN:
            return [
                auditing_principal(
                    setup,
                    "For the role whose credentials run rootsweep, in the account that is audited. It can change nothing.",
                )
            ]
        case Access.ROOT_SESSION:
            return root_session_sections(setup)
        case Access.ROLE:
            return role_sections(setup)
        case Access.ROOT | Access.FILES:
            raise ValueError(setup.access)
        case _:
            assert_never(setup.access)


def _underlined(heading: str, line: str) -> str:
    return f"{heading}\n{line * len(heading)}"


def _prose(text: str, width: int) -> str:
    return fill(text, width, break_on_hyphens=False, break_long_words=False)


# The sections on a role in each account.

_TEMPLATE: Final = "rootsweep-role.yaml"
_TRUST: Final = "rootsweep-trust.json"
_PERMISSIONS: Final = "rootsweep-role.json"


def role_sections(setup: Setup) -> Iterator[Section]:
    """Return what is set up for a role in each account, in order; raises ``UsageError`` where no auditing account was named."""
    trusted = setup.auditing_account
    yield auditing_principal(
        setup,
        f"For the role whose credentials run rootsweep, in account {trusted}, which has to be the management account or a "
        f"delegated administrator. It assumes the role {setup.role_name} of every account, lists the organization, and reads "
        "its own account.",
    )
    yield _deployed_apart(setup) if setup.partition == PARTITION_WITHOUT_ROOT_USER else _deployed_everywhere(setup)
    yield _by_hand_trust(setup)
    yield _by_hand_permissions(setup)


def _deployed_everywhere(setup: Setup) -> Section:
    """Show the StackSet (AWS CloudFormation User Guide, Create CloudFormation StackSets with service-managed permissions)."""
    name = "--stack-set-name rootsweep-role"
    return Section(
        f"The role {setup.role_name} in every member account",
        "Run these with credentials of the management account; ROOT_ID is the id of the organization's root, r-..., that `aws "
        "organizations list-roots` shows. Accounts that join later get the role too; the management account never does, for "
        "StackSets do not reach it.",
        document(DocumentName.STACK_SET, setup),
        (
            write_document(DocumentName.STACK_SET, setup, _TEMPLATE),
            command("aws cloudformation activate-organizations-access"),
            command(
                "aws cloudformation create-stack-set",
                name,
                f"--template-body file://{_TEMPLATE}",
                "--capabilities CAPABILITY_NAMED_IAM",
                "--permission-model SERVICE_MANAGED",
                "--auto-deployment Enabled=true,RetainStacksOnAccountRemoval=false",
            ),
            command(
                "aws cloudformation create-stack-instances",
                name,
                "--deployment-targets OrganizationalUnitIds=ROOT_ID",
                f"--regions {HOME_REGIONS[setup.partition]}",
            ),
        ),
    )


def _deployed_apart(setup: Setup) -> Section:
    """Show a stack an account (AWS CloudFormation User Guide for China, Prerequisites for stack set operations)."""
    return Section(
        f"The role {setup.role_name} in every account",
        "In the China Regions a StackSet cannot reach the accounts of an organization by itself: deploy the template in each "
        "account, with credentials of that account.",
        document(DocumentName.STACK_SET, setup),
        (
            write_document(DocumentName.STACK_SET, setup, _TEMPLATE),
            command(
                "aws cloudformation deploy",
                "--stack-name rootsweep-role",
                f"--template-file {_TEMPLATE}",
                "--capabilities CAPABILITY_NAMED_IAM",
            ),
        ),
    )


def _by_hand_trust(setup: Setup) -> Section:
    return Section(
        "The same role in one account, by hand: whom it trusts",
        f"For the management account, unless it is {setup.trusted} itself, and for accounts that the template does not reach. "
        "Run these with credentials of that account.",
        document(DocumentName.TRUST_POLICY, setup),
        (
            write_document(DocumentName.TRUST_POLICY, setup, _TRUST),
            command("aws iam create-role", f"--role-name {setup.role_name}", f"--assume-role-policy-document file://{_TRUST}"),
        ),
    )


def _by_hand_permissions(setup: Setup) -> Section:
    return Section(
        "The same role in one account, by hand: what it may do",
        "With the same credentials. It reads the account summary and the credential report, and can change nothing.",
        document(DocumentName.ROLE_POLICY, setup),
        (
            write_document(DocumentName.ROLE_POLICY, setup, _PERMISSIONS),
            command(
                "aws iam put-role-policy",
                f"--role-name {setup.role_name}",
                "--policy-name ReadRootAccessKeys",
                f"--policy-document file://{_PERMISSIONS}",
            ),
        ),
    )


# The sections on root sessions.
#
# IAM User Guide, Centralize root access for member accounts, and Perform a privileged task on an AWS Organizations member
# account.


def root_session_sections(setup: Setup) -> Iterator[Section]:
    """Return what is set up for root sessions, in order."""
    yield _turning_on()
    yield auditing_principal(
        setup,
        "For the role whose credentials run rootsweep, in the management account or in the delegated administrator for IAM. It "
        "opens root sessions in member accounts for AWS's audit task alone, which can change nothing, lists the organization, "
        "and reads its own account.",
    )
    yield _service_control_policies()
    yield Section(
        "The management account",
        "No root session can enter it. Where the principal that audits lives in it, the policy above reads it; else run "
        "`rootsweep audit` inside it, with the policy that this prints:",
        "",
        (command("rootsweep permissions", "--access own", *_partition(setup), "--document policy"),),
    )


def _partition(setup: Setup) -> tuple[str, ...]:
    return () if setup.partition == "aws" else (f"--partition {setup.partition}",)


def _turning_on() -> Section:
    service = "--service-principal iam.amazonaws.com"
    return Section(
        "Centralized root access, once for the organization",
        "Run these with credentials of the management account, in this order; the last only where a member account, "
        "ACCOUNT_ID, is to audit, as the delegated administrator for IAM. None of them makes, changes or removes a credential.",
        "",
        (
            command("aws organizations enable-aws-service-access", service),
            command("aws iam enable-organizations-root-credentials-management"),
            command("aws organizations register-delegated-administrator", "--account-id ACCOUNT_ID", service),
        ),
    )


def _service_control_policies() -> Section:
    return Section(
        "Service control policies that deny root",
        'Only where there is one: it denies root sessions as well, unless it has the clause "Null" below. Add that to yours, '
        "POLICY_ID, or set the parameter ExemptAssumeRoot of AWS Control Tower's AWS-GR_RESTRICT_ROOT_USER.",
        as_json(deny_root_but_root_sessions()),
        (command("aws organizations update-policy", "--policy-id POLICY_ID", "--content file://your-policy.json"),),
    )


# The section on the principal that audits, which every way into the accounts has.


def auditing_principal(setup: Setup, text: str) -> Section:
    """Show the identity policy; ``text`` says where it goes and what it allows."""
    return Section(
        "The principal that audits",
        f"{text} For AUDITOR put the name of its role.",
        document(DocumentName.POLICY, setup),
        (
            write_document(DocumentName.POLICY, setup, "rootsweep-policy.json"),
            command(
                "aws iam put-role-policy",
                "--role-name AUDITOR",
                "--policy-name rootsweep",
                "--policy-document file://rootsweep-policy.json",
            ),
        ),
    )


# The last section: the audit itself.


def audit_section(setup: Setup) -> Section:
    """Show the call of the audit that this setup is for."""
    options = [] if setup.access is Access.OWN else ["--organization", f"--access {setup.access}"]
    if setup.access is Access.ROLE:
        options.append(f"--role-name {setup.role_name}")
        options += [] if setup.external_id is None else [f"--external-id {setup.external_id}"]
    if setup.partition != "aws":
        options.append(f"--region {HOME_REGIONS[setup.partition]}")
    return Section(
        "The audit",
        "With credentials of the principal that audits:",
        "",
        (command("rootsweep audit", *options),),
    )


# The documents by their names, as text.


class DocumentName(StrEnum):
    """The documents that can be written alone; all but the first belong to the role in each account."""

    POLICY = "policy"
    TRUST_POLICY = "trust-policy"
    ROLE_POLICY = "role-policy"
    STACK_SET = "stackset"


def document(name: DocumentName, setup: Setup) -> str:
    """Write one document as JSON, the template as YAML; raises ``UsageError`` where the setup has no such document."""
    if name is not DocumentName.POLICY and setup.access is not Access.ROLE:
        raise UsageError(
            f"--document {name} belongs to the role of --access role", "add --access role, or ask for another document"
        )
    match name:
        case DocumentName.POLICY:
            return as_json(identity_policy(setup))
        case DocumentName.TRUST_POLICY:
            return as_json(trust_policy(setup))
        case DocumentName.ROLE_POLICY:
            return as_json(role_policy(setup.purpose))
        case DocumentName.STACK_SET:
            return stack_set_template(setup)
        case _:
            assert_never(name)


# Commands to type, folded so that they fit a terminal of 80 columns.

_WIDTH: Final = 76


def command(*parts: str) -> str:
    """Join the parts of a command, each kept whole, over as many lines as it needs."""
    lines = [parts[0]]
    for part in parts[1:]:
        if len(lines[-1]) + len(part) < _WIDTH:
            lines[-1] += f" {part}"
        else:
            lines.append(f"  {part}")
    return " \\\n".join(lines)


def write_document(name: DocumentName, setup: Setup, path: str) -> str:
    """Return the command that writes a document of this setup into a file."""
    return command("rootsweep permissions", *_options(name, setup), f"--document {name}", f"> {path}")


def _options(name: DocumentName, setup: Setup) -> list[str]:
    """Repeat what differs from the defaults; no value of these options means anything to a shell."""
    options = [] if setup.access is Access.ROOT_SESSION else [f"--access {setup.access}"]
    if setup.partition != "aws":
        options.append(f"--partition {setup.partition}")
    if setup.role_name != DEFAULT_ROLE_NAME:
        options.append(f"--role-name {setup.role_name}")
    if name in {DocumentName.TRUST_POLICY, DocumentName.STACK_SET}:
        options.append(f"--trusted {setup.trusted}")
        options += [] if setup.external_id is None else [f"--external-id {setup.external_id}"]
    return options
