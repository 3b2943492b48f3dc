"""Whether a caller may do something.

IAM User Guide, "Policy evaluation logic": an explicit deny first, whether of a service control policy or of a session policy,
then whether an identity-based policy allows. Assumption: where service control policies do not allow and a session policy
denies, the message names the former. The texts are those of the IAM User Guide, "Troubleshoot access denied error
messages".
"""

from fnmatch import fnmatchcase
from typing import assert_never

from rootsweep.emulator.access.callers import Caller, RoleCaller, RootKeyCaller, RootSessionCaller, UserCaller, arn_of
from rootsweep.emulator.access.service_control import service_control_denial
from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.state.account import ServiceControlDeny
from rootsweep.emulator.state.world import World


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
    """Give the denial that does not say why, as STS words it for what a trust or an organization does not allow."""
    return _denied(caller, action, resource, "")


def denied_by_identity_policy(caller: Caller, action: str, resource: str) -> ServiceError:
    """Give the denial of a caller that no identity-based policy allows the action."""
    return _denied(caller, action, resource, f"because no identity-based policy allows the {action} action")


def denied_by_service_control_policy(caller: Caller, action: str, resource: str) -> ServiceError:
    """Give the denial of a caller that a service control policy explicitly denies the action."""
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
