"""The records of the page: all that is known of an account that needs someone; what the others have in common, told once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from rootsweep.core.evidence import CredentialReport, Evidence, Observed, Origin, Unavailable
from rootsweep.core.finding import Finding, GrantedException, KeyRow, Message, ProcedureResult
from rootsweep.core.organization import Account
from rootsweep.core.times import to_the_minute
from rootsweep.reports.formats.html.accounts import ToDoItem
from rootsweep.reports.formats.html.text import ACCESSES, OUTCOME_STYLES, SOURCES, VERDICT_STYLES, to_the_second
from rootsweep.reports.wording import describe_key, needs_someone


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
    """One account that needs someone; ``remedy`` tells what is to be done for it together with others."""

    id: str
    name: str
    verdict: str
    style: str
    severity: str | None
    as_of: str
    about: tuple[str, ...]
    reasons: tuple[Message, ...]
    warnings: tuple[Message, ...]
    keys: tuple[KeyLine, ...]
    exception: ExceptionText | None
    procedures: tuple[ProcedureOutcome, ...]
    evidence: tuple[EvidenceLine, ...]
    next_step: str | None
    remedy: ToDoItem | None


def records_of(
    findings: Iterable[Finding], now: datetime, remedies: Mapping[str, ToDoItem], unit_names: Mapping[str, str]
) -> Iterator[Record]:
    """Return the records of the accounts to act on, in the order of ``findings``; ages are those at ``now``."""
    for finding in filter(needs_someone, findings):
        yield Record(
            id=finding.account.id,
            name=finding.account.name or "",
            verdict=finding.verdict.value,
            style=VERDICT_STYLES[finding.verdict],
            severity=finding.severity.value if finding.severity else None,
            as_of=to_the_second(finding.as_of) if finding.as_of else "an unknown time",
            about=tuple(_about(finding.account, unit_names)),
            reasons=finding.reasons,
            warnings=finding.warnings,
            keys=tuple(KeyLine(describe_key(row, now), tuple(_key_details(row))) for row in finding.keys),
            exception=_exception(finding.exception),
            procedures=_procedures(finding),
            evidence=tuple(_evidence(piece) for piece in finding.evidence),
            next_step=finding.next_step,
            remedy=remedies.get(finding.account.id),
        )


@dataclass(frozen=True, slots=True)
class QuietRecord:
    """One account for which nothing is to be done: the verdict's time, and what each piece of its evidence has of its own."""

    id: str
    name: str
    as_of: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuietGroup:
    """What the records of many accounts have in common, shown once: all but their names, times and requests."""

    verdict: str
    style: str
    about: tuple[str, ...]
    reasons: tuple[Message, ...]
    warnings: tuple[Message, ...]
    procedures: tuple[ProcedureOutcome, ...]
    next_step: str | None
    evidence: tuple[EvidenceLine, ...]


def quiet_records_of(
    findings: Iterable[Finding], unit_names: Mapping[str, str]
) -> tuple[tuple[QuietGroup, tuple[Finding, ...]], ...]:
    """Return the accounts with nothing to do, grouped by what their records have in common, the largest group first."""
    groups: dict[QuietGroup, list[Finding]] = {}
    for finding in findings:
        if not needs_someone(finding):
            groups.setdefault(_quiet_group(finding, unit_names), []).append(finding)
    return tuple((group, tuple(its)) for group, its in sorted(groups.items(), key=lambda one: -len(one[1])))


def _quiet_group(finding: Finding, unit_names: Mapping[str, str]) -> QuietGroup:
    return QuietGroup(
        verdict=finding.verdict.value,
        style=VERDICT_STYLES[finding.verdict],
        about=tuple(_about(finding.account, unit_names)),
        reasons=_shared_messages(finding.reasons, finding),
        warnings=_shared_messages(finding.warnings, finding),
        procedures=_procedures(finding),
        next_step=shared_text(finding.next_step, finding) if finding.next_step else None,
        evidence=tuple(_shared_evidence(piece, finding) for piece in finding.evidence),
    )


def _shared_messages(messages: Iterable[Message], finding: Finding) -> tuple[Message, ...]:
    return tuple(replace(one, message=shared_text(one.message, finding)) for one in messages)


def _shared_evidence(piece: Evidence, finding: Finding) -> EvidenceLine:
    line = _evidence(piece)
    advice = shared_text(line.advice, finding) if line.advice else None
    call = (f"{piece.origin.api_call} request",) if piece.origin.api_call else ()
    return replace(line, advice=advice, details=(), origins=call)


def shared_text(text: str, finding: Finding) -> str:
    """Return a text about one account as it holds for every account of a group, whose ids and times stand in their rows."""
    its_id = finding.account.id
    text = text.replace(f"account {its_id}", "the account").replace(its_id, "the account")
    return text.replace(to_the_minute(finding.as_of), "the time shown") if finding.as_of else text


def quiet_record(finding: Finding) -> QuietRecord:
    """Return what a record has of its own; a piece of evidence tells its time where that is not the verdict's."""
    as_of = to_the_second(finding.as_of).removesuffix(" UTC") if finding.as_of else "unknown"
    return QuietRecord(
        finding.account.id,
        finding.account.name or "",
        as_of,
        tuple(" · ".join(_own_details(piece, as_of)) for piece in finding.evidence),
    )


def _own_details(piece: Evidence, as_of: str) -> Iterator[str]:
    yield from (time for time in _times(piece) if time != f"observed {as_of} UTC")
    yield from (origin.removeprefix("request ") for origin in _origins(replace(piece.origin, api_call=None)))


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


def _procedures(finding: Finding) -> tuple[ProcedureOutcome, ...]:
    return (
        _procedure("Credential report", finding.procedures.credential_report),
        _procedure("Account summary", finding.procedures.account_summary),
    )


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
