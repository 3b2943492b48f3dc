"""The news as JSON to a person's own service, signed, and named so that the same news counts once."""

from typing import Final

from rootsweep.delivery.destination import Webhook
from rootsweep.delivery.document import content_key, news_document
from rootsweep.delivery.means import Means
from rootsweep.delivery.news import News
from rootsweep.delivery.outcome import NotSent, Outcome, Sent
from rootsweep.delivery.post import Answered, post, refused
from rootsweep.delivery.signature import HEADER, sign
from rootsweep.reports.counted import counted

_SUCCESSES: Final = range(200, 300)


def deliver(_: Webhook, news: News, means: Means) -> Outcome:
    """Post the document. Its time is that of the first try, for all tries together take less than a receiver tolerates."""
    url, secret = means.secrets.webhook_url, means.secrets.webhook_secret
    if url is None or secret is None:
        return NotSent(
            "there is no URL, or no secret, of the webhook", "set ROOTSWEEP_WEBHOOK_URL and ROOTSWEEP_WEBHOOK_SECRET"
        )
    body = news_document(news)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"rootsweep/{news.run.tool_version}",
        "Idempotency-Key": content_key(news),
        HEADER: sign(secret, body, int(means.clock().timestamp())),
    }
    answer = post(url, headers, body, means.network, means.pace)
    if not isinstance(answer, Answered):
        return answer
    return Sent(counted(len(news.items), "account")) if answer.status in _SUCCESSES else refused(answer, url)
