"""The calls of AWS Security Token Service (STS API reference)."""

from dataclasses import dataclass, replace
from typing import Final

from rootsweep.aws.call import Response, ask
from rootsweep.aws.credentials import SessionCredentials
from rootsweep.aws.refusals import denied_on
from rootsweep.aws.session import AccountAccess, Session, partition_of_arn
from rootsweep.aws.session_account import Role, RootUser, refusal_of_session
from rootsweep.core.answer import Answer, Refusal

AUDIT_TASK: Final = "IAMAuditRootUserCredentials"
"""The task policy that denies everything but reading the root user's credentials (AWS managed policy reference)."""

DELETE_TASK: Final = "IAMDeleteRootUserCredentials"
"""The task policy that also leaves deleting the root user's credentials undenied; it permits no account summary (the same)."""

SESSION_NAME: Final = "rootsweep-audit"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the account (12 digits), the ARN, and the partition that the ARN names."""

    account_id: str
    arn: str
    partition: str

    @property
    def is_root(self) -> bool:
        """Whether the caller is the account's root user, by a key or by a session."""
        return self.arn.endswith(":root")


def get_caller_identity(session: Session, access: AccountAccess) -> Answer[Caller] | Refusal:
    """Ask who calls; no policy can deny it (GetCallerIdentity)."""
    return ask(session, access, "sts:GetCallerIdentity", lambda sts: sts.get_caller_identity(), _caller)


def _caller(response: Response) -> Caller:
    account_id, arn = response["Account"], response["Arn"]
    partition = partition_of_arn(arn)
    if partition is None or len(account_id) != 12:  # noqa: PLR2004  an account id has 12 digits
        raise ValueError(arn)
    return Caller(account_id, arn, partition)


def assume_root(
    session: Session, access: AccountAccess, account_id: str, partition: str, task: str = AUDIT_TASK
) -> Answer[SessionCredentials] | Refusal:
    """Open a root session in a member account for one task, which permits what its policy names and nothing else (AssumeRoot).

    Only Regional endpoints know the operation; the session lasts 15 minutes, as long as AWS allows. A session that is not of
    the account's root user is refused (``aws/session_account.py``).
    """
    policy = f"arn:{partition}:iam::aws:policy/root-task/{task}"
    opened = ask(
        session,
        access,
        "sts:AssumeRoot",
        lambda sts: sts.assume_root(TargetPrincipal=account_id, TaskPolicyArn={"arn": policy}),
        _session_credentials,
    )
    root = RootUser(account_id, partition)
    if isinstance(opened, Refusal):
        return denied_on(opened, root.arn)
    return opened if root.is_confirmed_by(opened.value.access_key_id) else _decided_by_caller(session, access, opened, root)


def assume_role(
    session: Session, access: AccountAccess, role: Role, external_id: str | None
) -> Answer[SessionCredentials] | Refusal:
    """Start a session of a role (AssumeRole), named after rootsweep so that CloudTrail tells it.

    A session that is not of the role's account is refused (``aws/session_account.py``).
    """
    further = {} if external_id is None else {"ExternalId": external_id}
    assumed = ask(
        session,
        access,
        "sts:AssumeRole",
        lambda sts: sts.assume_role(RoleArn=role.arn, RoleSessionName=SESSION_NAME, **further),
        lambda response: (_session_credentials(response), str(response.get("AssumedRoleUser", {}).get("Arn"))),
    )
    if isinstance(assumed, Refusal):
        return denied_on(assumed, role.arn)
    credentials, arn = assumed.value
    opened = Answer(credentials, assumed.origin)
    return opened if role.is_confirmed_by(credentials.access_key_id, arn) else _decided_by_caller(session, access, opened, role)


def _session_credentials(response: Response) -> SessionCredentials:
    keys = response["Credentials"]
    return SessionCredentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


def _decided_by_caller(
    session: Session, access: AccountAccess, opened: Answer[SessionCredentials], owner: RootUser | Role
) -> Answer[SessionCredentials] | Refusal:
    """Ask the session itself whose it is; where it does not tell, it is not used."""
    match get_caller_identity(session, replace(access, credentials=opened.value)):
        case Refusal() as refusal:
            return refusal
        case Answer(value=caller) if owner.is_caller(caller.account_id, caller.arn):
            return opened
        case Answer(value=caller):
            return refusal_of_session(caller.arn, owner.account_id, opened.origin)
