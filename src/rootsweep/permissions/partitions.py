"""What differs between AWS's partitions, for setting up access."""

from rootsweep.errors import UsageError
from rootsweep.model.evidence import Access
from rootsweep.model.organization import PARTITION_WITHOUT_ROOT_CONSOLE, PARTITION_WITHOUT_ROOT_USER
from rootsweep.permissions.removal_policies import Purpose
from rootsweep.permissions.setup import Setup


def check_root_sessions(setup: Setup) -> None:
    """Raise ``UsageError`` where root sessions are asked for in a partition that has none which read credentials.

    AWS GovCloud (US) User Guide, AWS Identity and Access Management: no ability to centrally manage root credentials; User
    Guide of Amazon Web Services in China, IAM: no root user.
    """
    if setup.access is not Access.ROOT_SESSION:
        return
    if setup.partition == PARTITION_WITHOUT_ROOT_USER:
        raise UsageError(
            f"partition {setup.partition} has no root user, hence no root sessions",
            "there is nothing to set up, for its accounts are NOT_APPLICABLE",
        )
    if setup.partition == PARTITION_WITHOUT_ROOT_CONSOLE:
        raise UsageError(
            f"partition {setup.partition} has no centralized root access that reads credentials",
            "use --access role with --trusted ACCOUNT_ID",
        )


def check_purpose(purpose: Purpose, partition: str) -> None:
    """Raise ``UsageError`` where what the credentials are for cannot be done in the partition.

    The sources are those of :func:`check_root_sessions`; AWS GovCloud (US) has service control policies.
    """
    if purpose is Purpose.AUDIT:
        return
    if partition == PARTITION_WITHOUT_ROOT_USER:
        verb = "quarantine" if purpose is Purpose.QUARANTINE else "remove"
        raise UsageError(
            f"partition {partition} has no root user, hence no root keys to {verb}",
            "there is nothing to set up, for its accounts are NOT_APPLICABLE",
        )
    if purpose is Purpose.APPLY and partition == PARTITION_WITHOUT_ROOT_CONSOLE:
        raise UsageError(
            f"partition {partition} has no centralized root access that deletes credentials",
            "use rootsweep self-remove with the root key itself, which needs no policy",
        )


def remark(setup: Setup) -> str | None:
    """Say what a reader has to know of the partition before setting anything up; None where there is nothing."""
    if setup.partition == PARTITION_WITHOUT_ROOT_USER:
        return (
            f"Partition {setup.partition} has no root user: rootsweep reports its accounts as NOT_APPLICABLE, and needs these "
            "permissions only to look for evidence to the contrary."
        )
    if setup.access is Access.ROOT_SESSION and setup.partition != "aws":
        return (
            f"Whether partition {setup.partition} has centralized root access is not known to rootsweep. Where it cannot be "
            "turned on, use --access role."
        )
    return None
