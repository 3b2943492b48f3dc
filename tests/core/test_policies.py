"""The policies for removing keys and for quarantining them allow what these commands ask, on what they ask it of."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import rootsweep.aws.policies
from rootsweep.core.policies import (
    Purpose,
    as_lines,
    check_purpose,
    deny_root_but_root_sessions,
    exempting,
    open_root_sessions,
    removal_policy,
    role_policy,
    statement_lines,
)
from rootsweep.errors import UsageError
from rootsweep.remediation.on_aws.policies import ACTIONS
from rootsweep_emulator import Emulator
from tests.core.coverage.policy_linter import check_words, lint_policy
from tests.emulator.clients import client

REMOVING = [Purpose.APPLY, Purpose.QUARANTINE]
POLICIES = "arn:aws:organizations::*:policy/o-*/service_control_policy/*"
ACCOUNTS = "arn:aws:organizations::*:account/o-*/*"
SCP = "SERVICE_CONTROL_POLICY"


def first_statement(purpose: Purpose) -> dict[str, Any]:
    return statements(purpose)[0]


def statements(purpose: Purpose, partition: str = "aws") -> list[dict[str, Any]]:
    document: Any = removal_policy(purpose, partition)
    return list(document["Statement"])


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def actions_of(purpose: Purpose) -> set[str]:
    return {action for statement in statements(purpose) for action in listed(statement["Action"])}


def resources_of_quarantine() -> dict[str, list[str]]:
    """Map each action to the resources that it is allowed on."""
    found: dict[str, list[str]] = {}
    for statement in statements(Purpose.QUARANTINE):
        for action in listed(statement["Action"]):
            assert action not in found
            found[action] = listed(statement["Resource"])
    return found


def test_applying_opens_root_sessions_for_two_tasks_and_nothing_else() -> None:
    assert actions_of(Purpose.APPLY) == {"sts:AssumeRoot", "organizations:DescribeOrganization"}
    sessions = first_statement(Purpose.APPLY)
    assert sessions["Resource"] == "arn:aws:iam::*:root"
    assert sessions["Condition"] == {
        "ArnEquals": {
            "sts:TaskPolicyArn": [
                "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials",
                "arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials",
            ]
        }
    }


def test_quarantining_acts_on_service_control_policies_and_accounts_alone() -> None:
    assert resources_of_quarantine() == {
        "organizations:AttachPolicy": [POLICIES, ACCOUNTS],
        "organizations:CreatePolicy": [POLICIES],
        "organizations:DeletePolicy": [POLICIES],
        "organizations:DescribeOrganization": ["*"],
        "organizations:DescribePolicy": [POLICIES],
        "organizations:DetachPolicy": [POLICIES, ACCOUNTS],
        "organizations:ListPolicies": ["*"],
        "organizations:ListPoliciesForTarget": [ACCOUNTS],
        "organizations:ListRoots": ["*"],
        "organizations:ListTagsForResource": [POLICIES],
        "organizations:ListTargetsForPolicy": [POLICIES],
        "organizations:TagResource": [POLICIES],
    }


def test_what_an_arn_does_not_bind_the_type_of_policy_does() -> None:
    conditions = {"StringEquals": {"organizations:PolicyType": SCP}}
    for statement in statements(Purpose.QUARANTINE):
        on_policies_alone = listed(statement["Resource"]) == [POLICIES]
        tells_organization = statement["Sid"] == "TellOrganization"
        assert on_policies_alone or tells_organization or statement["Condition"] == conditions


def test_quarantining_is_allowed_every_call_that_it_makes() -> None:
    """A call that the quarantine learns to make is missing here until the policy allows it."""
    source = Path(str(rootsweep.aws.policies.__file__)).read_text(encoding="utf-8")
    asked = {*re.findall(r'"(organizations:\w+)"', source), *ACTIONS, "organizations:DescribeOrganization"}
    assert asked == actions_of(Purpose.QUARANTINE)


def test_the_resources_are_those_of_an_organization(organization: Emulator) -> None:
    """AWS Organizations' own ARNs of a policy and an account fit; those of the root and of a managed policy do not."""
    organization.control.set_service_control_policies("management", enabled=True)
    asked = client(organization, "organizations", "management")
    content = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'
    made = asked.create_policy(Name="a", Description="", Type=SCP, Content=content)["Policy"]["PolicySummary"]
    account = asked.list_accounts()["Accounts"][0]
    (managed,) = [one for one in asked.list_policies(Filter=SCP)["Policies"] if one["AwsManaged"]]
    fit = [made["Arn"], account["Arn"]]
    others = [managed["Arn"], asked.list_roots()["Roots"][0]["Arn"]]
    patterns = [re.escape(one).replace(r"\*", ".*") for one in resources_of_quarantine()["organizations:AttachPolicy"]]
    assert [arn for arn in fit + others if any(re.fullmatch(pattern, arn) for pattern in patterns)] == fit


