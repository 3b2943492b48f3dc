"""GetCallerIdentity, AssumeRole, AssumeRoot (STS API reference)."""

import math
from dataclasses import replace
from typing import Final

from rootsweep_emulator.access.authorization import not_authorized
from rootsweep_emulator.access.callers import RoleCaller, RootKeyCaller, RootSessionCaller, arn_of, session_arn, user_id_of
from rootsweep_emulator.access.signature import Session, seal, secret_of
from rootsweep_emulator.access.task_policies import TaskPolicy, task_policy_of
from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.call import Answer, Call, moment
from rootsweep_emulator.state.account import Account, Role
from rootsweep_emulator.state.identifiers import old_id, unique_id
from rootsweep_emulator.state.organization import IAM_PRINCIPAL

_DEFAULT_ROLE_SECONDS: Final = 3600
_DEFAULT_ROOT_SECONDS: Final = 900
_CHAINED_SECONDS: Final = 3600
_ARN_PARTS: Final = 6


def get_caller_identity(call: Call) -> Answer:
    """Tell who calls; no policy can deny it."""
    return {"UserId": user_id_of(call.caller), "Account": call.account.id, "Arn": arn_of(call.caller)}


def role_resource(call: Call) -> str:
    """Name the role of AssumeRole."""
    name: str = call.parameters["RoleArn"]
    return name


def role_account(call: Call) -> str:
    """Return the account id in the role's ARN; empty when it holds none."""
    parts = str(call.parameters.get("RoleArn", "")).split(":")
    return parts[4] if len(parts) == _ARN_PARTS else ""


def assume_role(call: Call) -> Answer:
    """Start a session of a role that trusts the caller.

    The denial is the same for a role that does not exist, does not trust the caller, or wants another external id.
    """
    if isinstance(call.caller, RootKeyCaller | RootSessionCaller):
        raise ServiceError("AccessDenied", "Roles may not be assumed by root accounts.")
    arn = role_resource(call)
    account = call.world.accounts.get(role_account(call))
    role = account.role(arn.rpartition("/")[2]) if account is not None else None
    if account is None or role is None or not _may_assume(call, account, role, arn):
        raise not_authorized(call.caller, call.action, arn)
    seconds = call.parameters.get("DurationSeconds", min(_DEFAULT_ROLE_SECONDS, role.max_session_seconds))
    _check_role_seconds(call, role, seconds)
    name = call.parameters["RoleSessionName"]
    now = math.floor(call.now)
    session = Session(_temporary_key(call, account), account.id, now + seconds, role.name, name, issued_at=now)
    return {"Credentials": _credentials(call, session), "AssumedRoleUser": _assumed_role_user(account, role, name)}


def _assumed_role_user(account: Account, role: Role, session_name: str) -> Answer:
    return {
        "AssumedRoleId": user_id_of(RoleCaller(account, role, session_name)),
        "Arn": session_arn(account, role, session_name),
    }


def _may_assume(call: Call, account: Account, role: Role, arn: str) -> bool:
    caller = call.account
    trusted = {caller.id, f"arn:{caller.partition}:iam::{caller.id}:root", arn_of(call.caller)}
    return (
        account.state == "ACTIVE"
        and arn.split(":")[1] == account.partition == caller.partition
        and not trusted.isdisjoint(role.trusts)
        and role.external_id in {None, call.parameters.get("ExternalId")}
    )


def _check_role_seconds(call: Call, role: Role, seconds: int) -> None:
    """Refuse what is longer than the role, or a session of a session, may last (STS API reference, AssumeRole)."""
    if isinstance(call.caller, RoleCaller) and seconds > _CHAINED_SECONDS:
        raise ServiceError(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        )
    if seconds > role.max_session_seconds:
        raise ServiceError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")


def target_account(call: Call) -> str:
    """Return the account id of AssumeRoot's target, which is an id or a root user's ARN; empty when it is neither."""
    target = str(call.parameters.get("TargetPrincipal", ""))
    parts = target.split(":")
    is_arn = len(parts) == _ARN_PARTS and parts[2:4] == ["iam", ""] and parts[5] == "root"
    name = parts[4] if is_arn and parts[1] == call.account.partition else target
    return name if len(name) == 12 and name.isdigit() else ""  # noqa: PLR2004  an account id has 12 digits


