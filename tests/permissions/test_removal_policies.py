from typing import Any

import pytest

from rootsweep.permissions.removal_policies import Purpose, removal_policy
from tests.permissions.policy_linter import check_words, lint_policy

REMOVING = [Purpose.APPLY, Purpose.QUARANTINE]


def first_statement(purpose: Purpose) -> dict[str, Any]:
    document: Any = removal_policy(purpose, "aws")
    found: dict[str, Any] = document["Statement"][0]
    return found


def actions_of(purpose: Purpose) -> set[str]:
    statements = removal_policy(purpose, "aws")["Statement"]
    assert isinstance(statements, list)
    actions = [statement["Action"] for statement in statements]
    return {action for one in actions for action in ([one] if isinstance(one, str) else one)}


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


def test_quarantining_touches_service_control_policies_alone() -> None:
    assert all(action.startswith("organizations:") for action in actions_of(Purpose.QUARANTINE))
    policies = first_statement(Purpose.QUARANTINE)
    assert policies["Condition"] == {"StringEquals": {"organizations:PolicyType": "SERVICE_CONTROL_POLICY"}}


@pytest.mark.parametrize("purpose", REMOVING)
@pytest.mark.parametrize("partition", ["aws", "aws-us-gov"])
def test_the_linters_find_nothing(purpose: Purpose, partition: str) -> None:
    document = removal_policy(purpose, partition)
    assert lint_policy(document) == []
    # All resources are meant: which accounts a plan names is not known beforehand.
    assert [problem for problem in check_words(document) if not problem.endswith("does not act on *")] == []


def test_auditing_has_a_policy_of_its_own() -> None:
    with pytest.raises(ValueError, match="audit"):
        removal_policy(Purpose.AUDIT, "aws")
