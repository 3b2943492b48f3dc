"""Coverage gaps: the accounts that could not be read, grouped by the one remedy that would open each with the least effort.

Each obstacle, a piece of evidence that is unavailable or a reason of the verdict, stands for a remedy. Of an account's remedies
the one whose code comes first in ``RemedyCode`` is chosen, so that an account is in one group and no other. What decides is
data: reasons, calls, error codes, denials; no text that is written for people.
"""

from collections.abc import Iterable
from typing import Final

from rootsweep.core.coverage import remedies
from rootsweep.core.coverage.remedies import Remedy
from rootsweep.core.evidence import Access, CredentialReport, Observed, Source, Unavailable, UnavailableReason
from rootsweep.core.finding import Finding, ReasonCode, Verdict
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_CONSOLE, Account
from rootsweep.core.run import CoverageGap, RemedyCode

_EFFORT: Final = {code.value: effort for effort, code in enumerate(RemedyCode)}
_NOT_ADMINISTRATOR: Final = "AccountNotManagementOrDelegatedAdministrator"
_REPORT_REASONS: Final = frozenset(
    code.value for code in (ReasonCode.REPORT_TOO_OLD, ReasonCode.REPORT_TIME_UNKNOWN, ReasonCode.REPORT_INCOMPLETE)
)
_EASIEST_TO_ALLOW: Final = ("iam:GetAccountSummary", "iam:ListAccessKeys")
"""Actions of which one alone proves something; a credential report needs two."""

_MADE_BY_THE_CALLER: Final = frozenset({"sts:AssumeRole", "sts:AssumeRoot"})
_REFUSES_ENTRY: Final = frozenset(
    {
        UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF,
        UnavailableReason.ROOT_SESSION_REFUSED,
        UnavailableReason.ROLE_NOT_ASSUMABLE,
    }
)
_CALL_OF_SOURCE: Final = {
    Source.ROOT_ACCESS_KEYS: "iam:ListAccessKeys",
    Source.ACCOUNT_SUMMARY: "iam:GetAccountSummary",
    Source.CREDENTIAL_REPORT: "iam:GetCredentialReport",
    Source.CALLER_IDENTITY: "sts:GetCallerIdentity",
}
_WHATEVER_THE_CALL: Final = {
    UnavailableReason.MANAGEMENT_ACCOUNT: remedies.MANAGEMENT_ACCOUNT,
    UnavailableReason.NOT_IN_ORGANIZATION: remedies.NOT_IN_ORGANIZATION,
    UnavailableReason.FIELD_ABSENT: remedies.NEW_REPORT_NEEDED,
    UnavailableReason.CREDENTIALS_EXPIRED: remedies.CREDENTIALS_UNUSABLE,
    UnavailableReason.CREDENTIALS_INVALID: remedies.CREDENTIALS_UNUSABLE,
    UnavailableReason.CLOCK_OFF: remedies.CLOCK_OFF,
    UnavailableReason.UNREACHABLE: remedies.UNREACHABLE,
    UnavailableReason.UNUSABLE_ANSWER: remedies.UNUSABLE_ANSWER,
    UnavailableReason.KEY_OF_ANOTHER_ACCOUNT: remedies.UNUSABLE_ANSWER,
    UnavailableReason.SESSION_OF_ANOTHER_ACCOUNT: remedies.UNUSABLE_ANSWER,
    UnavailableReason.THROTTLED: remedies.AUDIT_AGAIN,
    UnavailableReason.TIMED_OUT: remedies.AUDIT_AGAIN,
    UnavailableReason.REPORT_NOT_READY: remedies.AUDIT_AGAIN,
    UnavailableReason.REPORT_LIMIT_EXCEEDED: remedies.AUDIT_AGAIN,
    UnavailableReason.SERVICE_FAILURE: remedies.AUDIT_AGAIN,
    UnavailableReason.INTERRUPTED: remedies.AUDIT_AGAIN,
}


def coverage_gaps(findings: Iterable[Finding]) -> tuple[CoverageGap, ...]:
    """Group the accounts of ``INSUFFICIENT_DATA``, each in one group, the largest group first; their order does not matter."""
    accounts: dict[CoverageGap, set[str]] = {}
    for finding in findings:
        if finding.verdict is Verdict.INSUFFICIENT_DATA:
            accounts.setdefault(_least_effort(finding), set()).add(finding.account.id)
    groups = [CoverageGap(one.code, one.remedy, one.how, tuple(sorted(ids))) for one, ids in accounts.items()]
    return tuple(sorted(groups, key=lambda one: (-len(one.accounts), one.code, one.remedy, one.how)))


