"""Closing the gap: the accounts that could not be read, grouped by the one change that would open each with the least effort.

Each obstacle, a piece of evidence that is unavailable or a reason of the verdict, stands for a change. Of an account's changes
the one whose code comes first in ``GapCode`` is chosen, so that an account is in one group and no other. What decides is data:
reasons, calls, error codes, denials; no text that is written for people.
"""

from collections.abc import Iterable
from typing import Final

from rootsweep.core.coverage import remedies as changes
from rootsweep.core.coverage.remedies import Change
from rootsweep.core.evidence import Access, CredentialReport, Observed, Source, Unavailable, UnavailableReason
from rootsweep.core.finding import Finding, ReasonCode, Verdict
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_CONSOLE, Account
from rootsweep.core.run import GapCode, GapGroup

_EFFORT: Final = {code.value: effort for effort, code in enumerate(GapCode)}
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
    UnavailableReason.MANAGEMENT_ACCOUNT: changes.MANAGEMENT_ACCOUNT,
    UnavailableReason.NOT_IN_ORGANIZATION: changes.NOT_IN_ORGANIZATION,
    UnavailableReason.FIELD_ABSENT: changes.NEW_REPORT_NEEDED,
    UnavailableReason.CREDENTIALS_EXPIRED: changes.CREDENTIALS_UNUSABLE,
    UnavailableReason.CREDENTIALS_INVALID: changes.CREDENTIALS_UNUSABLE,
    UnavailableReason.CLOCK_OFF: changes.CLOCK_OFF,
    UnavailableReason.UNREACHABLE: changes.UNREACHABLE,
    UnavailableReason.UNUSABLE_ANSWER: changes.UNUSABLE_ANSWER,
    UnavailableReason.KEY_OF_ANOTHER_ACCOUNT: changes.UNUSABLE_ANSWER,
    UnavailableReason.SESSION_OF_ANOTHER_ACCOUNT: changes.UNUSABLE_ANSWER,
    UnavailableReason.THROTTLED: changes.AUDIT_AGAIN,
    UnavailableReason.TIMED_OUT: changes.AUDIT_AGAIN,
    UnavailableReason.REPORT_NOT_READY: changes.AUDIT_AGAIN,
    UnavailableReason.REPORT_LIMIT_EXCEEDED: changes.AUDIT_AGAIN,
    UnavailableReason.SERVICE_FAILURE: changes.AUDIT_AGAIN,
    UnavailableReason.INTERRUPTED: changes.AUDIT_AGAIN,
}


def close_the_gap(findings: Iterable[Finding]) -> tuple[GapGroup, ...]:
    """Group the accounts of ``INSUFFICIENT_DATA``, each in one group, the largest group first; their order does not matter."""
    accounts: dict[GapGroup, set[str]] = {}
    for finding in findings:
        if finding.verdict is Verdict.INSUFFICIENT_DATA:
            accounts.setdefault(_least_effort(finding), set()).add(finding.account.id)
    groups = [GapGroup(one.code, one.change, one.how, tuple(sorted(ids))) for one, ids in accounts.items()]
    return tuple(sorted(groups, key=lambda one: (-len(one.accounts), one.code, one.change, one.how)))


def _least_effort(finding: Finding) -> GapGroup:
    possible = [_change_for(piece, finding.account) for piece in finding.evidence if isinstance(piece, Unavailable)]
    if any(reason.code in _REPORT_REASONS for reason in finding.reasons):
        possible.append(_change_for_report(finding))
    chosen = min(possible or [changes.NO_EVIDENCE], key=_effort)
    return _without_id(chosen.group, finding.account.id)


def _effort(change: Change) -> tuple[int, int, str, tuple[str, ...]]:
    group = change.group
    return _EFFORT[group.code], change.rank, group.change, group.how


def _without_id(group: GapGroup, account_id: str) -> GapGroup:
    """Keep what names the account itself, such as a role that is called after it, from giving it a group of its own."""
    how = tuple(line.replace(account_id, "ACCOUNT_ID") for line in group.how)
    return GapGroup(group.code, group.change.replace(account_id, "ACCOUNT_ID"), how, ())


def _change_for(piece: Unavailable, account: Account) -> Change:
    if account.is_management_account and piece.reason in _REFUSES_ENTRY:
        return changes.MANAGEMENT_ACCOUNT
    match piece.reason:
        case UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF | UnavailableReason.ROOT_SESSION_REFUSED:
            return _change_for_root_session(piece, account)
        case UnavailableReason.DENIED_BY_SERVICE_CONTROL_POLICY:
            return _change_for_service_control_policy(piece)
        case UnavailableReason.ROLE_NOT_ASSUMABLE:
            return changes.make_role(piece.denial.role_asked_for if piece.denial else None)
        case UnavailableReason.ACCESS_DENIED:
            return _change_for_denial(piece)
        case reason:
            return _WHATEVER_THE_CALL[reason]


def _change_for_root_session(piece: Unavailable, account: Account) -> Change:
    if account.partition == PARTITION_WITHOUT_ROOT_CONSOLE:
        return changes.make_role(None)
    if (piece.error_code or "").removesuffix("Exception") == _NOT_ADMINISTRATOR:
        return changes.NOT_ADMINISTRATOR
    if piece.reason is UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF:
        return changes.CENTRALIZED_ROOT_ACCESS_OFF
    return changes.allow_root_sessions(account.partition or "aws")


def _change_for_service_control_policy(piece: Unavailable) -> Change:
    api_call = piece.origin.api_call
    if api_call in _MADE_BY_THE_CALLER:
        return changes.exempt_caller(api_call)
    if piece.origin.access in {Access.ROOT_SESSION, Access.ROOT}:
        return changes.exempt_root_sessions()
    if piece.origin.access is Access.ROLE:
        return changes.exempt_role(piece.denial.denied_role if piece.denial else None)
    return changes.exempt_caller(api_call or "the call")


def _change_for_denial(piece: Unavailable) -> Change:
    api_call = piece.origin.api_call or _CALL_OF_SOURCE[piece.source]
    rank = _EASIEST_TO_ALLOW.index(api_call) if api_call in _EASIEST_TO_ALLOW else len(_EASIEST_TO_ALLOW)
    match piece.origin.access:
        case Access.ROLE:
            role = piece.denial.denied_role if piece.denial else None
            return changes.allow_call(api_call, f"role {role}" if role else "role", rank)
        case Access.ROOT_SESSION:
            return changes.allow_call(api_call, "root session", rank)
        case Access.ROOT:
            return changes.allow_call(api_call, "root user", rank)
        case Access.OWN | Access.FILES:
            return changes.allow_call(api_call, "caller", rank)


def _change_for_report(finding: Finding) -> Change:
    """Wait for a report that AWS itself was asked for; what was saved has to be saved anew."""
    too_old = any(reason.code == ReasonCode.REPORT_TOO_OLD for reason in finding.reasons)
    is_live = any(
        isinstance(piece, Observed) and isinstance(piece.fact, CredentialReport) and piece.origin.access is not Access.FILES
        for piece in finding.evidence
    )
    return changes.AUDIT_AGAIN if too_old and is_live else changes.NEW_REPORT_NEEDED
