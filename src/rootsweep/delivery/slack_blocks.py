"""The news as blocks of Slack's Block Kit.

A message has 50 blocks at most, a section 3,000 characters, a header 150 (Slack, "Block Kit", "Blocks"), and Slack refuses
messages that are too long as a whole: there are fewer accounts here than would fit. Names are escaped, so that they can neither
mention anybody nor be a link, and what is sent as ``verbatim`` is not searched for mentions and links.
"""

from collections.abc import Iterator
from typing import Any, Final

from rootsweep.delivery.news import News, NewsItem
from rootsweep.delivery.text import WORDS, account_name, first_lines, title, verdict_words
from rootsweep.reports.counted import counted
from rootsweep.reports.formats.one_line import one_line

MOST_ACCOUNTS: Final = 20

_LONGEST_HEADER: Final = 150
_LONGEST_SUMMARY: Final = 2000
_LONGEST_ACCOUNT: Final = 500
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
"""Slack, "Formatting text for app surfaces", "Escaping text"; nothing else is to be escaped."""


def slack_message(news: News) -> dict[str, Any]:
    """Give the message; ``text`` is what a notification shows."""
    name = title(news)
    header = {"type": "header", "text": {"type": "plain_text", "text": name[:_LONGEST_HEADER], "emoji": False}}
    summary = _section(escaped("\n".join(first_lines(news)), _LONGEST_SUMMARY))
    return {"text": name, "blocks": [header, summary, *_accounts(news)]}


def _accounts(news: News) -> Iterator[dict[str, Any]]:
    for item in news.items[:MOST_ACCOUNTS]:
        yield _section(_account_text(item))
    left_out = len(news.items) - MOST_ACCOUNTS
    if left_out > 0:
        yield _section(f"and {counted(left_out, 'further account')}: see the report.")


def _account_text(item: NewsItem) -> str:
    head = f"*{WORDS[item.kind].capitalize()}*: {escaped(account_name(item), 200)}, {verdict_words(item)}"
    if item.finding is None:
        return head
    reasons = one_line(" ".join(one.message for one in item.finding.reasons))
    return f"{head}\n{escaped(reasons, _LONGEST_ACCOUNT)}"


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def escaped(text: str, limit: int) -> str:
    """Escape what Slack would act on; what is longer than the limit when escaped is cut between characters."""
    parts = [_ENTITIES.get(char, char) for char in text]
    if sum(map(len, parts)) <= limit:
        return "".join(parts)
    room = limit - 1
    taken: list[str] = []
    for part in parts:
        room -= len(part)
        if room < 0:
            break
        taken.append(part)
    return "".join(taken) + "\u2026"
