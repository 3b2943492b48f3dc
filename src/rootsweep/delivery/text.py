"""The news as people read them, in plain text: names are in one line and can act on no terminal."""

import json
from collections.abc import Iterator
from typing import Final

from rootsweep.delivery.news import News, NewsItem, NewsKind
from rootsweep.model.finding import Finding
from rootsweep.reports.counted import counted
from rootsweep.reports.formats.one_line import one_line
from rootsweep.reports.headline import headline
from rootsweep.reports.incompleteness import incompleteness
from rootsweep.reports.key_text import describe_key
from rootsweep.reports.left_out import warnings_of

WORDS: Final = {
    NewsKind.NEW: "new",
    NewsKind.REAPPEARED: "reappeared",
    NewsKind.LOST_SIGHT_OF: "lost sight of",
    NewsKind.FIXED: "fixed",
    NewsKind.LISTED: "unchanged",
}

_LONGEST_NAME: Final = 100
_LONGEST_SENTENCE: Final = 1000
_MOST_REFUSED: Final = 20


def title(news: News) -> str:
    """Tell the counts in ASCII, in less than 100 characters."""
    changes = ", ".join(f"{number} {WORDS[kind]}" for kind, number in news.counts().items() if kind is not NewsKind.LISTED)
    return f"rootsweep: {changes or 'no change'} ({counted(len(news.run.findings), 'account').replace(',', '')})"


def since(news: News) -> str:
    """Tell what the changes are changes from."""
    if news.previous_run_at is None:
        return "There is no earlier run to compare with."
    return f"Changes since the run that ended on {news.previous_run_at:%Y-%m-%d at %H:%M} UTC."


def first_lines(news: News) -> list[str]:
    """Give the summary: what is proven, what is missing, since when."""
    reasons = [one_line(one.message, _LONGEST_SENTENCE) for one in incompleteness(news.run)]
    more = [f"{len(reasons) - _MOST_REFUSED} further reasons are in the report."] if len(reasons) > _MOST_REFUSED else []
    when = f"Audited on {news.run.finished_at:%Y-%m-%d at %H:%M} UTC by rootsweep {news.run.tool_version}."
    warnings = [one_line(one.message, _LONGEST_SENTENCE) for one in warnings_of(news.run)]
    return [f"{headline(news.run)}.", *warnings, *reasons[:_MOST_REFUSED], *more, when, since(news)]


def account_name(item: NewsItem) -> str:
    """Give the account's id, and its name in brackets where it has one."""
    name = one_line(item.account.name or "", _LONGEST_NAME)
    return f"{item.account.id} ({name})" if name else item.account.id


def verdict_words(item: NewsItem) -> str:
    """Give the verdict with its severity."""
    finding = item.finding
    if finding is None:
        return "not in this run"
    severity = f", {finding.severity}" if finding.severity else ""
    return f"{finding.verdict}{severity}{', excepted' if finding.exception else ''}"


def plain_text(news: News, most_bytes: int) -> str:
    """Give the whole text; accounts that do not fit, as JSON writes them in ASCII, are counted at its end."""
    lines = [*first_lines(news), ""]
    left = most_bytes - sum(map(_size, lines)) - _size("and 1,000,000 further accounts: see the report.")
    for number, item in enumerate(news.items):
        its_lines = list(_item_lines(item, news))
        left -= sum(map(_size, its_lines))
        if left < 0:
            lines.append(f"and {counted(len(news.items) - number, 'further account')}: see the report.")
            break
        lines += its_lines
    return "\n".join(lines)


def _item_lines(item: NewsItem, news: News) -> Iterator[str]:
    yield f"[{WORDS[item.kind]}] {account_name(item)}: {verdict_words(item)}"
    if item.finding is not None:
        yield from _finding_lines(item.finding, news)


def _finding_lines(finding: Finding, news: News) -> Iterator[str]:
    for reason in finding.reasons:
        yield f"  {one_line(reason.message, _LONGEST_SENTENCE)}"
    for key in finding.keys:
        yield f"  {one_line(describe_key(key, news.run.finished_at), _LONGEST_SENTENCE)}"
    if finding.next_step:
        yield f"  next step: {one_line(finding.next_step, _LONGEST_SENTENCE)}"


def _size(line: str) -> int:
    return len(json.dumps(f"{line}\n")) - 2
