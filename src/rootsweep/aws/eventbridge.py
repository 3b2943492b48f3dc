"""The one call of Amazon EventBridge (EventBridge API reference)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.call import Response, ask
from rootsweep.aws.session import Session

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
