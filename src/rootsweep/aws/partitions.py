"""What differs between AWS's partitions."""

from typing import Final

DEFAULT_REGION: Final = "us-east-1"
"""The Region that is asked where none is configured, as the AWS CLI does for services that are not regional."""

_GLOBAL: Final = "aws-global"


def real_region(region: str | None) -> str:
    """Give the Region to ask: ``aws-global``, which stands for none, would lead STS to an endpoint without AssumeRoot."""
    return DEFAULT_REGION if region in {None, "", _GLOBAL} else str(region)


def partition_of_arn(arn: str) -> str | None:
    """Tell the partition that an ARN names; None for what is no ARN."""
    parts = arn.split(":")
    return parts[1] if parts[0] == "arn" and len(parts) > 1 and parts[1] else None
