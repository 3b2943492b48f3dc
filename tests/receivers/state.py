"""What accounts have received: findings, messages, events, objects."""

from dataclasses import dataclass, field
from typing import Any

from rootsweep_emulator import World

Finding = dict[str, Any]


@dataclass(slots=True)
class Hub:
    """Security Hub, enabled in an account and Region.

    Attributes:
        findings: by product ARN and id.
        failing: the error code by finding id, for findings that fail to be imported.
    """

    findings: dict[tuple[str, str], Finding] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Publication:
    """A message of a topic, with the parameters that it was published with."""

    message_id: str
    parameters: dict[str, Any]


@dataclass(slots=True)
class Bus:
    """An event bus.

    Attributes:
        events: the entries that it took, in their order.
        throttled: how many entries it fails from now on.
    """

    events: list[dict[str, Any]] = field(default_factory=list)
    throttled: int = 0


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of a bucket; ``etag`` has its quotes, ``stored_at`` is in epoch seconds."""

    body: bytes
    etag: str
    content_type: str
    stored_at: float
    checksum_crc32: str | None = None


@dataclass(slots=True)
class Bucket:
    """A bucket and its objects by key."""

    account_id: str
    objects: dict[str, StoredObject] = field(default_factory=dict)


@dataclass(slots=True)
class Receivers:
    """Everything that takes something: hubs by account and Region, topics and buses by ARN, buckets by name."""

    hubs: dict[tuple[str, str], Hub] = field(default_factory=dict)
    topics: dict[str, list[Publication]] = field(default_factory=dict)
    buses: dict[str, Bus] = field(default_factory=dict)
    buckets: dict[str, Bucket] = field(default_factory=dict)


def receivers_of(world: World) -> Receivers:
    """Give what the accounts of a world have received."""
    found: Receivers = world.added.setdefault(Receivers, Receivers())
    return found
