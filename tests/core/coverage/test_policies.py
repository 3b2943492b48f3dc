"""The policies allow what the audit asks, in the words of AWS's reference, and nothing else."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import botocore.session
import pytest

import rootsweep.aws.organizations
from rootsweep.core.evidence import Access
from rootsweep.core.organization import HOME_REGIONS
from rootsweep.core.policies import (
    Setup,
    check_root_sessions,
    deny_root_but_root_sessions,
    identity_policy,
    remark,
    role_policy,
    trust_policy,
)
from rootsweep.errors import UsageError
from tests.core.coverage.policy_linter import check_words, lint_policy
from tests.core.coverage.setups import ODD_ROLE, OWN, PARTITIONS_TRIED, ROLE, ROOT_SESSION, TRUSTED

OWN_ACCOUNT = {"iam:GetAccountSummary", "iam:GetCredentialReport", "iam:GenerateCredentialReport"}
ORGANIZATION = {
    "organizations:DescribeOrganization",
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListRoots",
    "organizations:ListTagsForResource",
}


def statements(document: dict[str, Any]) -> list[dict[str, Any]]:
    return list(document["Statement"])


def allowed(document: dict[str, Any]) -> dict[str, str]:
    """Map each allowed action to the resource that it is allowed on."""
    found: dict[str, str] = {}
    for one in statements(document):
        assert one["Effect"] == "Allow"
        for action in [one["Action"]] if isinstance(one["Action"], str) else one["Action"]:
            assert action not in found
            found[action] = one["Resource"]
    return found


def test_own_access_reads_its_own_account_alone() -> None:
    assert allowed(identity_policy(OWN)) == dict.fromkeys(OWN_ACCOUNT, "*")


@pytest.mark.parametrize("partition", ["aws", "aws-eusc"])
def test_root_sessions_are_opened_for_the_audit_task_alone(partition: str) -> None:
    document = identity_policy(replace(ROOT_SESSION, partition=partition))
    assert allowed(document) == {
        **dict.fromkeys(OWN_ACCOUNT | ORGANIZATION | {"iam:ListOrganizationsFeatures"}, "*"),
        "sts:AssumeRoot": f"arn:{partition}:iam::*:root",
    }
    conditions = {one["Sid"]: one["Condition"] for one in statements(document) if "Condition" in one}
    task = f"arn:{partition}:iam::aws:policy/root-task/IAMAuditRootUserCredentials"
    assert conditions == {"OpenRootSessionsThatAudit": {"ArnEquals": {"sts:TaskPolicyArn": task}}}


@pytest.mark.parametrize("partition", PARTITIONS_TRIED)
def test_the_one_role_is_assumed(partition: str) -> None:
    document = identity_policy(replace(ROLE, partition=partition, role_name="Auditor"))
    assert allowed(document) == {
        **dict.fromkeys(OWN_ACCOUNT | ORGANIZATION, "*"),
        "sts:AssumeRole": f"arn:{partition}:iam::*:role/Auditor",
    }


def test_every_call_to_organizations_is_allowed() -> None:
    """A call that the sweep learns to make is missing here until the policy allows it."""
    asked = set(re.findall(r'"(organizations:\w+)"', Path(rootsweep.aws.organizations.__file__).read_text(encoding="utf-8")))
    assert asked
    for setup in (ROOT_SESSION, ROLE):
        assert asked <= set(allowed(identity_policy(setup)))


@pytest.mark.parametrize("access", [Access.ROOT, Access.FILES])
def test_other_ways_have_no_policy(access: Access) -> None:
    with pytest.raises(ValueError, match=access.value):
        identity_policy(Setup(access))


def test_the_role_reads_its_account_alone() -> None:
    assert allowed(role_policy()) == dict.fromkeys(OWN_ACCOUNT, "*")


@pytest.mark.parametrize("partition", PARTITIONS_TRIED)
def test_the_role_trusts_the_auditing_account(partition: str) -> None:
    (one,) = statements(trust_policy(replace(ROLE, partition=partition)))
    assert one["Principal"] == {"AWS": f"arn:{partition}:iam::{TRUSTED}:root"}
    assert (one["Effect"], one["Action"]) == ("Allow", "sts:AssumeRole")
    assert one.keys().isdisjoint({"Condition", "Resource"})


def test_the_role_asks_for_the_external_id() -> None:
    (one,) = statements(trust_policy(ODD_ROLE))
    assert one["Condition"] == {"StringEquals": {"sts:ExternalId": ODD_ROLE.external_id}}


def test_a_role_that_trusts_nobody_is_refused() -> None:
    with pytest.raises(UsageError, match="has to trust the account"):
        trust_policy(Setup(Access.ROLE))


def test_a_service_control_policy_spares_root_sessions() -> None:
    (one,) = statements(deny_root_but_root_sessions())
    assert one["Effect"] == "Deny"
    assert one["Condition"]["Null"] == {"aws:AssumedRoot": "true"}
    assert one["Condition"]["ArnLike"] == {"aws:PrincipalArn": "arn:*:iam::*:root"}


def test_the_partitions_are_those_of_the_sdk_each_with_its_region() -> None:
    session = botocore.session.Session()
    assert set(HOME_REGIONS) == set(session.get_available_partitions())
    for partition, region in HOME_REGIONS.items():
        assert session.get_partition_for_region(region) == partition


@pytest.mark.parametrize(("partition", "words"), [("aws-cn", "no root user"), ("aws-us-gov", "no centralized root access")])
def test_partitions_without_root_sessions_are_refused_for_them_alone(partition: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        check_root_sessions(replace(ROOT_SESSION, partition=partition))
    check_root_sessions(replace(ROLE, partition=partition))


def test_partitions_of_which_little_is_known_are_remarked_on() -> None:
    told = {partition: remark(replace(ROOT_SESSION, partition=partition)) for partition in PARTITIONS_TRIED}
    assert told["aws"] is None
    assert "--access role" in str(told["aws-eusc"])
    assert "NOT_APPLICABLE" in str(remark(replace(ROLE, partition="aws-cn")))
    assert remark(replace(ROLE, partition="aws-us-gov")) is None


@pytest.mark.parametrize("setup", [OWN, ROOT_SESSION, ROLE, ODD_ROLE], ids=lambda setup: f"{setup.access}-{setup.partition}")
def test_the_linters_find_nothing_in_the_policies(setup: Setup) -> None:
    document = identity_policy(setup)
    assert lint_policy(document) == []
    assert check_words(document) == []


@pytest.mark.parametrize("setup", [ROLE, ODD_ROLE], ids=lambda setup: str(setup.partition))
def test_the_linters_find_nothing_in_the_role_s_policies(setup: Setup) -> None:
    assert lint_policy(trust_policy(setup), "AWS::IAM::Role", "AssumeRolePolicyDocument") == []
    assert check_words(trust_policy(setup)) == []
    assert lint_policy(role_policy()) == []
    assert check_words(role_policy()) == []


def test_the_linter_finds_nothing_in_the_service_control_policy() -> None:
    assert lint_policy(deny_root_but_root_sessions(), "AWS::Organizations::Policy", "Content") == []


@pytest.mark.parametrize(
    ("element", "value", "words"),
    [
        ("Action", "sts:AssumeRooot", "no action sts:AssumeRooot"),
        ("Resource", "*", "sts:AssumeRoot does not act on *"),
        ("Resource", "arn:aws:iam::*:role/x", "sts:AssumeRoot does not act on arn:aws:iam::*:role/x"),
        ("Condition", {"ArnEquals": {"sts:TaskArn": "x"}}, "sts:AssumeRoot has no condition key sts:TaskArn"),
        ("Condition", {"StringEquals": {"sts:TaskPolicyArn": "x"}}, "StringEquals does not compare sts:TaskPolicyArn"),
    ],
)
def test_wrong_words_would_be_found(element: str, value: object, words: str) -> None:
    first, *_ = statements(identity_policy(ROOT_SESSION))
    (problem,) = check_words({"Statement": [first | {element: value}]})
    assert words in problem


@pytest.mark.parametrize(("element", "value"), [("Action", "iam:GetAcountSummary"), ("Efect", "Allow"), ("Effect", "Permit")])
def test_a_wrong_form_would_be_found(element: str, value: object) -> None:
    (one,) = statements(role_policy())
    assert lint_policy({"Version": "2012-10-17", "Statement": [one | {element: value}]})
