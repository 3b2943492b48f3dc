"""The sections on a role in each account."""

from collections.abc import Iterator
from typing import Final

from rootsweep.model.organization import HOME_REGIONS, PARTITION_WITHOUT_ROOT_USER
from rootsweep.permissions.auditing_principal import auditing_principal
from rootsweep.permissions.commands import command, write_document
from rootsweep.permissions.documents import DocumentName, document
from rootsweep.permissions.section import Section
from rootsweep.permissions.setup import Setup

_TEMPLATE: Final = "rootsweep-role.yaml"
_TRUST: Final = "rootsweep-trust.json"
_PERMISSIONS: Final = "rootsweep-role.json"


def role_sections(setup: Setup) -> Iterator[Section]:
    """Give what is set up for a role in each account, in order; raises ``UsageError`` where no auditing account was named."""
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
