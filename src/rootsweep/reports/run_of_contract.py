"""A saved run as a ``Run``, for what is planned from it.

The contract does not hold the facts themselves. The keys that are shown stand for the list; a report has no slots here, and an
account summary is what its procedure says. Such a run can be planned from and shown; it is not to be judged anew.
"""

from typing import assert_never

from rootsweep.model.evidence import (
    Access,
    AccessKey,
    AccountSummary,
    CallerIdentity,
    CredentialReport,
    Denial,
    Evidence,
    Fact,
    Observed,
    Origin,
    RootAccessKeys,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep.model.exception import GrantedException
from rootsweep.model.finding import Finding, Message, ProcedureResult, Procedures, Severity, Verdict
from rootsweep.model.gap import GapGroup
from rootsweep.model.organization import Account, AccountState, OrganizationalUnit, Scope, ScopeKind
from rootsweep.model.run import LeftOut, RejectedInput, Run
from rootsweep.reports import contract
from rootsweep.reports.saved_run import decode_run, key_row


def read_run(content: bytes) -> Run | None:
    """Give the run that ``rootsweep audit --format json`` saved; None when the content is no such run."""
    audit = decode_run(content)
    try:
        return None if audit is None else _run(audit)
    except ValueError:  # a reason that a newer version knows
        return None


def _run(audit: contract.Audit) -> Run:
    scope = audit.scope
    return Run(
        started_at=audit.started_at,
        finished_at=audit.finished_at,
        tool_version=audit.tool.version,
        scope=Scope(ScopeKind(scope.kind), scope.partition, scope.organization_id, scope.complete, scope.incomplete_because),
        findings=tuple(_finding(entry) for entry in audit.accounts),
        rejected_inputs=tuple(RejectedInput(one.path, one.line, one.reason) for one in audit.rejected_inputs),
        gap=tuple(GapGroup(one.code, one.change, tuple(one.how), tuple(one.accounts)) for one in audit.gap),
        left_out=tuple(LeftOut(one.path, one.account_id, Source(one.source), one.shows_key) for one in audit.left_out),
        units=tuple(OrganizationalUnit(one.id, one.name) for one in audit.organizational_units),
    )


def _finding(entry: contract.AccountEntry) -> Finding:
    state = AccountState(entry.state) if entry.state else None
    return Finding(
        account=Account(entry.account_id, entry.name, entry.partition, state, entry.is_management_account, entry.path),
        verdict=Verdict(entry.verdict),
        severity=Severity(entry.severity) if entry.severity else None,
        as_of=entry.as_of,
        reasons=_messages(entry.reasons),
        warnings=_messages(entry.warnings),
        keys=tuple(key_row(key) for key in entry.keys),
        procedures=Procedures(
            ProcedureResult(entry.procedures.account_summary), ProcedureResult(entry.procedures.credential_report)
        ),
        evidence=tuple(_evidence(piece, entry) for piece in entry.evidence),
        next_step=entry.next_step,
        exception=_exception(entry.exception),
    )


def _exception(entry: contract.ExceptionEntry | None) -> GrantedException | None:
    return None if entry is None else GrantedException(entry.owner, entry.reason, entry.ticket, entry.expires_at)


def _messages(entries: list[contract.MessageEntry]) -> tuple[Message, ...]:
    return tuple(Message(one.code, one.message) for one in entries)


def _evidence(piece: contract.EvidenceEntry, entry: contract.AccountEntry) -> Evidence:
    origin = Origin(Access(piece.access), piece.observed_at, piece.api_call, piece.request_id, piece.path, piece.line)
    source = Source(piece.source)
    if piece.status == "observed":
        return Observed(_fact(source, piece, entry), origin)
    denial = Denial(piece.denial.principal, piece.denial.action, piece.denial.resource) if piece.denial else None
    return Unavailable(source, UnavailableReason(str(piece.reason)), piece.advice or "", origin, piece.error_code, denial)


def _fact(source: Source, piece: contract.EvidenceEntry, entry: contract.AccountEntry) -> Fact:
    match source:
        case Source.ROOT_ACCESS_KEYS:
            rows = [key_row(key) for key in entry.keys]
            return RootAccessKeys(tuple(AccessKey(row.id, row.status, row.created_at, row.last_use) for row in rows if row.id))
        case Source.ACCOUNT_SUMMARY:
            return AccountSummary(access_keys_present=entry.procedures.account_summary == "FAIL")
        case Source.CREDENTIAL_REPORT:
            return CredentialReport(piece.generated_at, ())
        case Source.CALLER_IDENTITY:
            return CallerIdentity(None)
        case _:
            assert_never(source)
