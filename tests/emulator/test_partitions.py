"""What differs between partitions."""

from pathlib import Path

import pytest

from rootsweep_emulator import Emulator, load_scenario
from tests.emulator.clients import client, error_of

SCENARIO = """
[[account]]
id = "111122223333"
name = "management"
partition = "{partition}"
caller = "user/auditor"
report = "1h"
[[account.user]]
name = "auditor"
[[account]]
id = "222233334444"
name = "member"
partition = "{partition}"
[organization]
management = "management"
features = ["RootSessions"]
"""


def emulator_of(partition: str, folder: Path) -> Emulator:
    path = folder / "partition.toml"
    path.write_text(SCENARIO.format(partition=partition), encoding="utf-8")
    return Emulator(load_scenario(path))


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov", "aws-cn", "aws-eusc"])
def test_arns_name_their_partition(partition: str, tmp_path: Path) -> None:
    with emulator_of(partition, tmp_path) as emulator:
        arn = client(emulator, "sts", "management").get_caller_identity()["Arn"]
        assert arn == f"arn:{partition}:iam::111122223333:user/auditor"
        described = client(emulator, "organizations", "management").describe_organization()["Organization"]
        assert described["Arn"].startswith(f"arn:{partition}:organizations::111122223333:organization/o-")
        report = client(emulator, "iam", "management").get_credential_report()["Content"].decode()
        assert f",arn:{partition}:iam::111122223333:root," in report


def test_govcloud_has_root_sessions_and_no_root_credentials_management(tmp_path: Path) -> None:
    with emulator_of("aws-us-gov", tmp_path) as emulator:
        iam = client(emulator, "iam", "management")
        assert error_of(iam.enable_organizations_root_credentials_management)[::2] == ("InvalidAction", 400)
        assert iam.list_organizations_features()["EnabledFeatures"] == ["RootSessions"]
        task = {"arn": "arn:aws-us-gov:iam::aws:policy/root-task/S3UnlockBucketPolicy"}
        sts = client(emulator, "sts", "management")
        assert sts.assume_root(TargetPrincipal="222233334444", TaskPolicyArn=task)["Credentials"]


def test_china_opens_no_root_session(tmp_path: Path) -> None:
    with emulator_of("aws-cn", tmp_path) as emulator:
        sts = client(emulator, "sts", "management")
        task = {"arn": "arn:aws-cn:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
        expected = ("InvalidAction", "Unknown Operation", 400)
        assert error_of(sts.assume_root, TargetPrincipal="222233334444", TaskPolicyArn=task) == expected


def test_roles_are_assumed_within_their_partition_alone(organization: Emulator, member: str) -> None:
    sts = client(organization, "sts", "management")
    arn = f"arn:aws-us-gov:iam::{member}:role/RootAudit"
    assert error_of(sts.assume_role, RoleArn=arn, RoleSessionName="audit")[0] == "AccessDenied"
