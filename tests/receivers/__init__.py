"""The services that deliveries are sent to, added to the emulator: EventBridge, SNS, Security Hub and S3."""

from typing import Any, Final

from rootsweep_emulator import Operation, World
from tests.receivers.events import bus_resource, put_events
from tests.receivers.s3 import (
    bucket_resource,
    get_object,
    head_object,
    list_objects_v2,
    object_resource,
    put_object,
)
from tests.receivers.securityhub import batch_import_findings, get_findings, hub_resource, product_resource
from tests.receivers.sns import publish, topic_resource
from tests.receivers.state import Bucket, Bus, Hub, Publication, StoredObject, receivers_of

RECEIVERS: Final[dict[tuple[str, str], Operation]] = {
    ("securityhub", "BatchImportFindings"): Operation(batch_import_findings, product_resource),
    ("securityhub", "GetFindings"): Operation(get_findings, hub_resource),
    ("sns", "Publish"): Operation(publish, topic_resource),
    ("events", "PutEvents"): Operation(put_events, bus_resource),
    ("s3", "PutObject"): Operation(put_object, object_resource),
    ("s3", "GetObject"): Operation(get_object, object_resource),
    ("s3", "HeadObject"): Operation(head_object, object_resource),
    ("s3", "ListObjectsV2"): Operation(list_objects_v2, bucket_resource),
}


class Receiving:
    """Makes what takes findings, messages, events and objects in one world, and shows what came."""

    def __init__(self, world: World) -> None:
        self._world = world

    def enable_security_hub(self, account: str, region: str) -> None:
        """Enable Security Hub in an account and Region."""
        with self._world.lock:
            receivers_of(self._world).hubs[self._id(account), region] = Hub()

    def findings(self, account: str, region: str) -> list[dict[str, Any]]:
        """Give the findings that Security Hub has of an account in a Region."""
        with self._world.lock:
            return list(receivers_of(self._world).hubs[self._id(account), region].findings.values())

    def fail_finding(self, account: str, region: str, finding_id: str, code: str) -> None:
        """Let a finding of this id fail to be imported, by this error code."""
        with self._world.lock:
            receivers_of(self._world).hubs[self._id(account), region].failing[finding_id] = code

    def create_topic(self, account: str, name: str, region: str) -> str:
        """Create a topic, and give its ARN."""
        with self._world.lock:
            its_account = self._world.account(account)
            arn = f"arn:{its_account.partition}:sns:{region}:{its_account.id}:{name}"
            receivers_of(self._world).topics[arn] = []
            return arn

    def publications(self, topic_arn: str) -> list[Publication]:
        """Give the messages of a topic, in their order."""
        with self._world.lock:
            return list(receivers_of(self._world).topics[topic_arn])

    def create_event_bus(self, account: str, name: str, region: str) -> str:
        """Create an event bus, and give its ARN; ``default`` is there in every account."""
        with self._world.lock:
            its_account = self._world.account(account)
            arn = f"arn:{its_account.partition}:events:{region}:{its_account.id}:event-bus/{name}"
            receivers_of(self._world).buses[arn] = Bus()
            return arn

    def events(self, bus_arn: str) -> list[dict[str, Any]]:
        """Give the entries that a bus took, in their order."""
        with self._world.lock:
            return list(receivers_of(self._world).buses[bus_arn].events)

    def throttle_events(self, bus_arn: str, entries: int) -> None:
        """Let a bus fail so many entries from now on."""
        with self._world.lock:
            receivers_of(self._world).buses[bus_arn].throttled = entries

    def create_bucket(self, account: str, name: str) -> None:
        """Create a bucket of an account."""
        with self._world.lock:
            receivers_of(self._world).buckets[name] = Bucket(self._id(account))

    def objects(self, bucket: str) -> dict[str, StoredObject]:
        """Give the objects of a bucket by key."""
        with self._world.lock:
            return dict(receivers_of(self._world).buckets[bucket].objects)

    def permit(self, account: str, *actions: str) -> None:
        """Let the identity-based policies of an account's users allow these action patterns too."""
        with self._world.lock:
            for user in self._world.account(account).users:
                user.actions = (*user.actions, *actions)

    def _id(self, account: str) -> str:
        return self._world.account(account).id
