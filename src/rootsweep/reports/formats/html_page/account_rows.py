"""The table of all accounts: its rows, and what it can be narrowed to."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rootsweep.model.finding import Finding, KeyRow, Severity, Verdict
from rootsweep.model.organization import AccountState
from rootsweep.reports.formats.html_page.words import VERDICT_STYLES, to_the_minute

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