def _least_effort(finding: Finding) -> CoverageGap:
    possible = [_remedy_for(piece, finding.account) for piece in finding.evidence if isinstance(piece, Unavailable)]
    if any(reason.code in _REPORT_REASONS for reason in finding.reasons):
        possible.append(_remedy_for_report(finding))
    chosen = min(possible or [remedies.NO_EVIDENCE], key=_effort)
    return _without_id(chosen.group, finding.account.id)


def _effort(remedy: Remedy) -> tuple[int, int, str, tuple[str, ...]]:
    group = remedy.group
    return _EFFORT[group.code], remedy.rank, group.remedy, group.how


def _without_id(group: CoverageGap, account_id: str) -> CoverageGap:
    """Keep what names the account itself, such as a role that is called after it, from giving it a group of its own."""
    how = tuple(line.replace(account_id, "ACCOUNT_ID") for line in group.how)
    return CoverageGap(group.code, group.remedy.replace(account_id, "ACCOUNT_ID"), how, ())


def _remedy_for(piece: Unavailable, account: Account) -> Remedy:
    if account.is_management_account and piece.reason in _REFUSES_ENTRY:
        return remedies.MANAGEMENT_ACCOUNT
    match piece.reason:
        case UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF | UnavailableReason.ROOT_SESSION_REFUSED:
            return _remedy_for_root_session(piece, account)
        case UnavailableReason.DENIED_BY_SERVICE_CONTROL_POLICY:
            return _remedy_for_service_control_policy(piece)
        case UnavailableReason.ROLE_NOT_ASSUMABLE:
            return remedies.make_role(piece.denial.role_asked_for if piece.denial else None)
        case UnavailableReason.ACCESS_DENIED:
            return _remedy_for_denial(piece)
        case reason:
            return _WHATEVER_THE_CALL[reason]


def _remedy_for_root_session(piece: Unavailable, account: Account) -> Remedy:
    if account.partition == PARTITION_WITHOUT_ROOT_CONSOLE:
        return remedies.make_role(None)
    if (piece.error_code or "").removesuffix("Exception") == _NOT_ADMINISTRATOR:
        return remedies.NOT_ADMINISTRATOR
    if piece.reason is UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF:
        return remedies.CENTRALIZED_ROOT_ACCESS_OFF
    return remedies.allow_root_sessions(account.partition or "aws")


def _remedy_for_service_control_policy(piece: Unavailable) -> Remedy:
    api_call = piece.origin.api_call
    if api_call in _MADE_BY_THE_CALLER:
        return remedies.exempt_caller(api_call)
    if piece.origin.access in {Access.ROOT_SESSION, Access.ROOT}:
        return remedies.exempt_root_sessions()
    if piece.origin.access is Access.ROLE:
        return remedies.exempt_role(piece.denial.denied_role if piece.denial else None)
    return remedies.exempt_caller(api_call or "the call")


def _remedy_for_denial(piece: Unavailable) -> Remedy:
    api_call = piece.origin.api_call or _CALL_OF_SOURCE[piece.source]
    rank = _EASIEST_TO_ALLOW.index(api_call) if api_call in _EASIEST_TO_ALLOW else len(_EASIEST_TO_ALLOW)
    match piece.origin.access:
        case Access.ROLE:
            role = piece.denial.denied_role if piece.denial else None
            return remedies.allow_call(api_call, f"role {role}" if role else "role", rank)
        case Access.ROOT_SESSION:
            return remedies.allow_call(api_call, "root session", rank)
        case Access.ROOT:
            return remedies.allow_call(api_call, "root user", rank)
        case Access.OWN | Access.FILES:
            return remedies.allow_call(api_call, "caller", rank)


def _remedy_for_report(finding: Finding) -> Remedy:
    """Wait for a report that AWS itself was asked for; what was saved has to be saved again."""
    too_old = any(reason.code == ReasonCode.REPORT_TOO_OLD for reason in finding.reasons)
    is_live = any(
        isinstance(piece, Observed) and isinstance(piece.fact, CredentialReport) and piece.origin.access is not Access.FILES
        for piece in finding.evidence
    )
    return remedies.AUDIT_AGAIN if too_old and is_live else remedies.NEW_REPORT_NEEDED
