"""The calls of AWS Security Token Service (STS API reference)."""

from dataclasses import dataclass

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.call import Response, ask
from rootsweep.aws.partitions import partition_of_arn
from rootsweep.aws.session import Session


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
