"""What differs between AWS's partitions."""

from typing import Final

DEFAULT_REGION: Final = "us-east-1"
"""The Region that is asked where none is configured, as the AWS CLI does for services that are not regional."""

_PREFIXES: Final = (
    ("us-gov-", "aws-us-gov"),
    ("cn-", "aws-cn"),
    ("eusc-", "aws-eusc"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
)


def partition_of_region(region: str) -> str:
    """Tell a Region's partition by the beginning of its name (botocore's ``partitions.json``, ``regionRegex``)."""
    return next((partition for prefix, partition in _PREFIXES if region.startswith(prefix)), "aws")


def partition_of_arn(arn: str) -> str | None:
    """Tell the partition that an ARN names; None for what is no ARN."""
    parts = arn.split(":")
    return parts[1] if parts[0] == "arn" and len(parts) > 1 and parts[1] else None
