"""The pictures of the page: verdicts, ages and last uses of keys, and the trend, as bars."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rootsweep.core.evidence import KeyStatus, LastUsed, NoLastUse
from rootsweep.core.finding import KeyRow, Verdict
from rootsweep.core.history.recorded import RunRecord
from rootsweep.core.run import Run, Summary
from rootsweep.reports.wording import counted

_UNKNOWN: Final = "unknown"
_NEVER_RECORDED: Final = "never recorded"
_YEAR: Final = 365
_AGES: Final = (
    (90, "under 90 days"),
    (_YEAR, "90 days to 1 year"),
    (3 * _YEAR, "1 to 3 years"),
    (5 * _YEAR, "3 to 5 years"),
)
_OLDER: Final = "5 years and more"
_USES: Final = (
    (7, "in the last 7 days"),
    (30, "in the last 30 days"),
    (90, "in the last 90 days"),
    (_YEAR, "in the last year"),
)
_LONGER_AGO: Final = "longer ago"
_STYLES: Final = {KeyStatus.ACTIVE: "active", KeyStatus.INACTIVE: "inactive", KeyStatus.UNKNOWN: "status-unknown"}


@dataclass(frozen=True, slots=True)
class Segment:
    """The keys of one status in a bar; ``begin`` and ``share`` are per cent of the longest bar."""

    style: str
    begin: float
    share: float


@dataclass(frozen=True, slots=True)
class Bar:
    """The keys of one span of time: in all, and by status."""

    label: str
    keys: int
    text: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Histogram:
    """A picture of all keys; ``note`` says what its times mean."""

    title: str
    column: str
    bars: tuple[Bar, ...]
    note: str


@dataclass(frozen=True, slots=True)
class KeyPictures:
    """What is drawn of the keys, or, where none was seen, why nothing is; ``statuses`` are those that occur, as a legend."""

    total: str
    statuses: tuple[tuple[str, str], ...]
    histograms: tuple[Histogram, ...]


def key_pictures(run: Run) -> KeyPictures:
    """Draw the age and the last use of every root key that was seen."""
    keys = [row for finding in run.findings for row in finding.keys]
    if not keys:
        return KeyPictures(_no_keys(run), (), ())
    accounts = sum(bool(finding.keys) for finding in run.findings)
    counts = Counter(row.status for row in keys)
    statuses = tuple((_STYLES[status], f"{counts[status]:,} {_word(status)}") for status in KeyStatus if counts[status])
    total = f"{counted(len(keys), 'root access key')} seen in {counted(accounts, 'account')}."
    return KeyPictures(total, statuses, (_age_histogram(keys, run.finished_at), _use_histogram(keys, run.finished_at)))


def _no_keys(run: Run) -> str:
    summary = run.summary()
    if summary.non_compliant:
        return "No root access key was described by the evidence: that there are any was told without their dates."
    if summary.insufficient_data:
        return "No root access key was seen in the accounts that could be judged."
    return "No root access key was seen." if run.findings else "No account was audited, so no key was looked for."


def _age_histogram(keys: list[KeyRow], now: datetime) -> Histogram:
    labels = [*(label for _, label in _AGES), _OLDER, _UNKNOWN]
    least = sum(row.created_at is None and row.last_rotated_at is not None for row in keys)
    note = "Days since creation, at the end of the audit."
    if least:
        note += f" Of {counted(least, 'key')} a report tells only when created or last changed: at least that old."
    return Histogram("Age of the keys", "Age", _bars(keys, labels, lambda row: _age_label(row, now)), note)


def _use_histogram(keys: list[KeyRow], now: datetime) -> Histogram:
    labels = [*(label for _, label in _USES), _LONGER_AGO, _NEVER_RECORDED, _UNKNOWN]
    note = "Each key in the first span that fits. Never recorded: no use since AWS began to track it in April 2015."
    return Histogram("Last use of the keys", "Last used", _bars(keys, labels, lambda row: _use_label(row, now)), note)


def _age_label(row: KeyRow, now: datetime) -> str:
    since = row.created_at or row.last_rotated_at
    return _UNKNOWN if since is None else _span(since, now, _AGES, _OLDER)


def _use_label(row: KeyRow, now: datetime) -> str:
    match row.last_use:
        case LastUsed(at=at):
            return _span(at, now, _USES, _LONGER_AGO)
        case NoLastUse.NEVER_RECORDED:
            return _NEVER_RECORDED
        case NoLastUse.UNKNOWN:
            return _UNKNOWN


def _span(time: datetime, now: datetime, spans: Iterable[tuple[int, str]], beyond: str) -> str:
    days = (now - time).days
    return next((label for limit, label in spans if days < limit), beyond)


def _bars(keys: list[KeyRow], labels: list[str], label_of: Callable[[KeyRow], str]) -> tuple[Bar, ...]:
    counts = Counter((label_of(row), row.status) for row in keys)
    totals = {label: sum(counts[label, status] for status in KeyStatus) for label in labels}
    longest = max(totals.values())
    return tuple(_bar(label, {status: counts[label, status] for status in KeyStatus}, longest) for label in labels)


def _bar(label: str, counts: dict[KeyStatus, int], longest: int) -> Bar:
    segments, begin = [], 0.0
    for status, keys in counts.items():
        if keys:
            share = 100 * keys / longest
            segments.append(Segment(_STYLES[status], round(begin, 3), round(share, 3)))
            begin += share
    text = ", ".join(f"{keys:,} {_word(status)}" for status, keys in counts.items() if keys)
    return Bar(label, sum(counts.values()), text, tuple(segments))


def _word(status: KeyStatus) -> str:
    return "of unknown status" if status is KeyStatus.UNKNOWN else status.value.lower()


# The verdicts in one bar, and the number of each.

_LEAST_SHARE: Final = 1.0
"""Per cent of the bar: less could not be seen, and one account must be seen among 10,000."""

_WORDS: Final = {
    "compliant": (Verdict.COMPLIANT, "proven to have no root access key"),
    "non-compliant": (Verdict.NON_COMPLIANT, "with a root access key, or with sources that disagree"),
    "excepted": (Verdict.NON_COMPLIANT, "excepted: someone answers for the key until a day"),
    "insufficient-data": (Verdict.INSUFFICIENT_DATA, "could not be judged, and are not proven"),
    "not-applicable": (Verdict.NOT_APPLICABLE, "closed, not readable in their state, or without a root user"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """The accounts of one verdict.

    ``begin`` and ``share`` are per cent of the bar; ``is_widened`` where it is drawn wider than it is, so that it can be seen.
    ``filters`` narrows the table of accounts to them.
    """

    style: str
    word: str
    meaning: str
    accounts: int
    filters: str
    begin: float
    share: float
    is_widened: bool


def verdict_parts(run: Run) -> tuple[Part, ...]:
    """Return the parts of the bar, those without an account too, except for exceptions."""
    summary = run.summary()
    counts = {
        "compliant": summary.compliant,
        "non-compliant": summary.non_compliant - summary.excepted,
        "excepted": summary.excepted,
        "insufficient-data": summary.insufficient_data,
        "not-applicable": summary.not_applicable,
    }
    parts, begin = [], 0.0
    for style, share in zip(counts, _shares(list(counts.values())), strict=True):
        word, meaning = _WORDS[style]
        filters = f"verdict={word.value}"
        if summary.excepted and word is Verdict.NON_COMPLIANT:
            filters += f"&excepted={'yes' if style == 'excepted' else 'no'}"
        if counts[style] or style != "excepted":
            widened = 0 < 100 * counts[style] < _LEAST_SHARE * summary.accounts
            part = Part(style, word.value, meaning, counts[style], filters, round(begin, 3), round(share, 3), widened)
            parts.append(part)
        begin += share
    return tuple(parts)


def _shares(counts: list[int]) -> list[float]:
    total = sum(counts)
    if not total:
        return [0.0] * len(counts)
    wanted = [max(100 * count / total, _LEAST_SHARE) if count else 0.0 for count in counts]
    return [100 * share / sum(wanted) for share in wanted]


# What earlier audits of the same scope found, as bars of the accounts that were not proven; the newest is the last.

_MOST: Final = 15
_PARTS: Final = {
    "non-compliant": "non-compliant",
    "excepted": "excepted",
    "insufficient-data": "could not be judged",
}


@dataclass(frozen=True, slots=True)
class TrendSegment:
    """The accounts of one kind; ``begin`` and ``share`` are per cent of the longest bar."""

    style: str
    begin: float
    share: float


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One audit: when it ended, how many accounts were proven, and what the others were."""

    when: str
    proven: str
    text: str
    segments: tuple[TrendSegment, ...]


