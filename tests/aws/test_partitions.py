import pytest

from rootsweep.aws.session import partition_of_arn, real_region


@pytest.mark.parametrize(
    ("arn", "partition"),
    [("arn:aws:iam::1:root", "aws"), ("arn:aws-us-gov:sts::1:x", "aws-us-gov"), ("root", None), ("arn::x", None)],
)
def test_arns(arn: str, partition: str | None) -> None:
    assert partition_of_arn(arn) == partition


@pytest.mark.parametrize(
    ("configured", "asked"),
    [(None, "us-east-1"), ("", "us-east-1"), ("aws-global", "us-east-1"), ("us-gov-west-1", "us-gov-west-1")],
)
def test_regions(configured: str | None, asked: str) -> None:
    assert real_region(configured) == asked
