"""A message to a Slack channel, by its incoming webhook."""

import json
from typing import Final

from rootsweep.delivery.destination import Slack
from rootsweep.delivery.means import Means
from rootsweep.delivery.news import News
from rootsweep.delivery.outcome import NotSent, Outcome, Sent
from rootsweep.delivery.post import Answered, post, refused
from rootsweep.delivery.slack_blocks import slack_message
from rootsweep.reports.counted import counted

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


def deliver(_: Slack, news: News, means: Means) -> Outcome:
    """Post the message; that Slack got it twice cannot be ruled out where an answer was lost."""
    url = means.secrets.slack_url
    if url is None:
        return NotSent("there is no URL of a Slack webhook", "set ROOTSWEEP_SLACK_WEBHOOK_URL")
    body = json.dumps(slack_message(news)).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"rootsweep/{news.run.tool_version}"}
    answer = post(url, headers, body, means.network, means.pace)
    if not isinstance(answer, Answered):
        return answer
    if answer.status == _OK:
        return Sent(counted(len(news.items), "account"))
    words = _REFUSALS.get(answer.body.strip())
    return refused(answer, url) if words is None else NotSent(*words)
