"""Whether service control policies let a call pass.

Organizations User Guide, "SCP evaluation": an action is denied where any policy from the root down to the account denies it,
and where at any of these levels none of the attached policies allows it. The management account is not affected.
"""

from collections.abc import Callable
from typing import Final, Literal, assert_never

from rootsweep.emulator.access.callers import (
    Caller,
    RoleCaller,
    RootKeyCaller,
    RootSessionCaller,
    UserCaller,
    role_arn,
    user_arn,
)
from rootsweep.emulator.access.patterns import arn_like, like, matches_action
from rootsweep.emulator.state.organization import Organization
from rootsweep.emulator.state.policy_document import Condition, Statement

Denial = Literal["explicit", "implicit"]

_COMPARISONS: Final[dict[str, Callable[[str, str], bool]]] = {
    "StringEquals": lambda pattern, value: pattern == value,
    "StringLike": like,
    "ArnEquals": arn_like,  # IAM User Guide: "ArnEquals and ArnLike behave identically"
    "ArnLike": arn_like,
    "Bool": lambda pattern, value: pattern.lower() == value.lower(),
}


def service_control_denial(organization: Organization, caller: Caller, action: str) -> Denial | None:
    """Tell how the policies that bind the caller's account deny an action; None where they let it pass."""
    service_control = organization.service_control
    context = _context(caller)
    is_allowed_everywhere = True
    for node in organization.path(caller.account):
        policies = [service_control.policy(policy_id) for policy_id in service_control.attached(node)]
        applying = [
            statement.allows
            for policy in policies
            if policy is not None
            for statement in policy.statements
            if _applies(statement, action, context)
        ]
        if not all(applying):
            return "explicit"
        is_allowed_everywhere = is_allowed_everywhere and bool(applying)
    return None if is_allowed_everywhere else "implicit"


def _applies(statement: Statement, action: str, context: dict[str, str]) -> bool:
    return matches_action(statement.actions, action) != statement.inverted and all(
        _holds(condition, context) for condition in statement.conditions
    )


def _holds(condition: Condition, context: dict[str, str]) -> bool:
    """Tell whether a condition holds; where the key is absent, negated operators do (IAM User Guide, "Condition operators")."""
    value = context.get(condition.key)
    if condition.operator == "Null":
        return (value is None) == (condition.values[0].lower() == "true")
    operator = condition.operator.replace("Not", "")
    if value is None:
        return condition.if_exists or operator != condition.operator
    is_like = any(_COMPARISONS[operator](pattern, value) for pattern in condition.values)
    return is_like != (operator != condition.operator)


def _context(caller: Caller) -> dict[str, str]:
    """Give the condition keys of a call.

    IAM User Guide, "AWS global condition context keys": aws:PrincipalArn of a role's session is the role's ARN; aws:AssumedRoot
    is there in root sessions alone (AWS Control Tower, AWS-GR_RESTRICT_ROOT_USER, parameter ExemptAssumeRoot).
    """
    account = caller.account
    context = {"aws:principalaccount": account.id}
    match caller:
        case RootKeyCaller():
            return context | {"aws:principalarn": account.root_arn}
        case RootSessionCaller():
            return context | {"aws:principalarn": account.root_arn, "aws:assumedroot": "true"}
        case UserCaller(_, user):
            return context | {"aws:principalarn": user_arn(account, user.name)}
        case RoleCaller(_, role):
            return context | {"aws:principalarn": role_arn(account, role.name)}
        case unknown:
            assert_never(unknown)
