"""Answers beside moto's, for the operations that moto has: the same members, of the same types.

Moto is the other emulator of AWS; where the two are known to differ, the difference is named here.
"""

from collections.abc import Callable
from typing import Any

import boto3  # type: ignore[import-untyped]  # boto3 ships no types
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from rootsweep_emulator import Emulator
from tests.emulator.clients import client
from tests.receivers import Receiving

DIFFERENCES: dict[str, set[str]] = {
    # Moto lacks it; captured AWS answers (commercial partition, September 2026) have it.
    "get_account_summary": {"SummaryMap.AccountPasswordPresent"},
    # Moto lacks it; the IAM API reference has it.
    "list_account_aliases": {"IsTruncated"},
    # Moto lists service control policies as enabled.
    "describe_organization": {"Organization.AvailablePolicyTypes.Type", "Organization.AvailablePolicyTypes.Status"},
    # AWS retired Status on 2026-09-09 and answers Paths; moto's organization has a single account, so no second page.
    "list_accounts": {"Accounts.Paths", "Accounts.Status", "NextToken"},
}


def members(value: Any, path: str = "") -> dict[str, str]:
    """Give each member's path with its type, lists being looked through."""
    if isinstance(value, dict):
        found: dict[str, str] = {}
        for name, item in value.items():
            if name != "ResponseMetadata":
                found |= members(item, f"{path}.{name}" if path else name)
        return found
    if isinstance(value, list):
        found = {}
        for item in value:
            found |= members(item, path)
        return found
    return {path: type(value).__name__}


def moto_answer(service: str, operation: str, prepare: Callable[[Any], object] = lambda _: None) -> dict[str, str]:
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}
    with mock_aws():
        its_client = boto3.client(service, **keys)
        prepare(its_client)
        return members(getattr(its_client, operation)())


def create_organization(organizations: Any) -> None:
    organizations.create_organization(FeatureSet="ALL")


def name_account(iam: Any) -> None:
    iam.create_account_alias(AccountAlias="company")


@pytest.mark.parametrize(
    ("service", "operation", "prepare"),
    [
        ("sts", "get_caller_identity", lambda _: None),
        ("iam", "get_account_summary", lambda _: None),
        ("iam", "list_account_aliases", name_account),
        ("organizations", "describe_organization", create_organization),
        ("organizations", "list_accounts", create_organization),
        ("organizations", "list_roots", create_organization),
    ],
)
def test_answers_have_the_members_that_moto_gives(
    organization: Emulator, service: str, operation: str, prepare: Callable[[Any], object]
) -> None:
    organization.world.account("management").alias = "company"
    ours = members(getattr(client(organization, service, "management"), operation)())
    theirs = moto_answer(service, operation, prepare)
    assert {path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path)} == DIFFERENCES.get(
        operation, set()
    )


def test_the_report_has_the_columns_that_moto_gives(demo: Emulator) -> None:
    iam = client(demo, "iam", "clean")
    ours = iam.get_credential_report()["Content"].decode().split("\n")[0].split(",")
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}
    with mock_aws():
        theirs_iam: Any = boto3.client("iam", **keys)
        theirs_iam.generate_credential_report()
        theirs_iam.generate_credential_report()
        theirs = theirs_iam.get_credential_report()["Content"].decode().split("\n")[0].split(",")
    assert theirs == ours


FINDING = {
    "SchemaVersion": "2018-10-08",
    "Id": "finding-1",
    "GeneratorId": "generator",
    "Types": ["Software and Configuration Checks"],
    "CreatedAt": "2026-11-24T12:00:00Z",
    "UpdatedAt": "2026-11-24T12:00:00Z",
    "Severity": {"Label": "HIGH"},
    "Title": "title",
    "Description": "description",
    "Resources": [{"Type": "AwsAccount", "Id": "AWS::::Account:111122223333"}],
}


def finding_of(account_id: str) -> dict[str, Any]:
    arn = f"arn:aws:securityhub:us-east-1:{account_id}:product/{account_id}/default"
    return FINDING | {"AwsAccountId": account_id, "ProductArn": arn}


def receive(make_client: Callable[[str], Any], account_id: str, topic_arn: str) -> dict[str, dict[str, str]]:
    """Give the members of the answers of everything that takes something."""
    hub, events, s3 = make_client("securityhub"), make_client("events"), make_client("s3")
    entry = {"Source": "rootsweep", "DetailType": "type", "Detail": "{}"}
    bucket = {"Bucket": "audit-archive", "Key": "run.json"}
    answers = {
        "import": hub.batch_import_findings(Findings=[finding_of(account_id)]),
        "findings": hub.get_findings(),
        "publish": make_client("sns").publish(TopicArn=topic_arn, Message="text", Subject="subject"),
        "events": events.put_events(Entries=[entry]),
        "put": s3.put_object(**bucket, Body=b"{}", IfNoneMatch="*", ContentType="application/json"),
        "head": s3.head_object(**bucket),
        "list": s3.list_objects_v2(Bucket="audit-archive"),
    }
    with pytest.raises(ClientError) as caught:
        s3.put_object(**bucket, Body=b"{}", IfNoneMatch="*")
    error: Any = caught.value.response
    return {name: members(answer) for name, answer in answers.items()} | {
        "refused": {error["Error"]["Code"]: str(error["ResponseMetadata"]["HTTPStatusCode"])}
    }


RECEIVING_DIFFERENCES: dict[str, set[str]] = {
    # Moto lacks what S3 tells since it encrypts every object (January 2023), and since it has checksum types (December 2024).
    "put": {"ServerSideEncryption", "ChecksumType"},
    "head": {"ServerSideEncryption"},
    "list": {"Contents.ChecksumType"},
}


def test_what_is_received_is_answered_as_moto_does(demo: Emulator) -> None:
    receiving = Receiving(demo.world)
    receiving.permit("clean", "securityhub:*", "sns:*", "events:*", "s3:*")
    account_id = demo.world.named["clean"][0]
    receiving.enable_security_hub(account_id, "us-east-1")
    receiving.create_bucket(account_id, "audit-archive")
    topic_arn = receiving.create_topic(account_id, "audits", "us-east-1")
    ours = receive(lambda service: client(demo, service, "clean"), account_id, topic_arn)
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}
    with mock_aws():
        boto3.client("s3", **keys).create_bucket(Bucket="audit-archive")
        theirs_arn = boto3.client("sns", **keys).create_topic(Name="audits")["TopicArn"]
        theirs = receive(lambda service: boto3.client(service, **keys), "123456789012", theirs_arn)
    for name, its_members in ours.items():
        moto_s = theirs[name]
        differing = {path for path in its_members.keys() | moto_s.keys() if its_members.get(path) != moto_s.get(path)}
        assert differing == RECEIVING_DIFFERENCES.get(name, set()), name
