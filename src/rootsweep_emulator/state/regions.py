"""The Regions of each partition, a handful of the commercial one (Account Management Reference Guide, "Regions")."""

from dataclasses import dataclass
from typing import Final, Literal

from rootsweep_emulator.state.account import Partition

OptInStatus = Literal["opt-in-not-required", "opted-in", "not-opted-in"]


@dataclass(frozen=True, slots=True)
class Region:
    """A Region, and whether every account has it enabled."""

    name: str
    opt_in_status: OptInStatus = "opt-in-not-required"


HOME_REGION: Final[dict[Partition, str]] = {
    "aws": "us-east-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-cn": "cn-north-1",
    "aws-eusc": "eusc-de-east-1",
}
"""The Region of each partition that IAM is in."""

REGIONS: Final[dict[Partition, tuple[Region, ...]]] = {
    "aws": (
        Region("us-east-1"),
        Region("us-west-2"),
        Region("eu-west-1"),
        Region("eu-central-1"),
        Region("ap-southeast-2"),
        Region("af-south-1", "not-opted-in"),
    ),
    "aws-us-gov": (Region("us-gov-west-1"), Region("us-gov-east-1")),
    "aws-cn": (Region("cn-north-1"), Region("cn-northwest-1")),
    "aws-eusc": (Region("eusc-de-east-1"),),
}

DNS_SUFFIX: Final[dict[Partition, str]] = {
    "aws": "amazonaws.com",
    "aws-us-gov": "amazonaws.com",
    "aws-cn": "amazonaws.com.cn",
    "aws-eusc": "amazonaws.eu",
}
