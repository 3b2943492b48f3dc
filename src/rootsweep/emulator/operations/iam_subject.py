"""Whose keys a call is about: those of the user it names, else the caller's own."""

from dataclasses import dataclass

from rootsweep.emulator.access.callers import RoleCaller, UserCaller, user_arn
from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.operations.call import Call
from rootsweep.emulator.state.account import Keys, User
from rootsweep.emulator.state.eventual import Eventual


@dataclass(frozen=True, slots=True)
class Subject:
    """An IAM user, or the root user where ``user`` is None; and its keys."""

    user: User | None
    keys: Eventual[Keys]


def subject_resource(call: Call) -> str:
    """Name the subject as a resource.

    The task policies' resource is the root user's ARN, so a named user is out of their reach.
    Assumption: a role that names no user is denied on ``*``.
    """
    name = call.parameters.get("UserName")
    if name is None and isinstance(call.caller, RoleCaller):
        return "*"
    if name is None and not isinstance(call.caller, UserCaller):
        return call.account.root_arn
    return user_arn(call.account, name or _own_name(call))


def subject_of(call: Call) -> Subject:
    """Find the subject of a call.

    IAM API reference, ListAccessKeys: without a name it is determined from the access key that signed the request.

    Raises:
        ServiceError: NoSuchEntity, or ValidationError for a role that names no user.
    """
    name = call.parameters.get("UserName")
    if name is None and isinstance(call.caller, RoleCaller):
        raise ServiceError("ValidationError", "Must specify userName when calling with non-User credentials")
    if name is None and not isinstance(call.caller, UserCaller):
        return Subject(None, call.account.root.keys)
    user = call.account.user(name or _own_name(call))
    if user is None:
        raise ServiceError("NoSuchEntity", f"The user with name {name} cannot be found.")
    return Subject(user, user.keys)


def _own_name(call: Call) -> str:
    return call.caller.user.name if isinstance(call.caller, UserCaller) else ""
