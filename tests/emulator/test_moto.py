"""Answers beside moto's, for the operations that moto has: the same members, of the same types.

Moto is the other emulator of AWS; where the two are known to differ, the difference is named here.
"""

from collections.abc import Callable
from typing import Any

import boto3  # type: ignore[import-untyped]  # boto3 ships no types
import pytest
from moto import mock_aws

from rootsweep.emulator import Emulator
from tests.emulator.clients import client

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
