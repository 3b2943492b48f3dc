"""A message to a Slack channel, by its incoming webhook."""

import json
from collections.abc import Iterator
from typing import Any, Final

from rootsweep.delivery.changes import WORDS, AccountChange, Changes, account_name, first_lines, title, verdict_words
from rootsweep.delivery.context import DeliveryContext
from rootsweep.delivery.destination import NotSent, Outcome, Sent, Slack
from rootsweep.delivery.https import Answered, post, refused
from rootsweep.reports.wording import counted, one_line

_OK: Final = 200

_REFUSALS: Final = {
    b"action_prohibited": ("the workspace does not let the webhook post", "ask an administrator of the workspace"),
    b"channel_is_archived": ("the channel is archived", "make a webhook for another channel"),
    b"channel_not_found": ("the channel is gone", "make a webhook for another channel"),
    b"invalid_payload": ("Slack does not understand the message", "report it: this is a bug of rootsweep"),
    b"invalid_token": ("the webhook's URL is wrong or cut off", "copy it again from Slack"),
    b"no_active_hooks": ("the webhook is disabled", "enable it, or make another"),
    b"no_service": ("the webhook was revoked", "make another"),
    b"no_team": ("the webhook's URL is wrong, or its workspace is gone", "copy it again from Slack"),
}
"""What Slack answers in plain text (Slack, "Sending messages using incoming webhooks", "Handling errors")."""


def deliver(_: Slack, changes: Changes, context: DeliveryContext) -> Outcome:
    """Post the message; that Slack got it twice cannot be ruled out where an answer was lost."""
    url = context.secrets.slack_url
    if url is None:
        return NotSent("there is no URL of a Slack webhook", "set ROOTSWEEP_SLACK_WEBHOOK_URL")
    body = json.dumps(slack_message(changes)).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"rootsweep/{changes.run.tool_version}"}
    answer = post(url, headers, body, context.network, context.pace)
    if not isinstance(answer, Answered):
        return answer
    if answer.status == _OK:
        return Sent(counted(len(changes.items), "account"))
    words = _REFUSALS.get(answer.body.strip())
    return refused(answer, url) if words is None else NotSent(*words)


# The changes as blocks of Slack's Block Kit.
#
# A message has 50 blocks at most, a section 3,000 characters, a header 150 (Slack, "Block Kit", "Blocks"), and Slack refuses
# messages that are too long as a whole: there are fewer accounts here than would fit. Names are escaped, so that they can
# neither mention anybody nor be a link, and what is sent as ``verbatim`` is not searched for mentions and links.

MOST_ACCOUNTS: Final = 20

_LONGEST_HEADER: Final = 150
_LONGEST_SUMMARY: Final = 2000
_LONGEST_ACCOUNT: Final = 500
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
"""Slack, "Formatting text for app surfaces", "Escaping text"; nothing else is to be escaped."""


def slack_message(changes: Changes) -> dict[str, Any]:
    """Return the message; ``text`` is what a notification shows."""
    name = title(changes)
    header = {"type": "header", "text": {"type": "plain_text", "text": name[:_LONGEST_HEADER], "emoji": False}}
    summary = _section(escaped("\n".join(first_lines(changes)), _LONGEST_SUMMARY))
    return {"text": name, "blocks": [header, summary, *_accounts(changes)]}


def _accounts(changes: Changes) -> Iterator[dict[str, Any]]:
    for item in changes.items[:MOST_ACCOUNTS]:
        yield _section(_account_text(item))
    left_out = len(changes.items) - MOST_ACCOUNTS
    if left_out > 0:
        yield _section(f"and {counted(left_out, 'further account')}: see the report.")


def _account_text(item: AccountChange) -> str:
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
