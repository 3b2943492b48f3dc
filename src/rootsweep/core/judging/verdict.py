"""The verdict: pure and total, one row of the table in docs/verdicts.md for every combination of evidence.

A report outranks nothing that is newer than it, and live evidence outranks only a report that is provably older. Where
times are unknown the strictest decides; between live sources the strictest decides. Nothing is vacuously compliant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from rootsweep.core.evidence import Access, AccountSummary, CredentialReport, ReportSlot, RootAccessKeys, SlotState
from rootsweep.core.finding import ExceptionRule, Judgement, ProcedureResult, Procedures, ReasonCode, Severity, Verdict
from rootsweep.core.judging.resolution import CurrentEvidence, KeyPresence, ResolvedEvidence, is_undated
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_USER, Account, AccountState

REPORT_LIFE: Final = timedelta(hours=4)
"""How long AWS keeps a report before it makes a new one (IAM User Guide, "Get credential reports for your AWS account")."""


class InactiveKeys(StrEnum):
    """Whether an inactive root key fails (the control's title: a key "exists") or is allowed (the report procedure)."""

    FAIL = "fail"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class JudgingRules:
    """What a person may choose.

    ``max_age`` bounds the age of a report that alone proves the absence of keys; None bounds a report that AWS was asked for by
    ``REPORT_LIFE``, a saved one not at all. ``exceptions`` are for findings: a verdict takes no notice of them.
    """

    inactive_keys: InactiveKeys = InactiveKeys.FAIL
    max_age: timedelta | None = None
    exceptions: tuple[ExceptionRule, ...] = ()


class _Timed(Protocol):
    @property
    def at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class _Decision:
    verdict: Verdict
    reasons: tuple[ReasonCode, ...]
    decided_by: tuple[_Timed, ...] = ()


def judge(account: Account, seen: ResolvedEvidence, rules: JudgingRules, now: datetime) -> Judgement:
    """Judge what was seen of one account at the time ``now`` (aware, UTC)."""
    decision = _overlay_account(account, _decide(seen, rules, now))
    unread = decision.verdict is Verdict.INSUFFICIENT_DATA and not decision.reasons
    reasons = (ReasonCode.NO_EVIDENCE,) if unread and not seen.unavailable else decision.reasons
    return Judgement(
        verdict=decision.verdict,
        reasons=reasons,
        unavailable=seen.unavailable if unread else (),
        severity=_severity(decision),
        as_of=_oldest(piece.at for piece in decision.decided_by),
        procedures=judge_procedures(seen),
    )


def judge_procedures(seen: ResolvedEvidence) -> Procedures:
    """Return the outcome of the benchmark's two audit procedures, each on its own evidence, stale or not.

    Source: CIS AWS Foundations Benchmark, recommendation 1.4, "Audit": the report procedure asks that both
    ``access_key_N_active`` are FALSE, the command line procedure that ``AccountAccessKeysPresent`` is 0.
    """
    summary = ProcedureResult.UNKNOWN
    if seen.summary is not None:
        summary = ProcedureResult.FAIL if seen.summary.fact.access_keys_present else ProcedureResult.PASS
    report = _report_procedure(seen.report.fact.slots) if seen.report else ProcedureResult.UNKNOWN
    return Procedures(account_summary=summary, credential_report=report)


def _report_procedure(slots: tuple[ReportSlot, ...]) -> ProcedureResult:
    if any(slot.active for slot in slots):
        return ProcedureResult.FAIL
    both_false = {slot.number for slot in slots if slot.active is False} >= {1, 2}
    return ProcedureResult.PASS if both_false else ProcedureResult.UNKNOWN


def _decide(seen: ResolvedEvidence, rules: JudgingRules, now: datetime) -> _Decision:
    if seen.caller is not None:
        return _non_compliant(ReasonCode.ACTIVE_ROOT_KEY, seen.caller)
    if seen.keys is not None:
        return _key_list(seen, seen.keys, rules)
    if seen.summary is not None:
        if seen.summary.fact.access_keys_present:
            return _summary_shows_key(seen.summary, seen.report, rules, now)
        return _summary_shows_none(seen, seen.summary)
    if seen.report is not None:
        return _report_alone(seen.report, rules, now)
    return _Decision(Verdict.INSUFFICIENT_DATA, ())


def _key_list(seen: ResolvedEvidence, keys: CurrentEvidence[RootAccessKeys], rules: JudgingRules) -> _Decision:
    match keys.presence:
        case KeyPresence.ACTIVE:
            return _non_compliant(ReasonCode.ACTIVE_ROOT_KEY, keys)
        case KeyPresence.INACTIVE:
            return _inactive_in_key_list(seen, keys, rules)
        case KeyPresence.NO_KEY:
            return _no_key_in_key_list(seen, keys)
        case KeyPresence.UNKNOWN | KeyPresence.UNREADABLE | KeyPresence.UNREAD:
            return _non_compliant(ReasonCode.ROOT_KEY_STATUS_UNKNOWN, keys)


def _inactive_in_key_list(seen: ResolvedEvidence, keys: CurrentEvidence[RootAccessKeys], rules: JudgingRules) -> _Decision:
    report = seen.report
    contradicted = report is not None and report.presence > KeyPresence.INACTIVE and not _older(report, keys)
    if rules.inactive_keys is InactiveKeys.ALLOW and not contradicted:
        return _Decision(Verdict.COMPLIANT, (ReasonCode.INACTIVE_ROOT_KEY_ALLOWED,), (keys,))
    return _non_compliant(ReasonCode.INACTIVE_ROOT_KEY, keys)


def _no_key_in_key_list(seen: ResolvedEvidence, keys: CurrentEvidence[RootAccessKeys]) -> _Decision:
    if seen.summary is None:
        return _absent(seen, keys)
    if seen.summary.fact.access_keys_present:
        return _non_compliant(ReasonCode.SOURCES_DISAGREE, keys, seen.summary)
    return _absent(seen, keys, seen.summary)


def _absent(seen: ResolvedEvidence, *live: _Timed) -> _Decision:
    if seen.report is None or not seen.report.presence.shows_key:
        return _Decision(Verdict.COMPLIANT, (ReasonCode.NO_ROOT_KEY,), live)
    if _older(seen.report, *live):
        return _Decision(Verdict.COMPLIANT, (ReasonCode.NO_ROOT_KEY, ReasonCode.KEY_DELETED_SINCE_REPORT), live)
    return _non_compliant(ReasonCode.SOURCES_DISAGREE, *live, seen.report)


def _summary_shows_key(
    summary: CurrentEvidence[AccountSummary],
    report: CurrentEvidence[CredentialReport] | None,
    rules: JudgingRules,
    now: datetime,
) -> _Decision:
    if report is None:
        return _non_compliant(ReasonCode.ROOT_KEY_STATUS_UNKNOWN, summary)
    match report.presence:
        case KeyPresence.ACTIVE:
            return _non_compliant(ReasonCode.ACTIVE_ROOT_KEY, summary, report)
        case KeyPresence.INACTIVE:
            return _inactive_in_report(report, rules, now, summary)
        case KeyPresence.UNREAD | KeyPresence.UNREADABLE | KeyPresence.UNKNOWN:
            return _non_compliant(ReasonCode.ROOT_KEY_STATUS_UNKNOWN, summary)
        case KeyPresence.NO_KEY:
            older = _older(report, summary)
            reason = ReasonCode.KEY_CREATED_SINCE_REPORT if older else ReasonCode.SOURCES_DISAGREE
            return _non_compliant(reason, summary, report)


def _summary_shows_none(seen: ResolvedEvidence, summary: CurrentEvidence[AccountSummary]) -> _Decision:
    """Take AWS's own answer for absence; of two files, none outweighs a report that holds what AWS does not write."""
    report = seen.report
    if summary.origin.access is Access.FILES and report is not None and report.presence is KeyPresence.UNREADABLE:
        return _Decision(Verdict.INSUFFICIENT_DATA, (ReasonCode.REPORT_INCOMPLETE,), (summary, report))
    return _absent(seen, summary)


def _report_alone(report: CurrentEvidence[CredentialReport], rules: JudgingRules, now: datetime) -> _Decision:
    match report.presence:
        case KeyPresence.ACTIVE:
            return _non_compliant(ReasonCode.ACTIVE_ROOT_KEY, report)
        case KeyPresence.UNKNOWN:
            return _non_compliant(ReasonCode.ROOT_KEY_STATUS_UNKNOWN, report)
        case KeyPresence.INACTIVE:
            return _inactive_in_report(report, rules, now)
        case KeyPresence.UNREAD | KeyPresence.UNREADABLE:
            return _Decision(Verdict.INSUFFICIENT_DATA, (ReasonCode.REPORT_INCOMPLETE,), (report,))
        case KeyPresence.NO_KEY:
            too_old = _age_objection(report, rules, now)
            if too_old:
                return _Decision(Verdict.INSUFFICIENT_DATA, (too_old,), (report,))
            return _Decision(Verdict.COMPLIANT, (ReasonCode.NO_ROOT_KEY,), (report,))


def _inactive_in_report(
    report: CurrentEvidence[CredentialReport], rules: JudgingRules, now: datetime, *live: _Timed
) -> _Decision:
    """Allow an inactive key only where the report procedure itself could be carried out in full, on a report fresh enough."""
    whole = _report_procedure(report.fact.slots) is ProcedureResult.PASS and not _has_unread(report)
    fresh = _age_objection(report, rules, now) is None
    if rules.inactive_keys is InactiveKeys.ALLOW and whole and fresh:
        return _Decision(Verdict.COMPLIANT, (ReasonCode.INACTIVE_ROOT_KEY_ALLOWED,), (*live, report))
    return _non_compliant(ReasonCode.INACTIVE_ROOT_KEY, *live, report)


def _has_unread(report: CurrentEvidence[CredentialReport]) -> bool:
    return any(slot.active is None or slot.state is SlotState.UNREAD for slot in report.fact.slots)


def _age_objection(report: CurrentEvidence[CredentialReport], rules: JudgingRules, now: datetime) -> ReasonCode | None:
    if is_undated(report.origin):
        return ReasonCode.REPORT_TIME_UNKNOWN
    if rules.max_age is None:
        return _live_age_objection(report)
    if report.at is None:
        return ReasonCode.REPORT_TIME_UNKNOWN
    return ReasonCode.REPORT_TOO_OLD if now - report.at > rules.max_age else None


def _live_age_objection(report: CurrentEvidence[CredentialReport]) -> ReasonCode | None:
    """Hold a report that AWS was asked for to the age that AWS itself sets, at the time at which it was handed out."""
    handed_out_at = report.origin.observed_at
    if report.origin.access is Access.FILES or handed_out_at is None:
        return None
    if report.at is None:
        return ReasonCode.REPORT_TIME_UNKNOWN
    return ReasonCode.REPORT_TOO_OLD if handed_out_at - report.at > REPORT_LIFE else None


def _older(report: _Timed, *live: _Timed) -> bool:
    """Return whether the report is provably older than at least one of the live pieces."""
    return report.at is not None and any(piece.at is not None and report.at < piece.at for piece in live)


def _non_compliant(reason: ReasonCode, *decided_by: _Timed) -> _Decision:
    return _Decision(Verdict.NON_COMPLIANT, (reason,), decided_by)


_NOT_APPLICABLE_STATES: Final = {
    AccountState.CLOSED: ReasonCode.ACCOUNT_CLOSED,
    AccountState.SUSPENDED: ReasonCode.ACCOUNT_SUSPENDED,
    AccountState.PENDING_CLOSURE: ReasonCode.ACCOUNT_PENDING_CLOSURE,
    AccountState.PENDING_ACTIVATION: ReasonCode.ACCOUNT_PENDING_ACTIVATION,
}


def _overlay_account(account: Account, decision: _Decision) -> _Decision:
    """Apply the account's partition and state; evidence of a key outranks both."""
    if decision.verdict is Verdict.NON_COMPLIANT or ReasonCode.INACTIVE_ROOT_KEY_ALLOWED in decision.reasons:
        return decision
    if account.partition == PARTITION_WITHOUT_ROOT_USER:
        return _Decision(Verdict.NOT_APPLICABLE, (ReasonCode.PARTITION_HAS_NO_ROOT_USER,))
    reason = _NOT_APPLICABLE_STATES.get(account.state) if account.state else None
    if reason and (account.state is AccountState.CLOSED or decision.verdict is Verdict.INSUFFICIENT_DATA):
        return _Decision(Verdict.NOT_APPLICABLE, (reason,))
    return decision


def _severity(decision: _Decision) -> Severity | None:
    if decision.verdict is not Verdict.NON_COMPLIANT:
        return None
    return Severity.HIGH if decision.reasons == (ReasonCode.INACTIVE_ROOT_KEY,) else Severity.CRITICAL


def _oldest(times: Iterable[datetime | None]) -> datetime | None:
    listed = list(times)
    known = [time for time in listed if time is not None]
    return min(known) if known and len(known) == len(listed) else None
