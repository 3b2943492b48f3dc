"""Whose a session is: what binds the answers that it signs for to one account.

A proxy, a cache or a bug may hand out the session of another account, whose silence would pass for this account's. So a
session is checked before its first use, in every partition: by its access key id, which holds the account in ids of the new
generation (``core/parsing/access_key_id.py``), and by the ARN in AssumeRole's answer (``AssumedRoleUser``; AssumeRoot's has
none). Where these do not all name the account, GetCallerIdentity, asked by the session itself, decides (STS API reference).
"""

from dataclasses import dataclass
from typing import Final

from rootsweep.aws.session import partition_of_arn
from rootsweep.core.answer import Refusal
from rootsweep.core.evidence import Origin, UnavailableReason
from rootsweep.core.key_answer import KeyKind
from rootsweep.core.parsing.access_key_id import parse_access_key_id

_ADVICE: Final = (
    "check that AWS_ENDPOINT_URL and the proxy lead to AWS, and that nothing on the way caches its answers, then try again"
)


@dataclass(frozen=True, slots=True)
class RootUser:
    """The root user of an account (12 digits), whose session AssumeRoot is asked for."""

    account_id: str
    partition: str

    @property
    def arn(self) -> str:
        """Return the root user's ARN, which its sessions have too."""
        return f"arn:{self.partition}:iam::{self.account_id}:root"

    def is_confirmed_by(self, access_key_id: str) -> bool:
        """Return whether the key id of the session holds the account."""
        return _account_of_session(access_key_id) == self.account_id

    def is_caller(self, account_id: str, arn: str) -> bool:
        """Return whether GetCallerIdentity tells of this root user: an IAM user of the account would list its own keys."""
        return (account_id, arn) == (self.account_id, self.arn)


@dataclass(frozen=True, slots=True)
class Role:
    """A role in an account (12 digits), whose session AssumeRole is asked for; ``name`` may begin with a path."""

    account_id: str
    partition: str
    name: str

    @property
    def arn(self) -> str:
        """Return the role's ARN."""
        return f"arn:{self.partition}:iam::{self.account_id}:role/{self.name}"

    def is_confirmed_by(self, access_key_id: str, assumed_role_arn: str) -> bool:
        """Return whether both the key id of the session and the ARN of ``AssumedRoleUser`` hold the account."""
        is_of_arn = assumed_role_arn.startswith(f"arn:{self.partition}:sts::{self.account_id}:assumed-role/")
        return is_of_arn and _account_of_session(access_key_id) == self.account_id

    def is_caller(self, account_id: str, arn: str) -> bool:
        """Return whether GetCallerIdentity tells of this account, in this partition."""
        return (account_id, partition_of_arn(arn)) == (self.account_id, self.partition)


def refusal_of_session(caller_arn: str, account_id: str, origin: Origin) -> Refusal:
    """Report that the session asked for in ``account_id`` belongs to ``caller_arn``; ``origin`` is the answer that held it."""
    problem = f"{origin.api_call} for account {account_id} returned a session of {caller_arn}"
    return Refusal(problem, _ADVICE, UnavailableReason.SESSION_OF_ANOTHER_ACCOUNT, origin)


def _account_of_session(access_key_id: str) -> str | None:
    """Return the account that a session's key id holds; None for an id of the old generation, or that is no session's."""
    key = parse_access_key_id(access_key_id)
    return key.account_id if key is not None and key.kind is KeyKind.TEMPORARY else None
