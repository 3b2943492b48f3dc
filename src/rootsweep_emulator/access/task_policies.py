"""The five task policies of AssumeRoot.

They only deny: what is not on their list, and what is not aimed at the root user. Their text is as captured from AWS
(commercial partition, September 2026), all at version v1 since 2024-11-06, path ``/root-task/``; AWS managed policy reference.
None permits iam:UpdateAccessKey, iam:CreateAccessKey or the credential report.
"""

from dataclasses import dataclass
from typing import Final

from rootsweep_emulator.state.account import Partition
from rootsweep_emulator.state.organization import Feature


@dataclass(frozen=True, slots=True)
class TaskPolicy:
    """A task policy.

    Attributes:
        name: the policy's name.
        feature: the feature of centralized root access that offers the task; neither implies the other.
        actions: what it leaves undenied.
        on_any_resource: those of the actions that need not be aimed at ``arn:aws:iam::*:root``.
    """

    name: str
    feature: Feature
    actions: frozenset[str]
    on_any_resource: frozenset[str] = frozenset()

    def arn(self, partition: Partition) -> str:
        """Return the policy's ARN in a partition."""
        return f"arn:{partition}:iam::aws:policy/root-task/{self.name}"


_READ_ROOT_CREDENTIALS: Final = frozenset(
    {
        "iam:ListAccessKeys",
        "iam:ListSigningCertificates",
        "iam:GetLoginProfile",
        "iam:ListMFADevices",
        "iam:GetUser",
        "iam:GetAccessKeyLastUsed",
    }
)
_DELETE_ROOT_CREDENTIALS: Final = frozenset(
    {
        "iam:DeleteAccessKey",
        "iam:DeleteSigningCertificate",
        "iam:DeleteLoginProfile",
        "iam:DeactivateMFADevice",
        "iam:DeleteVirtualMFADevice",
    }
)
_BUCKET_POLICY: Final = frozenset({"s3:DeleteBucketPolicy", "s3:PutBucketPolicy", "s3:GetBucketPolicy", "s3:ListAllMyBuckets"})
_QUEUE_POLICY: Final = frozenset({"sqs:SetQueueAttributes", "sqs:GetQueueAttributes", "sqs:ListQueues", "sqs:GetQueueUrl"})

TASK_POLICIES: Final = {
    policy.name: policy
    for policy in (
        TaskPolicy(
            "IAMAuditRootUserCredentials",
            "RootCredentialsManagement",
            _READ_ROOT_CREDENTIALS | {"iam:GetAccountSummary"},
            frozenset({"iam:GetAccountSummary"}),
        ),
        TaskPolicy(
            "IAMDeleteRootUserCredentials", "RootCredentialsManagement", _READ_ROOT_CREDENTIALS | _DELETE_ROOT_CREDENTIALS
        ),
        TaskPolicy(
            "IAMCreateRootUserPassword",
            "RootCredentialsManagement",
            frozenset({"iam:CreateLoginProfile", "iam:GetLoginProfile"}),
        ),
        TaskPolicy("S3UnlockBucketPolicy", "RootSessions", _BUCKET_POLICY, _BUCKET_POLICY),
        TaskPolicy("SQSUnlockQueuePolicy", "RootSessions", _QUEUE_POLICY, _QUEUE_POLICY),
    )
}


def task_policy_of(arn: str, partition: Partition) -> TaskPolicy | None:
    """Find the task policy of an ARN; None when it is not one of the five in this partition."""
    policy = TASK_POLICIES.get(arn.rpartition("/")[2])
    return policy if policy is not None and policy.arn(partition) == arn else None
