"""The verdicts in one bar, and the number of each."""

from dataclasses import dataclass
from typing import Final

from rootsweep.model.finding import Verdict
from rootsweep.model.run import Run

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
    """Give the parts of the bar, those without an account too, except for exceptions."""
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
