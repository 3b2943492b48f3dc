"""Where something is sent, as a ``--send`` says, and what came of it."""

import re
from dataclasses import dataclass
from typing import Final

from rootsweep.core.answer import Refusal
from rootsweep.delivery import FORMS

_REGION: Final = r"[a-z]{2,}(?:-[a-z0-9]+)+"
_TOPIC: Final = re.compile(rf"arn:aws[a-z-]*:sns:(?P<region>{_REGION}):\d{{12}}:[\w-]{{1,256}}(?:\.fifo)?", re.ASCII)
_BUS: Final = re.compile(rf"arn:aws[a-z-]*:events:(?P<region>{_REGION}):\d{{12}}:event-bus/[\w./-]{{1,256}}", re.ASCII)
_BUS_NAME: Final = re.compile(r"[\w./-]{1,256}", re.ASCII)
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_LONGEST_PREFIX: Final = 800
"""Bytes of UTF-8; a key may have 1,024 (Amazon S3 User Guide, "Naming Amazon S3 objects")."""


@dataclass(frozen=True, slots=True)
class SecurityHub:
    """AWS Security Hub, from inside each account, in the Region of the session."""

    name: str = "securityhub"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of Amazon SNS, in the Region of its ARN."""

    arn: str
    region: str

    @property
    def name(self) -> str:
        """As a person wrote it."""
        return f"sns:{self.arn}"

    @property
    def is_fifo(self) -> bool:
        """Whether it keeps the order of messages (Amazon SNS Developer Guide, "Message ordering and deduplication")."""
        return self.arn.endswith(".fifo")


@dataclass(frozen=True, slots=True)
class EventBus:
    """A bus of Amazon EventBridge by name, in the Region of the session (``region`` None), or by ARN, in its own."""

    bus: str
    region: str | None

    @property
    def name(self) -> str:
        """As a person wrote it."""
        return f"eventbridge:{self.bus}"


@dataclass(frozen=True, slots=True)
class Slack:
    """A Slack channel, by its incoming webhook."""

    name: str = "slack"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A person's own service."""

    name: str = "webhook"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A folder of an Amazon S3 bucket; ``prefix`` has no slash at its ends, and is empty for the bucket itself."""

    bucket: str
    prefix: str

    @property
    def name(self) -> str:
        """As a person wrote it, more or less."""
        return f"s3://{self.bucket}/{self.prefix}"


Destination = SecurityHub | Topic | EventBus | Slack | Webhook | Bucket


def parse_destination(text: str) -> Destination:
    """Read a ``--send``; raises ``ValueError`` with a sentence that never repeats what could be a secret URL."""
    kind, colon, rest = text.partition(":")
    match kind, rest:
        case "securityhub", "" if not colon:
            return SecurityHub()
        case "slack", "" if not colon:
            return Slack()
        case "webhook", "" if not colon:
            return Webhook()
        case "slack", _:
            raise ValueError("slack takes its URL from ROOTSWEEP_SLACK_WEBHOOK_URL or --slack-webhook-file, never from --send")
        case "webhook", _:
            raise ValueError("webhook takes its URL from ROOTSWEEP_WEBHOOK_URL or --webhook-url-file, never from --send")
        case "sns", _:
            return _topic(rest)
        case "eventbridge", _:
            return _bus(rest)
        case "s3", _:
            return _bucket(rest)
        case _:
            raise ValueError(f"this is no destination; write one of {FORMS}")


def _topic(arn: str) -> Topic:
    match = _TOPIC.fullmatch(arn)
    if match is None:
        raise ValueError("sns takes the ARN of a topic, as in sns:arn:aws:sns:eu-west-1:111122223333:audits")
    return Topic(arn, match["region"])


def _bus(bus: str) -> EventBus:
    match = _BUS.fullmatch(bus)
    if match is not None:
        return EventBus(bus, match["region"])
    if _BUS_NAME.fullmatch(bus) is None:
        raise ValueError("eventbridge takes the name or the ARN of an event bus, as in eventbridge:default")
    return EventBus(bus, None)


def _bucket(rest: str) -> Bucket:
    bucket, _, prefix = rest.removeprefix("//").partition("/")
    prefix = prefix.strip("/")
    if not rest.startswith("//") or _BUCKET.fullmatch(bucket) is None:
        raise ValueError("s3 takes a bucket and a prefix, as in s3://audit-archive/rootsweep")
    if not prefix.isprintable() or len(prefix.encode()) > _LONGEST_PREFIX:
        raise ValueError(
            f"the prefix after s3://{bucket}/ is of printable characters, and at most {_LONGEST_PREFIX} bytes long"
        )
    return Bucket(bucket, prefix)


# What has become of a delivery.


@dataclass(frozen=True, slots=True)
class Sent:
    """The destination has taken it; ``what`` is a clause, such as ``3 changes``."""

    what: str


@dataclass(frozen=True, slots=True)
class NothingToSend:
    """Nothing has changed."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """The destination has not taken it, or not all of it: ``problem`` and ``advice`` are clauses without any secret."""

    problem: str
    advice: str


Outcome = Sent | NothingToSend | NotSent


def not_sent(refusal: Refusal) -> NotSent:
    """Return what became of a delivery that AWS has not answered; one on which it may have acted may have arrived."""
    problem = f"{refusal.problem}; it may have arrived anyway" if refusal.may_have_acted else refusal.problem
    return NotSent(problem, refusal.advice)
