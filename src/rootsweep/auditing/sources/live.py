"""The live sources: what each asks AWS, and which of them each route into an account reads."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from rootsweep.aws.iam import (
    generate_credential_report,
    get_access_key_last_used,
    get_account_summary,
    get_credential_report,
    list_own_access_keys,
)
from rootsweep.aws.pacing import Backoff
from rootsweep.aws.refusals import unusable_answer
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.aws.session_account import RootUser
from rootsweep.aws.sts import Caller
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import (
    Access,
    AccessKey,
    AccountSummary,
    CallerIdentity,
    Evidence,
    NoLastUse,
    Observed,
    RootAccessKeys,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep.core.parsing.access_key_id import account_of_access_key
from rootsweep.core.parsing.account_summary import FIELD
from rootsweep.core.parsing.credential_report import RootRow

READ_BY: Mapping[Access, tuple[Source, ...]] = {
    Access.OWN: (Source.CREDENTIAL_REPORT, Source.ACCOUNT_SUMMARY),
    Access.ROLE: (Source.CREDENTIAL_REPORT, Source.ACCOUNT_SUMMARY),
    Access.ROOT: (Source.CREDENTIAL_REPORT, Source.ACCOUNT_SUMMARY, Source.ROOT_ACCESS_KEYS),
    Access.ROOT_SESSION: (Source.ROOT_ACCESS_KEYS, Source.ACCOUNT_SUMMARY),
}
"""The sources that each route reads, in this order; ``caller_identity`` comes with finding out who calls.

A root session for the audit task may read no credential report (AWS managed policy reference, IAMAuditRootUserCredentials).
"""


def read_source(session: Session, access: AccountAccess, root: RootUser, source: Source, backoff: Backoff) -> Evidence:
    """Read one source of the account of ``root``; ``ValueError`` for one that is not read by itself."""
    match source:
        case Source.CREDENTIAL_REPORT:
            return read_report(session, access, root, backoff)
        case Source.ACCOUNT_SUMMARY:
            return read_account_summary(session, access)
        case Source.ROOT_ACCESS_KEYS:
            return read_root_access_keys(session, access, root.account_id)
        case Source.CALLER_IDENTITY:
            raise ValueError(source)


# Live evidence: the account summary's flag (CIS recommendation 1.4, the command line's audit procedure).


def read_account_summary(session: Session, access: AccountAccess) -> Evidence:
    """Ask for the account summary; a map without the flag is no evidence, for absent is not 0."""
    match get_account_summary(session, access):
        case Refusal() as refusal:
            return refusal.as_evidence(Source.ACCOUNT_SUMMARY)
        case Answer(value=AccountSummary() as summary, origin=origin):
            return Observed(summary, origin)
        case Answer(origin=origin):
            advice = f"the answer does not hold {FIELD}: audit by the credential report, or list the keys in a root session"
            return Unavailable(Source.ACCOUNT_SUMMARY, UnavailableReason.FIELD_ABSENT, advice, origin)


# Live evidence: who calls. A long-term key of the root user that signs our calls is itself an active root key.

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


# Live evidence: the credential report (CIS recommendation 1.4, the console's audit procedure).
#
# AWS keeps one report an account and makes a new one at most every four hours (IAM User Guide, "Get credential reports for
# your AWS account"). So the report that is there is taken first; only where there is none, or it is older, a new one is asked
# for.

_LIFE: Final = timedelta(hours=4)
_IN_PROGRESS: Final = "ReportInProgress"
_WORTH_WAITING: Final = frozenset({UnavailableReason.REPORT_NOT_READY, UnavailableReason.REPORT_LIMIT_EXCEEDED})

Fetched = Answer[RootRow] | Refusal


def read_report(session: Session, access: AccountAccess, root: RootUser, backoff: Backoff) -> Evidence:
    """Fetch the report of ``root``'s account, have it made when needed, and wait for it no longer than ``backoff`` allows."""
    fetched = get_credential_report(session, access)
    if _asks_for_a_new_one(fetched):
        fetched = _make_and_fetch(session, access, backoff)
    match fetched:
        case Refusal() as refusal:
            return refusal.as_evidence(Source.CREDENTIAL_REPORT)
        case Answer(value=row, origin=origin) if (row.account_id, row.partition) != (root.account_id, root.partition):
            problem = f"the report is of account {row.account_id} in partition {row.partition}"
            return unusable_answer(origin, problem).as_evidence(Source.CREDENTIAL_REPORT)
        case Answer(value=row, origin=origin):
            return Observed(row.report, origin)


def _is_too_old(answer: Answer[RootRow]) -> bool:
    generated_at, now = answer.value.report.generated_at, answer.origin.observed_at
    return generated_at is not None and now is not None and now - generated_at > _LIFE


def _asks_for_a_new_one(fetched: Fetched) -> bool:
    if isinstance(fetched, Refusal):
        return fetched.reason is UnavailableReason.REPORT_NOT_READY
    return _is_too_old(fetched)


def _make_and_fetch(session: Session, access: AccountAccess, backoff: Backoff) -> Fetched:
    """Have a report made and fetch it; the last answer counts when patience ends."""
    latest: Fetched | None = _start(session, access)
    for _ in backoff.pauses():
        if isinstance(latest, Refusal) and latest.reason not in _WORTH_WAITING:
            return latest
        is_being_made = latest is None or (isinstance(latest, Refusal) and latest.error_code == _IN_PROGRESS)
        latest = get_credential_report(session, access) if is_being_made else _start(session, access)
        if isinstance(latest, Answer) and not _is_too_old(latest):
            return latest
    return latest or get_credential_report(session, access)


def _start(session: Session, access: AccountAccess) -> Refusal | None:
    """Ask for a new report; None when AWS has begun, or has one."""
    answer = generate_credential_report(session, access)
    return answer if isinstance(answer, Refusal) else None


# Live evidence: the root user's access keys with their ids, as only root itself can list them.


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
