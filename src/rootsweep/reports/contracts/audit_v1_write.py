"""``--format json``: the public contract ``rootsweep.audit/1``."""

from collections.abc import Sequence
from typing import Final, Literal, TextIO

import msgspec

from rootsweep.core.controls import ROOT_ACCESS_KEY
from rootsweep.core.evidence import CredentialReport, Denial, Evidence, LastUse, LastUsed, Observed, Unavailable
from rootsweep.core.finding import Finding, GrantedException, KeyRow, Message
from rootsweep.core.run import Run
from rootsweep.reports.contracts import audit_v1
from rootsweep.reports.contracts.audit_v1 import indented, write_array
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.wording import warnings_of

_NO_ACCOUNTS: Final = '"accounts": []'


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:  # noqa: ARG001  JSON has one look
    """Write the contract, account by account."""
    before, empty, after = indented(audit_of(run, ())).partition(_NO_ACCOUNTS)
    stream.write(before + empty.removesuffix("[]"))
    write_array(map(account_of, run.findings), stream, indent=2)
    stream.write(f"{after}\n")


def audit_of(run: Run, findings: Sequence[Finding]) -> audit_v1.Audit:
    """Convert a run to the contract, with the accounts of these findings."""
    summary = run.summary()
    return audit_v1.Audit(
        schema=audit_v1.SCHEMA,
        tool=audit_v1.Tool("rootsweep", run.tool_version),
        started_at=run.started_at,
        finished_at=run.finished_at,
        control=audit_v1.ControlEntry(
            ROOT_ACCESS_KEY.id,
            ROOT_ACCESS_KEY.title,
            ROOT_ACCESS_KEY.level,
            [audit_v1.ReferenceEntry(one.framework, one.version, one.requirement) for one in ROOT_ACCESS_KEY.references],
        ),
        scope=msgspec.convert(run.scope, audit_v1.ScopeEntry, from_attributes=True),
        summary=msgspec.convert(summary, audit_v1.SummaryEntry, from_attributes=True),
        warnings=_messages(warnings_of(run)),
        accounts=[account_of(finding) for finding in findings],
        gap=[audit_v1.GapEntry(one.code, one.remedy, list(one.how), list(one.accounts)) for one in run.coverage_gaps],
        rejected_inputs=[audit_v1.RejectedInputEntry(one.path, one.line, one.reason) for one in run.rejected_inputs],
        organizational_units=[audit_v1.OrganizationalUnitEntry(one.id, one.name) for one in run.units],
        left_out=[audit_v1.LeftOutEntry(one.path, one.account_id, one.source.value, one.shows_key) for one in run.left_out],
    )


def account_of(finding: Finding) -> audit_v1.AccountEntry:
    """Convert a finding to the contract."""
    account = finding.account
    return audit_v1.AccountEntry(
        account_id=account.id,
        name=account.name,
        partition=account.partition,
        state=account.state.value if account.state else None,
        is_management_account=account.is_management_account,
        path=account.path,
        verdict=finding.verdict.value,
        severity=finding.severity.value if finding.severity else None,
        as_of=finding.as_of,
        reasons=_messages(finding.reasons),
        warnings=_messages(finding.warnings),
        exception=_exception(finding.exception),
        keys=[key_entry(row) for row in finding.keys],
        procedures=audit_v1.ProceduresEntry(
            finding.procedures.account_summary.value, finding.procedures.credential_report.value
        ),
        evidence=[_evidence(piece) for piece in finding.evidence],
        next_step=finding.next_step,
    )


def _exception(granted: GrantedException | None) -> audit_v1.ExceptionEntry | None:
    if granted is None:
        return None
    return audit_v1.ExceptionEntry(granted.owner, granted.reason, granted.ticket, granted.expires_at)


def _messages(messages: tuple[Message, ...]) -> list[audit_v1.MessageEntry]:
    return [audit_v1.MessageEntry(one.code, one.message) for one in messages]


def key_entry(row: KeyRow) -> audit_v1.KeyEntry:
    """Convert a key to the contract."""
    return audit_v1.KeyEntry(
        id=row.id,
        slot=row.slot,
        status=row.status.value,
        created_at=row.created_at,
        last_rotated_at=row.last_rotated_at,
        last_used=last_used_entry(row.last_use),
        last_used_status=last_used_status(row.last_use),
    )


def last_used_entry(last_use: LastUse) -> audit_v1.LastUsedEntry | None:
    """Convert a recorded use; None where none is recorded."""
    if isinstance(last_use, LastUsed):
        return audit_v1.LastUsedEntry(last_use.at, last_use.region, last_use.service)
    return None


def last_used_status(last_use: LastUse) -> Literal["recorded", "never_recorded", "unknown"]:
    """Return whether a use is recorded, was never recorded, or is not known."""
    return "recorded" if isinstance(last_use, LastUsed) else last_use.value


def _evidence(piece: Evidence) -> audit_v1.EvidenceEntry:
    generated_at = piece.fact.generated_at if isinstance(piece, Observed) and isinstance(piece.fact, CredentialReport) else None
    origin = piece.origin
    refused = piece if isinstance(piece, Unavailable) else None
    return audit_v1.EvidenceEntry(
        source=piece.source.value,
        status="unavailable" if refused else "observed",
        access=origin.access.value,
        observed_at=origin.observed_at,
        generated_at=generated_at,
        request_id=origin.request_id,
        path=origin.path,
        line=origin.line,
        reason=refused.reason.value if refused else None,
        api_call=origin.api_call,
        error_code=refused.error_code if refused else None,
        advice=refused.advice if refused else None,
        denial=_denial(refused.denial if refused else None),
    )


def _denial(denial: Denial | None) -> audit_v1.DenialEntry | None:
    return None if denial is None else audit_v1.DenialEntry(denial.principal, denial.action, denial.resource)
