"""What earlier audits of the same scope found, as bars of the accounts that were not proven; the newest is the last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rootsweep.model.history import RunRecord
from rootsweep.model.run import Run, Summary

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
    """Give a row for each of the newest earlier runs and for this one; none where there is no earlier one."""
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
