"""The accounts that need nobody: how many, and the ids of as many as fit, folded away."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from rootsweep.model.finding import Finding, Verdict
from rootsweep.reports.counted import counted
from rootsweep.reports.formats.markdown.fitting import and_more, fitting
from rootsweep.reports.formats.markdown.text import account_id, clipped, code

_MOST_BYTES: Final = 4_000
_MOST_BYTES_OF_IDS: Final = 3_000
_SHOWN_CODES: Final = 3


def others_sections(findings: Sequence[Finding]) -> Iterator[str]:
    """Give a section for each verdict; the findings come in the order of their verdicts and reasons."""
    for verdict, of_verdict in groupby(findings, key=lambda finding: finding.verdict):
        listed = list(of_verdict)
        is_proven = verdict is Verdict.COMPLIANT
        said = f"{verdict.value}{', without any key' if is_proven else ''}: {counted(len(listed), 'account')}"
        yield f"<details><summary>{said}</summary>"
        if is_proven:
            yield _as_of(listed)
        yield from _by_reason(listed)
        yield "</details>"


def _as_of(findings: Sequence[Finding]) -> str:
    times = [finding.as_of for finding in findings if finding.as_of is not None]
    unknown = len(findings) - len(times)
    oldest = f"The oldest evidence that proves it is as of {min(times):%Y-%m-%d %H:%M} UTC." if times else ""
    untimed = f"Of {counted(unknown, 'account')} the time of the evidence is unknown." if unknown else ""
    return " ".join(filter(None, (oldest, untimed)))


def _by_reason(findings: Sequence[Finding]) -> Iterator[str]:
    groups = [list(group) for _, group in groupby(findings, key=_reasons)]
    lines = fitting(_lines(groups), _MOST_BYTES)
    yield from lines
    hidden = sum(map(len, groups[len(lines) :]))
    if hidden:
        yield f"{and_more(hidden, 'account')}."


def _lines(groups: list[list[Finding]]) -> Iterator[str]:
    room = _MOST_BYTES_OF_IDS
    for group in groups:
        shown = fitting((account_id(finding.account.id) for finding in group), room)
        room -= sum(len(one) + 2 for one in shown)
        more = f" {and_more(len(group) - len(shown), 'account')}" if len(group) > len(shown) else ""
        yield f"{_reasons(group[0])} ({counted(len(group), 'account')}): {', '.join(shown)}{more}"


def _reasons(finding: Finding) -> str:
    return ", ".join(code(clipped(one, 60)) for one in finding.reason_codes[:_SHOWN_CODES])
