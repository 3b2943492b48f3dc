"""Live evidence: the credential report (CIS recommendation 1.4, the console's audit procedure).

AWS keeps one report an account and makes a new one at most every four hours (IAM User Guide, "Get credential reports for your
AWS account"). So the report that is there is taken first; only where there is none, or it is older, a new one is asked for.
"""

from datetime import timedelta
from typing import Final

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.iam import generate_credential_report, get_credential_report
from rootsweep.aws.patience import Patience
from rootsweep.aws.refusals import unusable_answer
from rootsweep.aws.session import Session
from rootsweep.aws.session_account import RootUser
from rootsweep.documents.credential_report import RootRow
from rootsweep.model.evidence import Evidence, Observed, Source, UnavailableReason

_LIFE: Final = timedelta(hours=4)
_IN_PROGRESS: Final = "ReportInProgress"
_WORTH_WAITING: Final = frozenset({UnavailableReason.REPORT_NOT_READY, UnavailableReason.REPORT_LIMIT_EXCEEDED})

Fetched = Answer[RootRow] | Refusal


def read_report(session: Session, access: AccountAccess, root: RootUser, patience: Patience) -> Evidence:
    """Fetch the report of ``root``'s account, have it made when needed, and wait for it no longer than ``patience`` allows."""
    fetched = get_credential_report(session, access)
    if _asks_for_a_new_one(fetched):
        fetched = _make_and_fetch(session, access, patience)
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


def _make_and_fetch(session: Session, access: AccountAccess, patience: Patience) -> Fetched:
    """Have a report made and fetch it; the last answer counts when patience ends."""
    latest: Fetched | None = _start(session, access)
    for _ in patience.pauses():
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