@pytest.mark.parametrize("purpose", REMOVING)
@pytest.mark.parametrize("partition", ["aws", "aws-us-gov"])
def test_the_linters_find_nothing(purpose: Purpose, partition: str) -> None:
    document = removal_policy(purpose, partition)
    assert lint_policy(document) == []
    assert check_words(document) == []
    assert str(document).count("arn:") == str(document).count(f"arn:{partition}:")


@pytest.mark.parametrize(
    ("resources", "words"),
    [
        ([ACCOUNTS], f"organizations:AttachPolicy does not act on {ACCOUNTS}"),
        (["*"], "organizations:AttachPolicy does not act on *"),
        ([POLICIES, ACCOUNTS, "*"], "no action acts on *"),
        ([POLICIES, "arn:aws:iam::*:root"], "no action acts on arn:aws:iam::*:root"),
    ],
)
def test_wrong_resources_would_be_found(resources: list[str], words: str) -> None:
    statement = {"Effect": "Allow", "Action": "organizations:AttachPolicy", "Resource": resources}
    assert check_words({"Statement": [statement]}) == [words]


@pytest.mark.parametrize(
    ("purpose", "partition", "words"),
    [
        (Purpose.APPLY, "aws-cn", "no root user, hence no root keys to remove"),
        (Purpose.QUARANTINE, "aws-cn", "no root user, hence no root keys to quarantine"),
        (Purpose.APPLY, "aws-us-gov", "no centralized root access that deletes credentials"),
    ],
)
def test_partitions_in_which_it_cannot_be_done_are_refused(purpose: Purpose, partition: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        check_purpose(purpose, partition)


@pytest.mark.parametrize(
    ("purpose", "partition"),
    [(Purpose.AUDIT, "aws-cn"), (Purpose.QUARANTINE, "aws-us-gov"), (Purpose.APPLY, "aws-eusc")],
)
def test_others_are_not(purpose: Purpose, partition: str) -> None:
    check_purpose(purpose, partition)


def test_auditing_has_a_policy_of_its_own() -> None:
    with pytest.raises(ValueError, match="audit"):
        removal_policy(Purpose.AUDIT, "aws")


@pytest.mark.parametrize(
    "document", [deny_root_but_root_sessions(), role_policy(), exempting("a" * 30, "b" * 30), exempting("c")]
)
@pytest.mark.parametrize("room", [40, 74, 200])
def test_a_document_is_the_same_however_narrow_it_is_written(document: dict[str, object], room: int) -> None:
    lines = as_lines(document, room=room)
    assert json.loads("".join(lines)) == document
    longest = max(len(word) for line in lines for word in line.split('": '))
    assert all(len(line) <= max(room, longest + 8) for line in lines)


def test_a_statement_is_written_for_a_policy_of_somebody_else() -> None:
    lines = statement_lines(open_root_sessions("aws"))
    assert lines[4] == '  "Condition": {"ArnEquals": {"sts:TaskPolicyArn":'
    loaded = json.loads("".join(lines))
    assert loaded == {name: value for name, value in open_root_sessions("aws").items() if name != "Sid"}