def trend_of(run: Run, earlier: Sequence[RunRecord]) -> tuple[TrendRow, ...]:
    """Return a row for each of the newest earlier runs and for this one; none where there is no earlier one."""
    if not earlier:
        return ()
    newest = sorted(earlier, key=lambda record: record.finished_at)[1 - _MOST :]
    ended = [(record.finished_at, record.summary) for record in newest] + [(run.finished_at, run.summary())]
    longest = max(sum(_counts(summary).values()) for _, summary in ended)
    return tuple(
        TrendRow(
            when=f"{finished_at:%Y-%m-%d %H:%M}",
            proven=f"{summary.proven:,} of {summary.applicable:,}",
            text=", ".join(f"{number:,} {_PARTS[style]}" for style, number in _counts(summary).items() if number) or "none",
            segments=tuple(_segments(_counts(summary), longest)),
        )
        for finished_at, summary in ended
    )


def _counts(summary: Summary) -> dict[str, int]:
    return {
        "non-compliant": summary.non_compliant - summary.excepted,
        "excepted": summary.excepted,
        "insufficient-data": summary.insufficient_data,
    }


def _segments(counts: dict[str, int], longest: int) -> list[TrendSegment]:
    segments, begin = [], 0.0
    for style, number in counts.items():
        share = 100 * number / longest if longest else 0.0
        if number:
            segments.append(TrendSegment(style, round(begin, 3), round(share, 3)))
        begin += share
    return segments
