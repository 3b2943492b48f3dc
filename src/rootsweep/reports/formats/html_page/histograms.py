"""How old the root keys are, and when they were last used, as bars; ages are those at the end of the audit."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rootsweep.model.evidence import KeyStatus, LastUsed, NoLastUse
from rootsweep.model.finding import KeyRow
from rootsweep.model.run import Run
from rootsweep.reports.counted import counted

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
