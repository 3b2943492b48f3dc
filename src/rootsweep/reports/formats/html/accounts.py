"""The accounts of the page: the keys that were found, the rows of the table, and what is to be done."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rootsweep.core.finding import Finding, KeyRow, Severity, Verdict
from rootsweep.core.organization import AccountState
from rootsweep.core.run import OWNER_COMMAND, CoverageGap
from rootsweep.reports.formats.html.text import VERDICT_STYLES, to_the_minute
from rootsweep.reports.wording import describe_age, describe_last_use, name_key, needs_someone, shared_steps


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A root access key that was found, and its account; ``severity`` is "excepted" where someone answers for it."""

    account_id: str
    account_name: str
    severity: str
    key: str
    status: str
    age: str
    last_use: str


def found_keys_of(findings: Iterable[Finding], now: datetime) -> tuple[FoundKey, ...]:
    """Return the keys of the accounts that are non-compliant, in the order of ``findings``; ages are those at ``now``.

    An account of which no more is known than that it has a key is a row without the key's data.
    """
    return tuple(
        found
        for finding in findings
        if finding.verdict is Verdict.NON_COMPLIANT
        for found in ([_found_key(finding, row, now) for row in finding.keys] or [_found_key(finding, None, now)])
    )


def _found_key(finding: Finding, row: KeyRow | None, now: datetime) -> FoundKey:
    severity = "excepted" if finding.exception else str(finding.severity or "")
    about = ("not known", "", "", "") if row is None else _about_key(row, now)
    return FoundKey(finding.account.id, finding.account.name or "", severity, *about)


def _about_key(row: KeyRow, now: datetime) -> tuple[str, str, str, str]:
    return name_key(row), row.status.value, describe_age(row, now), describe_last_use(row.last_use).removeprefix("last used ")


# The table of all accounts: its rows, and what it can be narrowed to.

ROWS_A_BODY: Final = 100
"""How many rows a body of the table has: a browser lays out whole bodies, and passes over those that are out of sight."""


@dataclass(frozen=True, slots=True)
class Row:
    """One account; ``key_ids`` are searched and not shown. A record leads back to the row where it needs someone."""

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
    needs_someone: bool
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
    """Return the rows, in the order of ``findings``."""
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
            needs_someone=needs_someone(finding),
            key_ids=" ".join(row.id for row in finding.keys if row.id),
        )


def filters_of(findings: Iterable[Finding]) -> tuple[Filter, ...]:
    """Return the filters, each with the values that occur."""
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
