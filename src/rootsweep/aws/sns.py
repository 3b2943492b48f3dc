"""The one call of Amazon SNS (Amazon SNS API reference)."""

from dataclasses import dataclass
from typing import Final

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.call import ask
from rootsweep.aws.explanations import explained
from rootsweep.aws.session import Session

_WORDS: Final = {
    "NotFound": ("the topic does not exist", "check its ARN"),
    "KMSAccessDenied": ("the topic's key may not be used", "allow kms:GenerateDataKey* and kms:Decrypt on it"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What a FIFO topic asks for: the group whose messages stay in order, and an id by which the same message counts once."""

    group: str
    deduplication_id: str


def publish(  # noqa: PLR0913, PLR0917  a message is what it consists of
    session: Session, access: AccountAccess, topic_arn: str, subject: str, message: str, order: Order | None
) -> Answer[str] | Refusal:
    """Publish one message, a JSON object of texts by protocol, and give its id (Publish, MessageStructure ``json``)."""
    further = {} if order is None else {"MessageGroupId": order.group, "MessageDeduplicationId": order.deduplication_id}
    outcome = ask(
        session,
        access,
        "sns:Publish",
        lambda sns: sns.publish(TopicArn=topic_arn, Subject=subject, Message=message, MessageStructure="json", **further),
        lambda response: str(response["MessageId"]),
    )
    return explained(outcome, _WORDS)
