"""The record of each account: all that its finding holds, and the way to what is to be done."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from rootsweep.model.evidence import CredentialReport, Evidence, Observed, Origin, Unavailable
from rootsweep.model.exception import GrantedException
from rootsweep.model.finding import Finding, KeyRow, Message, ProcedureResult
from rootsweep.model.organization import Account
from rootsweep.reports.formats.html_page.to_do import Remedy
from rootsweep.reports.formats.html_page.words import ACCESSES, OUTCOME_STYLES, SOURCES, VERDICT_STYLES, to_the_second
from rootsweep.reports.key_text import describe_key
from rootsweep.reports.worst_first import needs_someone


@dataclass(frozen=True, slots=True)
class ProcedureOutcome:
    """One audit procedure of the benchmark and its outcome."""

    name: str
    outcome: str
    style: str


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key in one line, and the times that it stands on."""

    text: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A piece of evidence, or why there is none: ``refusal`` is a reason's code, None for what was observed."""

    source: str
    access: str
    refusal: str | None
    error_code: str | None
    advice: str | None
    details: tuple[str, ...]
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExceptionText:
    """Who answers for a non-compliance, why, by which ticket and until when."""

    owner: str
    reason: str
    ticket: str | None
    expires: str


@dataclass(frozen=True, slots=True)
class Record:
    """One account; ``remedy`` tells what is to be done for it together with others."""

    id: str
    name: str
    verdict: str
    style: str
    severity: str | None
    needs_someone: bool
    as_of: str
    about: tuple[str, ...]
    reasons: tuple[Message, ...]
    warnings: tuple[Message, ...]
    keys: tuple[KeyLine, ...]
    exception: ExceptionText | None
    procedures: tuple[ProcedureOutcome, ...]
    evidence: tuple[EvidenceLine, ...]
    next_step: str | None
    remedy: Remedy | None


def records_of(
    findings: Iterable[Finding], now: datetime, remedies: Mapping[str, Remedy], unit_names: Mapping[str, str]
) -> Iterator[Record]:
    """Give the records, in the order of ``findings``; ages are those at ``now``."""
    for finding in findings:
        yield Record(
            id=finding.account.id,
            name=finding.account.name or "",
            verdict=finding.verdict.value,
            style=VERDICT_STYLES[finding.verdict],
            severity=finding.severity.value if finding.severity else None,
            needs_someone=needs_someone(finding),
            as_of=to_the_second(finding.as_of) if finding.as_of else "an unknown time",
            about=tuple(_about(finding.account, unit_names)),
            reasons=finding.reasons,
            warnings=finding.warnings,
            keys=tuple(KeyLine(describe_key(row, now), tuple(_key_details(row))) for row in finding.keys),
            exception=_exception(finding.exception),
            procedures=(
                _procedure("Credential report", finding.procedures.credential_report),
                _procedure("Account summary", finding.procedures.account_summary),
            ),
            evidence=tuple(_evidence(piece) for piece in finding.evidence),
            next_step=finding.next_step,
            remedy=remedies.get(finding.account.id),
        )


def _about(account: Account, unit_names: Mapping[str, str]) -> Iterator[str]:
    if account.state:
        yield f"state {account.state.value}"
    if account.partition:
        yield f"partition {account.partition}"
    if account.is_management_account:
        yield "management account"
    if account.path:
        _, *units = account.path.rstrip("/").split("/")
        if any(unit in unit_names for unit in units):
            yield f"unit {' / '.join(unit_names.get(unit, unit) for unit in units)}"
        yield f"path {account.path}"


def _key_details(row: KeyRow) -> Iterator[str]:
    if row.id and row.slot:
        yield f"access key {row.slot} of the credential report"
    if row.created_at:
        yield f"created {to_the_second(row.created_at)}"
    if row.last_rotated_at:
        yield f"created or last changed {to_the_second(row.last_rotated_at)}"


def _exception(granted: GrantedException | None) -> ExceptionText | None:
    if granted is None:
        return None
    return ExceptionText(granted.owner, granted.reason, granted.ticket, to_the_second(granted.expires_at))


def _procedure(name: str, outcome: ProcedureResult) -> ProcedureOutcome:
    return ProcedureOutcome(name, outcome.value, OUTCOME_STYLES[outcome])


def _evidence(piece: Evidence) -> EvidenceLine:
    refused = piece if isinstance(piece, Unavailable) else None
    return EvidenceLine(
        source=SOURCES[piece.source],
        access=ACCESSES[piece.origin.access],
        refusal=refused.reason.value if refused else None,
        error_code=refused.error_code if refused else None,
        advice=refused.advice if refused else None,
        details=tuple(_times(piece)),
        origins=tuple(_origins(piece.origin)),
    )


def _times(piece: Evidence) -> Iterator[str]:
    if isinstance(piece, Observed) and isinstance(piece.fact, CredentialReport):
        generated_at = piece.fact.generated_at
        yield f"generated {to_the_second(generated_at)}" if generated_at else "generated at an unknown time"
    if piece.origin.observed_at:
        yield f"observed {to_the_second(piece.origin.observed_at)}"


def _origins(origin: Origin) -> Iterator[str]:
    if origin.api_call:
        yield origin.api_call
    if origin.request_id:
        yield f"request {origin.request_id}"
    if origin.path:
        yield f"{origin.path}:{origin.line}" if origin.line else origin.path
