"""Who made a call."""

from dataclasses import dataclass
from typing import assert_never

from rootsweep_emulator.access.task_policies import TaskPolicy
from rootsweep_emulator.state.account import Account, Role, User
from rootsweep_emulator.state.identifiers import unique_id


@dataclass(frozen=True, slots=True)
class RootKeyCaller:
    """The root user, by a long-term access key, or by a session of its console, which may do as much."""

    account: Account
    key_id: str


@dataclass(frozen=True, slots=True)
class RootSessionCaller:
    """The root user of a member account, by a session of AssumeRoot."""

    account: Account
    task: TaskPolicy
    key_id: str
    issued_at: float


@dataclass(frozen=True, slots=True)
class UserCaller:
    """An IAM user, by a long-term access key."""

    account: Account
    user: User
    key_id: str


@dataclass(frozen=True, slots=True)
class RoleCaller:
    """A role, by a session of AssumeRole."""

    account: Account
    role: Role
    session_name: str
    key_id: str = ""
    issued_at: float = 0.0


Caller = RootKeyCaller | RootSessionCaller | UserCaller | RoleCaller


def user_arn(account: Account, name: str) -> str:
    """Return the ARN of an IAM user."""
    return f"arn:{account.partition}:iam::{account.id}:user/{name}"


def role_arn(account: Account, name: str) -> str:
    """Return the ARN of a role."""
    return f"arn:{account.partition}:iam::{account.id}:role/{name}"


def session_arn(account: Account, role: Role, session_name: str) -> str:
    """Return the ARN of a role's session."""
    return f"arn:{account.partition}:sts::{account.id}:assumed-role/{role.name}/{session_name}"


def arn_of(caller: Caller) -> str:
    """Return the caller's ARN, as GetCallerIdentity does (IAM User Guide, "IAM identifiers")."""
    match caller:
        case RootKeyCaller(account) | RootSessionCaller(account):
            return account.root_arn
        case UserCaller(account, user):
            return user_arn(account, user.name)
        case RoleCaller(account, role, session_name):
            return session_arn(account, role, session_name)
        case unknown:
            assert_never(unknown)


def user_id_of(caller: Caller) -> str:
    """Return the caller's unique id: the root user's is its account's (IAM User Guide, "Policy variables", aws:userid)."""
    match caller:
        case RootKeyCaller(account) | RootSessionCaller(account):
            return account.id
        case UserCaller(account, user):
            return unique_id("AIDA", account.id, user.name)
        case RoleCaller(account, role, session_name):
            return f"{unique_id('AROA', account.id, role.name)}:{session_name}"
        case unknown:
            assert_never(unknown)
