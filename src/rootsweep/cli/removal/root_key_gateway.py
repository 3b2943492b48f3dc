"""The executors' narrow interface, over AWS: root sessions in member accounts."""

from dataclasses import dataclass

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.iam import delete_own_access_key, update_own_access_key
from rootsweep.aws.session import Session
from rootsweep.aws.sts import AUDIT_TASK, DELETE_TASK, assume_root
from rootsweep.model.evidence import Access, AccountSummary, KeyStatus, Observed, RootAccessKeys, Unavailable
from rootsweep.model.organization import Account
from rootsweep.remediation.gateway import Deleted, KeyFlag, ListedKeys, Refused
from rootsweep.remediation.self_removal import StatusSet
from rootsweep.sources.account_summary import read_account_summary
from rootsweep.sources.root_access_keys import read_root_access_keys


@dataclass(frozen=True, slots=True)
class RootSession:
    """A root session in one account; what it may do, its task policy says."""

    session: Session
    access: AccountAccess
    account_id: str

    def list_keys(self) -> ListedKeys | Refused:
        """List the root user's keys, each with its last use; a list that holds another account's key is refused."""
        match read_root_access_keys(self.session, self.access, self.account_id):
            case Observed(fact=RootAccessKeys(keys=keys), origin=origin):
                return ListedKeys(keys, origin.request_id)
            case Unavailable() as piece:
                return _not_read(piece)
            case Observed():
                raise AssertionError("a list of keys is one")

    def read_flag(self) -> KeyFlag | Refused:
        """Ask the account summary whether a root key exists."""
        match read_account_summary(self.session, self.access):
            case Observed(fact=AccountSummary(access_keys_present=present), origin=origin):
                return KeyFlag(present, origin.request_id)
            case Unavailable() as piece:
                return _not_read(piece)
            case Observed():
                raise AssertionError("an account summary is one")

    def delete_key(self, key_id: str) -> Deleted | Refused:
        """Delete one key, for good."""
        match delete_own_access_key(self.session, self.access, key_id):
            case Answer(origin=origin):
                return Deleted(origin.request_id)
            case Refusal() as refusal:
                return _refused(refusal)


@dataclass(frozen=True, slots=True)
class OwnRootUser(RootSession):
    """The root user by its own credentials, a key of its own or a session of its console: it may also change a key's status."""

    def set_status(self, key_id: str, status: KeyStatus) -> StatusSet | Refused:
        """Make one key active or inactive."""
        match update_own_access_key(self.session, self.access, key_id, status):
            case Answer(origin=origin):
                return StatusSet(origin.request_id)
            case Refusal() as refusal:
                return _refused(refusal)


@dataclass(frozen=True, slots=True)
class RootSessions:
    """Opens root sessions by the caller's own credentials, anew for each task."""

    session: Session
    access: AccountAccess
    partition: str

    def open_deleting(self, account: Account) -> RootSession | Refused:
        """Open a session that may delete keys."""
        return self._open(account, DELETE_TASK)

    def open_auditing(self, account: Account) -> RootSession | Refused:
        """Open a session that may only read."""
        return self._open(account, AUDIT_TASK)

    def _open(self, account: Account, task: str) -> RootSession | Refused:
        match assume_root(self.session, self.access, account.id, account.partition or self.partition, task):
            case Answer(value=credentials):
                access = AccountAccess(Access.ROOT_SESSION, self.access.region, credentials)
                return RootSession(self.session, access, account.id)
            case Refusal() as refusal:
                return _refused(refusal)


def _refused(refusal: Refusal) -> Refused:
    return Refused(
        refusal.problem, refusal.advice, refusal.error_code, refusal.origin.request_id, may_have_acted=refusal.may_have_acted
    )


def _not_read(piece: Unavailable) -> Refused:
    what = piece.origin.api_call or piece.source.value
    problem = f"{what} was refused ({piece.error_code or piece.reason.value.replace('_', ' ')})"
    return Refused(problem, piece.advice, piece.error_code, piece.origin.request_id)
