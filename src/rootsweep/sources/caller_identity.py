"""Live evidence: who calls. A long-term key of the root user that signs our calls is itself an active root key."""

from typing import Final

from rootsweep.aws.answers import Answer
from rootsweep.aws.sts import Caller
from rootsweep.documents.access_key_id import account_of_access_key
from rootsweep.model.evidence import CallerIdentity, Evidence, Observed, Source, Unavailable, UnavailableReason

_LONG_TERM: Final = "AKIA"
"""What the id of a long-term key begins with (IAM User Guide, "IAM identifiers", "Understanding unique ID prefixes")."""


def is_key_of(caller: Caller, access_key_id: str) -> bool:
    """Return whether the key that signs can be the caller's: its id holds the caller's account, or none."""
    return account_of_access_key(access_key_id) in {None, caller.account_id}


def evidence_of_caller(answer: Answer[Caller], access_key_id: str) -> Evidence:
    """Turn the answer of GetCallerIdentity, and the id of the key that signed the call, into evidence."""
    caller, origin = answer.value, answer.origin
    if not is_key_of(caller, access_key_id):
        advice = "audit again; if it stays, check that the endpoint is AWS's"
        return Unavailable(Source.CALLER_IDENTITY, UnavailableReason.KEY_OF_ANOTHER_ACCOUNT, advice, origin)
    is_root_key = caller.is_root and access_key_id.startswith(_LONG_TERM)
    return Observed(CallerIdentity(access_key_id if is_root_key else None), origin)
