"""DescribeRegions, in the EC2 protocol."""

from pathlib import Path
from typing import Any

import pytest

from rootsweep_emulator import Emulator, Rule, Throttle
from tests.emulator.clients import client, error_of
from tests.emulator.signed_requests import ask
from tests.emulator.test_partitions import emulator_of

ENABLED = {"us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"}


@pytest.fixture
def ec2(organization: Emulator) -> Any:
    organization.world.account("management").users[0].actions = ("ec2:*",)
    return client(organization, "ec2", "management")


def names(answer: Any) -> set[str]:
    return {region["RegionName"] for region in answer["Regions"]}


def test_enabled_regions_are_listed(ec2: Any) -> None:
    answer = ec2.describe_regions()
    assert names(answer) == ENABLED
    assert answer["Regions"][0] == {
        "RegionName": "us-east-1",
        "Endpoint": "ec2.us-east-1.amazonaws.com",
        "OptInStatus": "opt-in-not-required",
    }
    assert answer["ResponseMetadata"]["RequestId"].startswith("00000000-")


def test_all_regions_are_listed_on_demand(ec2: Any) -> None:
    assert names(ec2.describe_regions(AllRegions=True)) == ENABLED | {"af-south-1"}
    not_opted_in = [{"Name": "opt-in-status", "Values": ["not-opted-in"]}]
    assert names(ec2.describe_regions(AllRegions=True, Filters=not_opted_in)) == {"af-south-1"}
    assert names(ec2.describe_regions(Filters=[{"Name": "region-name", "Values": ["eu-*", "us-east-1"]}])) == {
        "eu-west-1",
        "eu-central-1",
        "us-east-1",
    }
    assert names(ec2.describe_regions(RegionNames=["af-south-1", "us-west-2"])) == {"af-south-1", "us-west-2"}


def test_slips_are_refused(ec2: Any) -> None:
    assert error_of(ec2.describe_regions, RegionNames=["us-moon-1"])[::2] == ("InvalidParameterValue", 400)
    assert error_of(ec2.describe_regions, Filters=[{"Name": "moon", "Values": ["1"]}])[::2] == ("InvalidParameterValue", 400)
    assert error_of(ec2.describe_regions, DryRun=True)[::2] == ("DryRunOperation", 412)


def test_errors_are_spelled_as_ec2_does(organization: Emulator, demo: Emulator, ec2: Any) -> None:
    code, message, status = error_of(client(demo, "ec2", "clean").describe_regions)
    assert (code, status) == ("UnauthorizedOperation", 403)
    assert "because no identity-based policy allows the ec2:DescribeRegions action" in message
    organization.control.add_fault(Rule(Throttle(rate=1, burst=0), "ec2"))
    assert error_of(ec2.describe_regions)[::2] == ("RequestLimitExceeded", 503)
    organization.control.skew(400)
    assert error_of(ec2.describe_regions)[::2] == ("AuthFailure", 401)


def test_the_envelope_of_an_error_is_ec2_s_own(demo: Emulator) -> None:
    status, text = ask(demo, "clean", "Action=NoSuchThing&Version=2016-11-15", service="ec2")
    assert status == 400
    assert text.startswith("<Response><Errors><Error><Code>InvalidAction</Code>")
    status, text = ask(demo, "clean", "Action=DescribeVpcs&Version=2016-11-15", service="ec2")
    assert (status, "The emulator does not have ec2 DescribeVpcs." in text) == (501, True)


@pytest.mark.parametrize(
    ("partition", "regions", "endpoint"),
    [
        ("aws-us-gov", {"us-gov-west-1", "us-gov-east-1"}, "ec2.us-gov-west-1.amazonaws.com"),
        ("aws-cn", {"cn-north-1", "cn-northwest-1"}, "ec2.cn-north-1.amazonaws.com.cn"),
        ("aws-eusc", {"eusc-de-east-1"}, "ec2.eusc-de-east-1.amazonaws.eu"),
    ],
)
def test_partitions_have_their_own(partition: str, regions: set[str], endpoint: str, tmp_path: Path) -> None:
    with emulator_of(partition, tmp_path) as emulator:
        answer = client(emulator, "ec2", "management").describe_regions()
    assert names(answer) == regions
    assert answer["Regions"][0]["Endpoint"] == endpoint
