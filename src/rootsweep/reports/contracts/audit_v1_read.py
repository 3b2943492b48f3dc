"""A run that ``rootsweep audit --format json`` saved, read back by its contract, ``rootsweep.audit/1``.

Of an account no more is asked for than what is used: keys are added to the contract, and a run that an earlier version saved
lacks them. ``decode_run`` asks for the contract of this version, but for keys that were added since.
"""

import json
from datetime import UTC, datetime
from typing import Final, Literal, TypeVar, assert_never

import msgspec

from rootsweep.core.evidence import (
    Access,
    AccessKey,
    AccountSummary,
    CallerIdentity,
    CredentialReport,
    Denial,
    Evidence,
    Fact,
    KeyStatus,
    LastUse,
    LastUsed,
    NoLastUse,
    Observed,
    Origin,
    RootAccessKeys,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep.core.finding import Finding, GrantedException, KeyRow, Message, ProcedureResult, Procedures, Severity, Verdict
from rootsweep.core.key_answer import SavedAccount
from rootsweep.core.organization import Account, AccountState, OrganizationalUnit, Scope, ScopeKind
from rootsweep.core.run import CoverageGap, LeftOut, RejectedInput, Run
from rootsweep.reports.contracts import audit_v1

S = TypeVar("S", bound=msgspec.Struct)

_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
_LISTING: Final = "root_access_keys"


class _Evidence(msgspec.Struct, frozen=True):
    source: str
    status: Literal["observed", "unavailable"]
    access: Literal["own", "role", "root-session", "root", "files"]
    observed_at: audit_v1.Time | None


class _Account(msgspec.Struct, frozen=True):
    account_id: str
    name: str | None
    verdict: Literal["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE", "INSUFFICIENT_DATA"]
    as_of: audit_v1.Time | None
    reasons: list[audit_v1.MessageEntry]
    warnings: list[audit_v1.MessageEntry]
    keys: list[audit_v1.KeyEntry]
    evidence: list[_Evidence]


class _Run(msgspec.Struct, frozen=True):
    schema: Literal["rootsweep.audit/1"]
    accounts: list[_Account]


class _WholeEvidence(audit_v1.EvidenceEntry, frozen=True, kw_only=True):
    denial: audit_v1.DenialEntry | None = None


class _WholeAccount(audit_v1.AccountEntry, frozen=True, kw_only=True):
    evidence: list[_WholeEvidence]  # type: ignore[assignment]  # it is read, and never changed


class _WholeRun(audit_v1.Audit, frozen=True, kw_only=True):
    """The contract, less what a run of an earlier version may lack."""

    accounts: list[_WholeAccount]  # type: ignore[assignment]  # the same
    warnings: list[audit_v1.MessageEntry] = msgspec.field(default_factory=list)
    left_out: list[audit_v1.LeftOutEntry] = msgspec.field(default_factory=list)


def read_saved_run(content: bytes, path: str) -> tuple[SavedAccount, ...] | None:
    """Return the accounts of a run, ``path`` being where it was read; None when the content is no such run."""
    run = _decode(content, _Run)
    return None if run is None else tuple(_account(entry, path) for entry in run.accounts)


def decode_run(content: bytes) -> audit_v1.Audit | None:
    """Decode a whole run; None when the content is no such run."""
    return _decode(content, _WholeRun)


def _decode(content: bytes, kind: type[S]) -> S | None:
    """Decode in whichever encoding of Unicode the run was saved."""
    try:
        return msgspec.json.decode(content.decode(json.detect_encoding(content)), type=kind)
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError):
        return None


def _account(entry: _Account, path: str) -> SavedAccount:
    listed = _newest_listing(entry)
    return SavedAccount(
        path=path,
        id=entry.account_id,
        name=entry.name,
        verdict=entry.verdict,
        codes=frozenset(message.code for message in (*entry.reasons, *entry.warnings)),
        keys=tuple(key_row(key) for key in entry.keys),
        as_of=entry.as_of,
        listed_by=None if listed is None else Access(listed.access),
        listed_at=None if listed is None else listed.observed_at,
    )


