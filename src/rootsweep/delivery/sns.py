"""One message to a topic of Amazon SNS: text for people; programs are served better by EventBridge or a webhook."""

import json
from typing import Final

from rootsweep.aws.pacing import within
from rootsweep.aws.publishing import Order, publish
from rootsweep.aws.session import AccountAccess
from rootsweep.core.answer import Refusal
from rootsweep.delivery.changes import Changes, content_key, plain_text, title
from rootsweep.delivery.context import DeliveryContext
from rootsweep.delivery.destination import Outcome, Sent, Topic, not_sent
from rootsweep.reports.wording import counted

_MOST_BYTES: Final = 262_144
"""What every topic takes (Amazon SNS API reference, Publish, Message)."""

_ROOM: Final = 2_048
"""For the short text, the names of the protocols and the quotes."""


def deliver(destination: Topic, changes: Changes, context: DeliveryContext) -> Outcome:
    """Publish the changes: a short text for telephones, the whole one for every other subscriber."""
    sender = context.sender
    subject = title(changes)
    message = json.dumps({"default": plain_text(changes, _MOST_BYTES - _ROOM), "sms": subject})
    order = Order("rootsweep", content_key(changes)) if destination.is_fifo else None
    access = AccountAccess(sender.access.access, destination.region, sender.access.credentials)
    with within(context.pace.seconds):
        outcome = publish(sender.session, access, destination.arn, subject, message, order)
    if isinstance(outcome, Refusal):
        return not_sent(outcome)
    return Sent(counted(len(changes.items), "account"))
