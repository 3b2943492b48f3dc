"""The template is valid, and its role is the one whose policies are shown by themselves."""

import re
from dataclasses import replace
from typing import Any

import pytest
from cfnlint.decode import cfn_yaml  # type: ignore[import-untyped]

from rootsweep.core.evidence import Access
from rootsweep.core.policies import Setup, role_policy, trust_policy
from rootsweep.errors import UsageError
from rootsweep.reports.terminal.stack_set import stack_set_template
from tests.core.coverage.policy_linter import lint_template
from tests.core.coverage.setups import ODD_ROLE, PARTITIONS_TRIED, ROLE

EXTERNAL = replace(ROLE, external_id="1e5")


def resolved(node: Any, values: dict[str, str]) -> Any:
    """Put in what CloudFormation would for references and substitutions."""
    match node:
        case {"Ref": name}:
            return values[name]
        case {"Fn::Sub": text}:
            return re.sub(r"\$\{([\w:]+)\}", lambda found: values[found[1]], text)
        case dict():
            return {str(key): resolved(value, values) for key, value in node.items()}
        case list():
            return [resolved(value, values) for value in node]
        case _:
            return node


def role_of(template: Any, partition: str) -> dict[str, Any]:
    values = {name: parameter["Default"] for name, parameter in template["Parameters"].items()} | {"AWS::Partition": partition}
    (resource,) = template["Resources"].values()
    assert resource["Type"] == "AWS::IAM::Role"
    properties: dict[str, Any] = resolved(resource["Properties"], values)
    return properties


@pytest.mark.parametrize("partition", PARTITIONS_TRIED)
@pytest.mark.parametrize("setup", [ROLE, EXTERNAL, ODD_ROLE], ids=["plain", "external id", "odd"])
def test_it_creates_the_role_that_is_shown(setup: Setup, partition: str) -> None:
    setup = replace(setup, partition=partition)
    role = role_of(cfn_yaml.loads(stack_set_template(setup)), partition)
    assert role["RoleName"] == setup.role_name
    assert role["AssumeRolePolicyDocument"] == trust_policy(setup)
    assert [one["PolicyDocument"] for one in role["Policies"]] == [role_policy()]


@pytest.mark.parametrize("setup", [ROLE, EXTERNAL, ODD_ROLE], ids=["plain", "external id", "odd"])
def test_the_linter_finds_nothing(setup: Setup) -> None:
    assert lint_template(stack_set_template(setup)) == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [("RoleName:", "Name:"), ("iam:GetCredentialReport", "iam:GetCredentialsReport"), ("!Ref ExternalId", "!Ref Id")],
)
def test_the_linter_would_find_a_mistake(good: str, bad: str) -> None:
    template = stack_set_template(EXTERNAL)
    assert good in template
    assert lint_template(template.replace(good, bad))


def test_the_parameters_take_what_they_are_meant_for() -> None:
    for setup in (EXTERNAL, ODD_ROLE):
        for parameter in cfn_yaml.loads(stack_set_template(setup))["Parameters"].values():
            assert isinstance(parameter["Default"], str)
            assert re.fullmatch(parameter["AllowedPattern"], parameter["Default"], re.ASCII)


def test_without_an_external_id_there_is_no_parameter_for_it() -> None:
    assert set(cfn_yaml.loads(stack_set_template(ROLE))["Parameters"]) == {"TrustedAccountId"}


def test_a_role_that_trusts_nobody_is_refused() -> None:
    with pytest.raises(UsageError, match="has to trust the account"):
        stack_set_template(Setup(Access.ROLE))
