"""What a ``--send`` says."""

import pytest

from rootsweep.delivery.destination import Bucket, Destination, EventBus, SecurityHub, Slack, Topic, Webhook, parse_destination
from rootsweep.delivery.registry import KINDS

TOPIC = "arn:aws-us-gov:sns:us-gov-west-1:111122223333:audits.fifo"
BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/security/audits"


@pytest.mark.parametrize(
    ("text", "destination"),
    [
        ("securityhub", SecurityHub()),
        ("slack", Slack()),
        ("webhook", Webhook()),
        (f"sns:{TOPIC}", Topic(TOPIC, "us-gov-west-1")),
        ("eventbridge:default", EventBus("default", None)),
        (f"eventbridge:{BUS}", EventBus(BUS, "eu-west-1")),
        ("s3://audit-archive", Bucket("audit-archive", "")),
        ("s3://audit-archive/a/b/", Bucket("audit-archive", "a/b")),
    ],
)
def test_what_makes_sense_is_taken(text: str, destination: Destination) -> None:
    assert parse_destination(text) == destination
    assert type(destination) in KINDS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "email",
        "securityhub:eu-west-1",
        "sns",
        "sns:audits",
        "sns:arn:aws:sqs:eu-west-1:111122223333:audits",
        "sns:arn:aws:sns:eu-west-1:1111:audits",
        "eventbridge",
        "eventbridge:",
        "eventbridge:a b",
        "eventbridge:arn:aws:sns:eu-west-1:111122223333:x",
        "s3:bucket",
        "s3://",
        "s3://Upper/x",
        "s3://bucket/\x00",
        "s3://bucket/" + "x" * 900,
        "slack:https://hooks.slack.com/services/s3cr3t",
        "webhook:https://example.org/s3cr3t",
        "https://example.org/s3cr3t",
        "s3cr3t",
    ],
)
def test_what_makes_none_is_refused_and_no_secret_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_destination(text)
    assert "s3cr3t" not in str(caught.value)
