"""The calls that hand a run on: EventBridge, Security Hub, SNS, S3 (their API references)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rootsweep.aws.call import Response, ask, explained
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.core.answer import Answer, Refusal

MOST_ENTRIES: Final = 10
"""Of one call (EventBridge API reference, PutEvents)."""

_TIME_BYTES: Final = 14


@dataclass(frozen=True, slots=True)
class Entry:
    """An event; ``detail`` is a JSON object, ``resource`` an ARN."""

    source: str
    detail_type: str
    detail: str
    resource: str
    time: datetime

    @property
    def size(self) -> int:
        """The bytes that count towards the limit (EventBridge User Guide, "Calculating PutEvents event entry size")."""
        texts = (self.source, self.detail_type, self.detail, self.resource)
        return _TIME_BYTES + sum(len(text.encode()) for text in texts)


@dataclass(frozen=True, slots=True)
class FailedEntry:
    """An event that the bus did not take: its place in the call, from 0, AWS's error code and text."""

    place: int
    code: str
    message: str


def put_events(
    session: Session, access: AccountAccess, bus: str, entries: Sequence[Entry]
) -> Answer[tuple[FailedEntry, ...]] | Refusal:
    """Put at most ten events on a bus, named or by its ARN; give those that failed (PutEvents)."""
    return ask(
        session,
        access,
        "events:PutEvents",
        lambda events: events.put_events(Entries=[_request_entry(entry, bus) for entry in entries]),
        lambda response: _failures(response, len(entries)),
    )


def _request_entry(entry: Entry, bus: str) -> dict[str, object]:
    return {
        "Source": entry.source,
        "DetailType": entry.detail_type,
        "Detail": entry.detail,
        "Resources": [entry.resource],
        "Time": entry.time,
        "EventBusName": bus,
    }


def _failures(response: Response, entries: int) -> tuple[FailedEntry, ...]:
    results = response["Entries"]
    failed = tuple(
        FailedEntry(place, str(one.get("ErrorCode", "no event id")), str(one.get("ErrorMessage", "")))
        for place, one in enumerate(results)
        if not one.get("EventId")
    )
    if len(results) != entries or int(response["FailedEntryCount"]) != len(failed):
        raise ValueError("events are unaccounted for")
    return failed


# The one call of AWS Security Hub (Security Hub API reference).

_WORDS: Final = {
    "InvalidAccess": (
        "Security Hub is not enabled in the account and Region",
        "enable AWS Security Hub CSPM there, or choose its Region with --region",
    ),
    "LimitExceeded": ("Security Hub goes on throttling securityhub:BatchImportFindings", "send it again in some minutes"),
}


@dataclass(frozen=True, slots=True)
class FailedFinding:
    """A finding that was not imported: its id, AWS's error code and text."""

    id: str
    code: str
    message: str


def batch_import_findings(
    session: Session, access: AccountAccess, findings: Sequence[dict[str, Any]]
) -> Answer[tuple[FailedFinding, ...]] | Refusal:
    """Import at most 100 findings of the account that calls; give those that failed (BatchImportFindings)."""
    outcome = ask(
        session,
        access,
        "securityhub:BatchImportFindings",
        lambda securityhub: securityhub.batch_import_findings(Findings=list(findings)),
        lambda response: _failed(response, len(findings)),
    )
    return explained(outcome, _WORDS)


def _failed(response: Response, findings: int) -> tuple[FailedFinding, ...]:
    failed = tuple(
        FailedFinding(one["Id"], one["ErrorCode"], one["ErrorMessage"]) for one in response.get("FailedFindings", ())
    )
    if int(response["FailedCount"]) != len(failed) or int(response["SuccessCount"]) + len(failed) != findings:
        raise ValueError("findings are unaccounted for")
    return failed


# The one call of Amazon SNS (Amazon SNS API reference).

_WORDS_OF_SNS: Final = {
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
    return explained(outcome, _WORDS_OF_SNS)


# The one call of Amazon S3 (Amazon S3 API reference).

EXISTS: Final = "PreconditionFailed"
"""The error code where there is an object of the key already."""

_WORDS_OF_S3: Final = {
    "NoSuchBucket": ("the bucket does not exist", "check its name"),
    "ConditionalRequestConflict": ("another upload of the same key is under way", "send it again"),
    "PermanentRedirect": ("the bucket is in another Region", "choose it with --region"),
    "AuthorizationHeaderMalformed": ("the bucket is in another Region", "choose it with --region"),
}


def put_object(session: Session, access: AccountAccess, bucket: str, key: str, body: bytes) -> Answer[None] | Refusal:
    """Put a JSON document where there is no object of this key, never over another (PutObject, ``If-None-Match: *``).

    It is encrypted as the bucket says: S3 encrypts every object, and a header that asks for S3's own keys would override a
    bucket's KMS key (Amazon S3 User Guide, "Setting default server-side encryption behavior").
    """
    outcome = ask(
        session,
        access,
        "s3:PutObject",
        lambda s3: s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json", IfNoneMatch="*"),
        lambda _: None,
    )
    return explained(outcome, _WORDS_OF_S3)
