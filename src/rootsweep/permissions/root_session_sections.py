"""The sections on root sessions.

IAM User Guide, Centralize root access for member accounts, and Perform a privileged task on an AWS Organizations member
account.
"""

from collections.abc import Iterator

from rootsweep.permissions.auditing_principal import auditing_principal
from rootsweep.permissions.commands import command
from rootsweep.permissions.policy_document import as_json
from rootsweep.permissions.section import Section
from rootsweep.permissions.service_control_policy import deny_root_but_root_sessions
from rootsweep.permissions.setup import Setup


def root_session_sections(setup: Setup) -> Iterator[Section]:
    """Give what is set up for root sessions, in order."""
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
