"""What the executors need of AWS, and no more: sessions in one account, and three things that can be done in them."""

from dataclasses import dataclass
from typing import Final, Protocol

from rootsweep.model.evidence import AccessKey
from rootsweep.model.organization import Account

NO_KEY_CODE: Final = "NoSuchEntity"
"""What AWS answers to the deletion of a key that does not exist (IAM API reference, DeleteAccessKey, "Errors")."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A call without an answer: ``problem`` and ``advice`` are clauses, ``code`` is AWS's own where AWS answered.

    ``may_have_acted`` says that AWS may have acted all the same, so that a change has to be asked about; ``may_pass`` that the
    same call may be answered otherwise in a moment.
    """

    problem: str
    advice: str
    code: str | None
    request_id: str | None
    may_have_acted: bool = False
    may_pass: bool = False


@dataclass(frozen=True, slots=True)
class ListedKeys:
    """The root user's keys, each with its last use, and the request that listed them."""

    keys: tuple[AccessKey, ...]
    request_id: str | None


@dataclass(frozen=True, slots=True)
class KeyFlag:
    """Whether the account summary shows a root key, active or not, and the request that told it."""

    present: bool
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Deleted:
    """AWS has answered that a key is deleted."""

    request_id: str | None


class DeletingSession(Protocol):
    """A root session that may list and delete keys (task IAMDeleteRootUserCredentials)."""

    def list_keys(self) -> ListedKeys | Refused:
        """List the root user's keys."""

    def delete_key(self, key_id: str) -> Deleted | Refused:
        """Delete one key, for good."""


class AuditingSession(Protocol):
    """A root session that may only read (task IAMAuditRootUserCredentials)."""

    def list_keys(self) -> ListedKeys | Refused:
        """List the root user's keys."""

    def read_flag(self) -> KeyFlag | Refused:
        """Ask the account summary whether a root key exists."""


class Gateway(Protocol):
    """Opens sessions in member accounts."""

    def open_deleting(self, account: Account) -> DeletingSession | Refused:
        """Open a session that may delete."""

    def open_auditing(self, account: Account) -> AuditingSession | Refused:
        """Open a session that may only read."""
