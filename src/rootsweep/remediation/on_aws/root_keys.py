"""The ports of root keys, on AWS: root sessions in member accounts, and the calling root user itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rootsweep.auditing.request import CallerOptions
from rootsweep.auditing.sources.live import is_key_of, read_account_summary, read_root_access_keys
from rootsweep.aws.iam import delete_own_access_key, update_own_access_key
from rootsweep.aws.pacing import Backoff
from rootsweep.aws.session import AccountAccess, Session, SessionOptions, open_session
from rootsweep.aws.sts import AUDIT_TASK, DELETE_TASK, assume_root, get_caller_identity
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import Access, AccessKey, AccountSummary, KeyStatus, Observed, RootAccessKeys, Unavailable
from rootsweep.core.organization import Account
from rootsweep.errors import CannotRunError
from rootsweep.remediation.self_removal import UNKNOWN_KEY_CODE


@dataclass(frozen=True, slots=True)
class RootSession:
    """A root session in one account; what it may do, its task policy says."""

    session: Session
    access: AccountAccess
    account_id: str

    def list_keys(self) -> Answer[tuple[AccessKey, ...]] | Refusal:
        """List the root user's keys, each with its last use; a list that holds another account's key is refused."""
        match read_root_access_keys(self.session, self.access, self.account_id):
            case Observed(fact=RootAccessKeys(keys=keys), origin=origin):
                return Answer(keys, origin)
            case Unavailable() as piece:
                return _not_read(piece)
            case Observed():
                raise AssertionError("a list of keys is one")

    def read_flag(self) -> Answer[bool] | Refusal:
        """Ask the account summary whether a root key exists."""
        match read_account_summary(self.session, self.access):
            case Observed(fact=AccountSummary(access_keys_present=present), origin=origin):
                return Answer(present, origin)
            case Unavailable() as piece:
                return _not_read(piece)
            case Observed():
                raise AssertionError("an account summary is one")

    def delete_key(self, key_id: str) -> Answer[None] | Refusal:
        """Delete one key, for good."""
        return delete_own_access_key(self.session, self.access, key_id)


@dataclass(frozen=True, slots=True)
class OwnRootUser(RootSession):
    """The root user by its own credentials, a key of its own or a session of its console: it may also change a key's status."""

    def set_status(self, key_id: str, status: KeyStatus) -> Answer[None] | Refusal:
        """Make one key active or inactive."""
        return update_own_access_key(self.session, self.access, key_id, status)


@dataclass(frozen=True, slots=True)
class RootSessions:
    """Opens root sessions by the caller's own credentials, again for each task."""

    session: Session
    access: AccountAccess
    partition: str

    def open_deleting(self, account: Account) -> RootSession | Refusal:
        """Open a session that may delete keys."""
        return self._open(account, DELETE_TASK)

    def open_auditing(self, account: Account) -> RootSession | Refusal:
        """Open a session that may only read."""
        return self._open(account, AUDIT_TASK)

    def _open(self, account: Account, task: str) -> RootSession | Refusal:
        match assume_root(self.session, self.access, account.id, account.partition or self.partition, task):
            case Answer(value=credentials):
                access = AccountAccess(Access.ROOT_SESSION, self.access.region, credentials, account.id)
                return RootSession(self.session, access, account.id)
            case Refusal() as refusal:
                return refusal


def _not_read(piece: Unavailable) -> Refusal:
    what = piece.origin.api_call or piece.source.value
    problem = f"{what} was refused ({piece.error_code or piece.reason.value.replace('_', ' ')})"
    return Refusal(problem, piece.advice, piece.reason, piece.origin, piece.error_code)


# The root user that calls, found out by asking AWS; imported only when AWS is asked, for its SDK is slow to import.

_LONG_TERM: Final = "AKIA"
"""What the id of a long-term key begins with (IAM User Guide, "IAM identifiers", "Understanding unique ID prefixes")."""


@dataclass(frozen=True, slots=True)
class CallingRoot:
    """The root user that calls; ``key_id`` is that of its calling key, None for a session. ``now`` is by AWS's clock."""

    account_id: str
    arn: str
    region: str
    key_id: str | None
    user: OwnRootUser
    backoff: Backoff
    now: datetime


@dataclass(frozen=True, slots=True)
class UnknownKey:
    """The calling key is one that AWS does not know, and that the journal says was to be deleted."""

    key_id: str
    region: str


def open_root_user(
    caller: CallerOptions,
    local_clock: Callable[[], datetime],
    was_to_be_deleted: Callable[[str], bool],
) -> CallingRoot | UnknownKey:
    """Find out who calls; ``was_to_be_deleted`` tells whether the journal holds that this very key was to be deleted.

    Raises ``UsageError`` for settings that are invalid, and ``CannotRunError`` when AWS does not tell who calls, names
    another account than the calling key belongs to, or tells that it is not a root user.
    """
    session = open_session(SessionOptions(profile=caller.profile, region=caller.region), local_clock)
    access = AccountAccess(Access.ROOT, session.region)
    match get_caller_identity(session, access):
        case Refusal() as refusal:
            if refusal.error_code == UNKNOWN_KEY_CODE and was_to_be_deleted(session.own_access_key_id()):
                return UnknownKey(session.own_access_key_id(), session.region)
            raise CannotRunError(refusal.problem, refusal.advice)
        case Answer(value=identity) if not is_key_of(identity, session.own_access_key_id()):
            raise CannotRunError(
                f"AWS names account {identity.account_id} as the caller, but the key that calls, "
                f"{session.own_access_key_id()}, belongs to another account",
                "check that AWS_ENDPOINT_URL and the proxy lead to AWS",
            )
        case Answer(value=identity) if identity.is_root:
            key_id = session.own_access_key_id()
            return CallingRoot(
                identity.account_id,
                identity.arn,
                session.region,
                key_id if key_id.startswith(_LONG_TERM) else None,
                OwnRootUser(session, access, identity.account_id),
                Backoff(caller.timeout.total_seconds(), time.monotonic, time.sleep),
                session.clock.now(),
            )
        case Answer(value=identity):
            raise CannotRunError(
                f"the credentials are those of {identity.arn}, not of a root user",
                "run this as the account's root user: in AWS CloudShell, or after `aws login`, signed in as root; with a root "
                "access key where root has no console, as in AWS GovCloud (US)",
            )
