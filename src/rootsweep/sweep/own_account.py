"""The account of the caller's own credentials, as a target."""

from dataclasses import replace

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.session import Session
from rootsweep.aws.sts import Caller, get_caller_identity
from rootsweep.errors import CannotRunError
from rootsweep.model.evidence import Access, Observed
from rootsweep.model.organization import Account
from rootsweep.sources.caller_identity import evidence_of_caller
from rootsweep.sweep.targets import Target
from rootsweep.sweep.ways import Ways


def identify(session: Session, access: AccountAccess) -> Answer[Caller]:
    """Find out who calls.

    Raises ``CannotRunError``, in one sentence, for everything that keeps AWS from telling: without it there is no audit.
    """
    match get_caller_identity(session, access):
        case Refusal() as refusal:
            raise CannotRunError(refusal.problem, refusal.advice)
        case Answer() as answer:
            return answer


def own_account(ways: Ways, caller: Answer[Caller], account: Account | None = None) -> Target:
    """Prepare to read the caller's account: as root, which can list its keys, where the caller is root.

    ``account`` is what is already known of it, such as its name in the organization. Where the key that signs holds another
    account than GetCallerIdentity names, nothing is read: its answers would be of either.
    """
    who, access = caller.value, ways.access
    its_access = replace(access, access=Access.ROOT) if who.is_root else access
    key_id = access.credentials.access_key_id if access.credentials else ways.session.own_access_key_id()
    answer = replace(caller, origin=replace(caller.origin, access=its_access.access))
    known = evidence_of_caller(answer, key_id)
    return Target(
        account=account or Account(who.account_id, partition=who.partition),
        ways=(ways.own(who.account_id, who.partition, its_access),) if isinstance(known, Observed) else (),
        known=(known,),
    )
