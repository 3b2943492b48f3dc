import pytest
from botocore.session import Session

from rootsweep.aws.partitions import partition_of_arn, partition_of_region


def test_every_region_that_the_sdk_knows() -> None:
    session = Session()
    for partition in session.get_available_partitions():
        for region in session.get_available_regions("sts", partition, allow_non_regional=True):
            if not region.endswith("-global"):
                assert partition_of_region(region) == partition, region


@pytest.mark.parametrize(
    ("arn", "partition"),
    [
        ("arn:aws:iam::1:root", "aws"),
        ("arn:aws-us-gov:sts::1:x", "aws-us-gov"),
        ("root", None),
        ("arn", None),
        ("arn::x", None),
    ],
)
def test_arns(arn: str, partition: str | None) -> None:
    assert partition_of_arn(arn) == partition
