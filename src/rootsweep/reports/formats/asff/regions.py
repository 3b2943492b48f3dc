"""The Region for which findings are addressed while nothing says where Security Hub takes them."""

from typing import Final

HOME_REGIONS: Final = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-south-1",
    "aws-us-gov": "us-gov-west-1",
}
"""The Region of each partition's IAM control plane (botocore, endpoint rules of ``iam``)."""


def home_region(partition: str) -> str:
    """Give the Region in which a partition keeps IAM; that of ``aws`` for a partition that is not known."""
    return HOME_REGIONS.get(partition, HOME_REGIONS["aws"])