def _newest_listing(entry: _Account) -> _Evidence | None:
    """Return the list of keys that stands: the newest; none of known time where the time of any is unknown."""
    observed = [piece for piece in entry.evidence if piece.source == _LISTING and piece.status == "observed"]
    timeless = next((piece for piece in observed if piece.observed_at is None), None)
    return timeless or max(observed, key=lambda piece: piece.observed_at or _BEGINNING, default=None)


def key_row(entry: audit_v1.KeyEntry) -> KeyRow:
    """Return a key of the contract as the row that it was."""
    return KeyRow(
        id=entry.id,
        slot=entry.slot,
        status=KeyStatus(entry.status),
        created_at=entry.created_at,
        last_rotated_at=entry.last_rotated_at,
        last_use=_last_use(entry),
    )


def _last_use(entry: audit_v1.KeyEntry) -> LastUse:
    if entry.last_used is not None:
        return LastUsed(entry.last_used.at, entry.last_used.region, entry.last_used.service)
    return NoLastUse.NEVER_RECORDED if entry.last_used_status == "never_recorded" else NoLastUse.UNKNOWN


# A saved run as a ``Run``, for what is planned from it.
#
# The contract does not hold the facts themselves. The keys that are shown stand for the list; a report has no slots here, and
# an account summary is what its procedure says. Such a run can be planned from and shown; it is not to be judged again.


def read_run(content: bytes) -> Run | None:
    """Return the run that ``rootsweep audit --format json`` saved; None when the content is no such run."""
    audit = decode_run(content)
    try:
        return None if audit is None else _run(audit)
    except ValueError:  # a reason that a newer version knows
        return None


def _run(audit: audit_v1.Audit) -> Run:
    scope = audit.scope
    return Run(
        started_at=audit.started_at,
        finished_at=audit.finished_at,
        tool_version=audit.tool.version,
        scope=Scope(ScopeKind(scope.kind), scope.partition, scope.organization_id, scope.complete, scope.incomplete_because),
        findings=tuple(_finding(entry) for entry in audit.accounts),
        rejected_inputs=tuple(RejectedInput(one.path, one.line, one.reason) for one in audit.rejected_inputs),
        coverage_gaps=tuple(CoverageGap(one.code, one.change, tuple(one.how), tuple(one.accounts)) for one in audit.gap),
        left_out=tuple(LeftOut(one.path, one.account_id, Source(one.source), one.shows_key) for one in audit.left_out),
        units=tuple(OrganizationalUnit(one.id, one.name) for one in audit.organizational_units),
    )


def _finding(entry: audit_v1.AccountEntry) -> Finding:
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


def _exception(entry: audit_v1.ExceptionEntry | None) -> GrantedException | None:
    return None if entry is None else GrantedException(entry.owner, entry.reason, entry.ticket, entry.expires_at)


def _messages(entries: list[audit_v1.MessageEntry]) -> tuple[Message, ...]:
    return tuple(Message(one.code, one.message) for one in entries)


def _evidence(piece: audit_v1.EvidenceEntry, entry: audit_v1.AccountEntry) -> Evidence:
    origin = Origin(Access(piece.access), piece.observed_at, piece.api_call, piece.request_id, piece.path, piece.line)
    source = Source(piece.source)
    if piece.status == "observed":
        return Observed(_fact(source, piece, entry), origin)
    denial = Denial(piece.denial.principal, piece.denial.action, piece.denial.resource) if piece.denial else None
    return Unavailable(source, UnavailableReason(str(piece.reason)), piece.advice or "", origin, piece.error_code, denial)


def _fact(source: Source, piece: audit_v1.EvidenceEntry, entry: audit_v1.AccountEntry) -> Fact:
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
