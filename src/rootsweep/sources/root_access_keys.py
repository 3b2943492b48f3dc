"""Live evidence: the root user's access keys with their ids, as only root itself can list them."""

from dataclasses import replace

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.iam import get_access_key_last_used, list_own_access_keys
from rootsweep.aws.session import Session
from rootsweep.documents.access_key_id import account_of_access_key
from rootsweep.model.evidence import (
    AccessKey,
    Evidence,
    NoLastUse,
    Observed,
    RootAccessKeys,
    Source,
    Unavailable,
    UnavailableReason,
)


def read_root_access_keys(session: Session, access: AccountAccess, account_id: str) -> Evidence:
    """List the keys of ``account_id``'s root user; ``access`` must be root's, by a key or a session.

    A key id that encodes another account makes the whole list unusable: it would speak of another account.
    """
    match list_own_access_keys(session, access):
        case Refusal() as refusal:
            return refusal.as_evidence(Source.ROOT_ACCESS_KEYS)
        case Answer(value=keys, origin=origin):
            if any(account_of_access_key(key.id) not in {None, account_id} for key in keys):
                advice = "audit again; if it stays, report it to AWS Support with the request id"
                return Unavailable(Source.ROOT_ACCESS_KEYS, UnavailableReason.KEY_OF_ANOTHER_ACCOUNT, advice, origin)
            return Observed(RootAccessKeys(tuple(_with_last_use(session, access, key) for key in keys)), origin)


def _with_last_use(session: Session, access: AccountAccess, key: AccessKey) -> AccessKey:
    match get_access_key_last_used(session, access, key.id):
        case Answer(value=last_use):
            return replace(key, last_use=last_use)
        case Refusal():
            return replace(key, last_use=NoLastUse.UNKNOWN)
