"""The accounts of the page: their rows, their records, and what is to be done."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rootsweep.core.evidence import CredentialReport, Evidence, Observed, Origin, Unavailable
from rootsweep.core.finding import Finding, GrantedException, KeyRow, Message, ProcedureResult, Severity, Verdict
from rootsweep.core.organization import Account, AccountState
from rootsweep.core.run import OWNER_COMMAND, CoverageGap
from rootsweep.reports.formats.html.text import ACCESSES, OUTCOME_STYLES, SOURCES, VERDICT_STYLES, to_the_minute, to_the_second
from rootsweep.reports.wording import describe_key, needs_someone, shared_steps

# The table of all accounts: its rows, and what it can be narrowed to.

ROWS_A_BODY: Final = 100
"""How many rows a body of the table has: a browser lays out whole bodies, and passes over those that are out of sight."""


@dataclass(frozen=True, slots=True)
class Row:
    """One account; ``key_ids`` are searched and not shown."""

    id: str
    name: str
    verdict: str
    style: str
    severity: str
    reasons: tuple[str, ...]
    keys: str
    state: str
    as_of: str
    is_excepted: bool
    key_ids: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that occurs, and in how many accounts."""

    value: str
    accounts: int


@dataclass(frozen=True, slots=True)
class Filter:
    """What the table is narrowed by; ``name`` is also that of the state in the address."""

    name: str
    label: str
    choices: tuple[Choice, ...]


def rows_of(findings: Iterable[Finding]) -> Iterator[Row]:
    """Give the rows, in the order of ``findings``."""
    for finding in findings:
        account = finding.account
        yield Row(
            id=account.id,
            name=account.name or "",
            verdict=finding.verdict.value,
            style=VERDICT_STYLES[finding.verdict],
            severity=finding.severity.value if finding.severity else "",
            reasons=finding.reason_codes,
            keys=_keys(finding),
            state=account.state.value if account.state else "",
            as_of=to_the_minute(finding.as_of),
            is_excepted=finding.exception is not None,
            key_ids=" ".join(row.id for row in finding.keys if row.id),
        )


def filters_of(findings: Iterable[Finding]) -> tuple[Filter, ...]:
    """Give the filters, each with the values that occur."""
    listed = list(findings)
    verdicts = Counter(finding.verdict.value for finding in listed)
    severities = Counter(finding.severity.value if finding.severity else "" for finding in listed)
    reasons = Counter(code for finding in listed for code in finding.reason_codes)
    states = Counter(finding.account.state.value if finding.account.state else "" for finding in listed)
    excepted = Counter("yes" if finding.exception else "no" for finding in listed)
    return (
        Filter("verdict", "Verdict", _choices(verdicts, Verdict)),
        Filter("severity", "Severity", _choices(severities, [*Severity, ""])),
        Filter("reason", "Reason", _choices(reasons, sorted(reasons))),
        Filter("state", "Account state", _choices(states, [*AccountState, ""])),
        Filter("excepted", "Excepted", _choices(excepted, ["yes", "no"])),
    )


def _choices(counts: Counter[str], order: Iterable[str]) -> tuple[Choice, ...]:
    return tuple(Choice(str(value), counts[value]) for value in order if counts[value])


def _keys(finding: Finding) -> str:
    if not finding.keys:
        return "none" if finding.verdict is Verdict.COMPLIANT else "not known"
    counts = Counter(_status(row) for row in finding.keys)
    return ", ".join(f"{counts[status]} {status}" for status in ("active", "inactive", "of unknown status") if counts[status])


def _status(row: KeyRow) -> str:
    return "of unknown status" if row.status.value == "UNKNOWN" else row.status.value.lower()


# What is to be done: next steps that accounts share, and what opens the accounts that could not be read, each told once.


@dataclass(frozen=True, slots=True)
class AccountReference:
    """An account that a group points to."""

    id: str
    name: str | None
    is_excepted: bool


@dataclass(frozen=True, slots=True)
class ToDoItem:
    """A change, and the accounts that it concerns.

    ``anchor`` is its id on the page, ``title`` how an account refers to it; ``code`` is the group's, None for a next step;
    ``lines`` are to be copied.
    """

    anchor: str
    title: str
    code: str | None
    text: str
    lines: tuple[str, ...]
    accounts: tuple[AccountReference, ...]


@dataclass(frozen=True, slots=True)
class ToDo:
    """All of it; ``last_resort`` are the lines that open any account, ``last_resort_in`` the group that holds them, if any."""

    steps: tuple[ToDoItem, ...]
    gaps: tuple[ToDoItem, ...]
    last_resort: tuple[str, ...]
    last_resort_in: ToDoItem | None
    by_account: dict[str, ToDoItem]


def to_do_of(findings: Sequence[Finding], gaps: tuple[CoverageGap, ...]) -> ToDo:
    """Group ``findings``, worst first, by what is to be done next."""
    references = {one.account.id: _reference(one) for one in findings}
    steps = tuple(
        ToDoItem(f"step-{number}", f"Step {number}", None, text, (), tuple(references[one.account.id] for one in its_findings))
        for number, (text, its_findings) in enumerate(shared_steps(findings, gaps).items(), 1)
    )
    groups = tuple(
        ToDoItem(
            f"gap-{number}",
            f"Gap {number}",
            str(group.code),
            group.remedy,
            group.how,
            tuple(references[account_id] for account_id in group.accounts),
        )
        for number, group in enumerate(gaps, 1)
    )
    last_resort_in = next((group for group in groups if group.lines == OWNER_COMMAND), None)
    by_account = {account.id: remedy for remedy in (*steps, *groups) for account in remedy.accounts}
    return ToDo(steps, groups, OWNER_COMMAND, last_resort_in, by_account)


def _reference(finding: Finding) -> AccountReference:
    return AccountReference(finding.account.id, finding.account.name, finding.exception is not None)


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
    remedy: ToDoItem | None


def records_of(
    findings: Iterable[Finding], now: datetime, remedies: Mapping[str, ToDoItem], unit_names: Mapping[str, str]
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
