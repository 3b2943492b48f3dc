"""Whether a caller may do something.

IAM User Guide, "Policy evaluation logic": an explicit deny first, whether of a service control policy or of a session policy,
then whether an identity-based policy allows. Organizations User Guide, "SCP evaluation": an action is denied where any policy
from the root down to the account denies it, and where at any of these levels none of the attached policies allows it; the
management account is not affected. Assumption: where service control policies do not allow and a session policy denies, the
message names the former. The texts are those of the IAM User Guide, "Troubleshoot access denied error messages".
"""

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Final, Literal, assert_never

from rootsweep_emulator.access.callers import (
    Caller,
    RoleCaller,
    RootKeyCaller,
    RootSessionCaller,
    UserCaller,
    arn_of,
    role_arn,
    user_arn,
)
from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.state.account import ServiceControlDeny
from rootsweep_emulator.state.organization import Organization
from rootsweep_emulator.state.policy_document import Condition, Statement, arn_like, like, matches_action
from rootsweep_emulator.state.world import World


def authorize(world: World, caller: Caller, action: str, resource: str) -> None:
    """Check an action, such as ``iam:GetUser``, on a resource as AWS's messages name it.

    Raises:
        ServiceError: AccessDenied, saying which policy denied.
    """
    _check_service_control(world, caller, action, resource)
    match caller:
        case RootKeyCaller():
            return
        case RootSessionCaller(account, task):
            aimed_at_root = resource == account.root_arn or action in task.on_any_resource
            if action not in task.actions or not aimed_at_root:
                raise _denied(caller, action, resource, "with an explicit deny in a session policy")
        case UserCaller(_, user):
            _check_identity_policy(user.actions, caller, action, resource)
        case RoleCaller(_, role):
            _check_identity_policy(role.actions, caller, action, resource)
        case unknown:
            assert_never(unknown)


def not_authorized(caller: Caller, action: str, resource: str) -> ServiceError:
    """Return the denial that does not say why, as STS words it for what a trust or an organization does not allow."""
    return _denied(caller, action, resource, "")


def denied_by_identity_policy(caller: Caller, action: str, resource: str) -> ServiceError:
    """Return the denial of a caller that no identity-based policy allows the action."""
    return _denied(caller, action, resource, f"because no identity-based policy allows the {action} action")


def denied_by_service_control_policy(caller: Caller, action: str, resource: str) -> ServiceError:
    """Return the denial of a caller that a service control policy explicitly denies the action."""
    return _denied(caller, action, resource, "with an explicit deny in a service control policy")


def _denied(caller: Caller, action: str, resource: str, reason: str) -> ServiceError:
    text = f"User: {arn_of(caller)} is not authorized to perform: {action} on resource: {resource} {reason}".rstrip()
    return ServiceError("AccessDenied", text)


def _check_identity_policy(allowed: tuple[str, ...], caller: Caller, action: str, resource: str) -> None:
    if not _matches(allowed, action):
        raise denied_by_identity_policy(caller, action, resource)


def _matches(patterns: tuple[str, ...], action: str) -> bool:
    return any(pattern == "*" or fnmatchcase(action, pattern) for pattern in patterns)


def _check_service_control(world: World, caller: Caller, action: str, resource: str) -> None:
    """Service control policies do not bind the management account (Organizations User Guide, "Service control policies")."""
    account = caller.account
    organization = world.organization_of(account)
    if organization is None or organization.management_account_id == account.id:
        return
    denies = account.service_control_denies
    if denies and any(_binds(deny, caller) and _matches(deny.actions, action) for deny in denies):
        raise denied_by_service_control_policy(caller, action, resource)
    if not organization.service_control.attachments:
        return
    match service_control_denial(organization, caller, action):
        case "explicit":
            raise denied_by_service_control_policy(caller, action, resource)
        case "implicit":
            raise _denied(caller, action, resource, f"because no service control policy allows the {action} action")
        case None:
            return
        case unknown:
            assert_never(unknown)


def _binds(deny: ServiceControlDeny, caller: Caller) -> bool:
    match caller:
        case RootSessionCaller():
            return not deny.exempts_root_sessions
        case RootKeyCaller():
            return True
        case UserCaller() | RoleCaller():
            return not deny.root_only
        case unknown:
            assert_never(unknown)


Denial = Literal["explicit", "implicit"]

_COMPARISONS: Final[dict[str, Callable[[str, str], bool]]] = {
    "StringEquals": lambda pattern, value: pattern == value,
    "StringLike": like,
    "ArnEquals": arn_like,  # IAM User Guide: "ArnEquals and ArnLike behave identically"
    "ArnLike": arn_like,
    "Bool": lambda pattern, value: pattern.lower() == value.lower(),
}


def service_control_denial(organization: Organization, caller: Caller, action: str) -> Denial | None:
    """Return how the policies that bind the caller's account deny an action; None where they let it pass."""
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
    """Return whether a condition holds; negated operators hold for an absent key (IAM User Guide, "Condition operators")."""
    value = context.get(condition.key)
    if condition.operator == "Null":
        return (value is None) == (condition.values[0].lower() == "true")
    operator = condition.operator.replace("Not", "")
    if value is None:
        return condition.if_exists or operator != condition.operator
    is_like = any(_COMPARISONS[operator](pattern, value) for pattern in condition.values)
    return is_like != (operator != condition.operator)


def _context(caller: Caller) -> dict[str, str]:
    """Return the condition keys of a call.

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