def root_resource(call: Call) -> str:
    """Name the root user of AssumeRoot's target, once it is known that there can be one.

    Only Regional endpoints know the operation. Assumption: China's, a partition without root users, answers as the global one.

    Raises:
        ServiceError: InvalidAction or ValidationError, which AWS answers before it looks at permissions.
    """
    if call.host.partition(":")[0] == "sts.amazonaws.com" or call.account.partition == "aws-cn":
        raise ServiceError("InvalidAction", "Unknown Operation")
    target = target_account(call)
    if not target:
        raise ServiceError("ValidationError", "Request must contain a valid target principal")
    return f"arn:{call.account.partition}:iam::{target}:root"


def assume_root(call: Call) -> Answer:
    """Start a session of a member account's root user for one task.

    Codes, texts and their order as captured AWS answers give them (commercial partition, September 2026).
    """
    task = call.parameters["TaskPolicyArn"].get("arn")
    policy = task_policy_of(task or "", call.account.partition)
    if policy is None:
        raise ServiceError("ValidationError", "Request must contain valid AWS managed task policy ARN")
    target = _permitted_target(call, policy)
    seconds = call.parameters.get("DurationSeconds", _DEFAULT_ROOT_SECONDS)
    now = math.floor(call.now)
    session = Session(_temporary_key(call, target), target.id, now + seconds, task=policy.name, issued_at=now)
    return {"Credentials": _credentials(call, session)}


def _permitted_target(call: Call, policy: TaskPolicy) -> Account:
    """Check delegation, trusted access, the feature and the target, in this order (Assumption: the order)."""
    organization = call.world.organization_of(call.account)
    if organization is None or isinstance(call.caller, RootKeyCaller | RootSessionCaller):
        raise not_authorized(call.caller, call.action, root_resource(call))
    is_management = organization.management_account_id == call.account.id
    if not is_management and not organization.is_delegate(call.account.id, call.now, IAM_PRINCIPAL):
        raise not_authorized(call.caller, call.action, root_resource(call))
    if IAM_PRINCIPAL not in organization.trusted_access.seen(call.now):
        raise ServiceError("AccessDenied", "Service not enabled for AWS Organizations.")
    if policy.feature not in organization.features.seen(call.now):
        feature = "Root credentials management" if policy.feature == "RootCredentialsManagement" else "Root sessions"
        raise ServiceError("AccessDenied", f"{feature} feature is not enabled for your AWS Organization.")
    # Assumption: an account that is not ACTIVE is denied as one of another organization is.
    target = call.world.accounts.get(target_account(call))
    if target is None or target.organization_id != organization.id or target.state != "ACTIVE":
        raise not_authorized(call.caller, call.action, root_resource(call))
    if target.id == organization.management_account_id:
        raise not_authorized(call.caller, call.action, root_resource(call))
    return target


def session_in(call: Call, account: Account, opened: Session, *, is_old: bool = False) -> Answer:
    """Answer with a session of another account that does what the opened one does: the same task, a role of the same name.

    Args:
        call: AssumeRole or AssumeRoot, which opened a session.
        account: the other account.
        opened: the session that was opened.
        is_old: the key id is of the old generation, which encodes no account.
    """
    key_id = old_id("ASIA", call.world.seed, next(call.world.serials)) if is_old else _temporary_key(call, account)
    session = replace(opened, access_key_id=key_id, account_id=account.id, role_account_id=opened.account_id)
    answer: Answer = {"Credentials": _credentials(call, session)}
    role = None if opened.role is None else call.world.account(opened.account_id).role(opened.role)
    if role is not None:
        answer["AssumedRoleUser"] = _assumed_role_user(account, role, opened.session_name or "")
    return answer


def _temporary_key(call: Call, account: Account) -> str:
    return unique_id("ASIA", account.id, call.world.seed, next(call.world.serials))


def _credentials(call: Call, session: Session) -> Answer:
    return {
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": secret_of(call.world.seed, session.access_key_id),
        "SessionToken": seal(call.world.seed, session),
        "Expiration": moment(session.expires_at),
    }
