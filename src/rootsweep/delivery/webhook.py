"""The changes as JSON to a person's own service, signed, and named so that the same changes count once."""

import hashlib
import hmac
from typing import Final

from rootsweep.delivery.changes import Changes, changes_document, content_key
from rootsweep.delivery.context import DeliveryContext
from rootsweep.delivery.destination import NotSent, Outcome, Sent, Webhook
from rootsweep.delivery.https import Answered, post, refused
from rootsweep.reports.wording import counted

_SUCCESSES: Final = range(200, 300)


def deliver(_: Webhook, changes: Changes, context: DeliveryContext) -> Outcome:
    """Post the document. Its time is that of the first try, for all tries together take less than a receiver tolerates."""
    url, secret = context.secrets.webhook_url, context.secrets.webhook_secret
    if url is None or secret is None:
        return NotSent(
            "there is no URL, or no secret, of the webhook", "set ROOTSWEEP_WEBHOOK_URL and ROOTSWEEP_WEBHOOK_SECRET"
        )
    body = changes_document(changes)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"rootsweep/{changes.run.tool_version}",
        "Idempotency-Key": content_key(changes),
        HEADER: sign(secret, body, int(context.clock().timestamp())),
    }
    answer = post(url, headers, body, context.network, context.pace)
    if not isinstance(answer, Answered):
        return answer
    return Sent(counted(len(changes.items), "account")) if answer.status in _SUCCESSES else refused(answer, url)


# The signature of a webhook's request; docs/delivery.md tells how a receiver verifies it.

HEADER: Final = "Rootsweep-Signature"


def sign(secret: bytes, body: bytes, at: int) -> str:
    """Return the header's value: the time in epoch seconds, and the HMAC-SHA256 of time, a full stop and the body."""
    digest = hmac.new(secret, b"%d.%b" % (at, body), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
