"""The interface to what accounts receive, for tests and demonstrations; accounts are named by id or by name."""

from typing import Any

from rootsweep.emulator.state.receivers import Bucket, Bus, Hub, Publication, StoredObject
from rootsweep.emulator.state.world import World


class Receiving:
    """Makes what takes findings, messages, events and objects in one world, and shows what came."""

    def __init__(self, world: World) -> None:
        self._world = world

    def enable_security_hub(self, account: str, region: str) -> None:
        """Enable Security Hub in an account and Region."""
        with self._world.lock:
            self._world.receivers.hubs[self._id(account), region] = Hub()

    def findings(self, account: str, region: str) -> list[dict[str, Any]]:
        """Give the findings that Security Hub has of an account in a Region."""
        with self._world.lock:
            return list(self._world.receivers.hubs[self._id(account), region].findings.values())

    def fail_finding(self, account: str, region: str, finding_id: str, code: str) -> None:
        """Let a finding of this id fail to be imported, by this error code."""
        with self._world.lock:
            self._world.receivers.hubs[self._id(account), region].failing[finding_id] = code

    def create_topic(self, account: str, name: str, region: str) -> str:
        """Create a topic, and give its ARN."""
        with self._world.lock:
            its_account = self._world.account(account)
            arn = f"arn:{its_account.partition}:sns:{region}:{its_account.id}:{name}"
            self._world.receivers.topics[arn] = []
            return arn

    def publications(self, topic_arn: str) -> list[Publication]:
        """Give the messages of a topic, in their order."""
        with self._world.lock:
            return list(self._world.receivers.topics[topic_arn])

    def create_event_bus(self, account: str, name: str, region: str) -> str:
        """Create an event bus, and give its ARN; ``default`` is there in every account."""
        with self._world.lock:
            its_account = self._world.account(account)
            arn = f"arn:{its_account.partition}:events:{region}:{its_account.id}:event-bus/{name}"
            self._world.receivers.buses[arn] = Bus()
            return arn

    def events(self, bus_arn: str) -> list[dict[str, Any]]:
        """Give the entries that a bus took, in their order."""
        with self._world.lock:
            return list(self._world.receivers.buses[bus_arn].events)

    def throttle_events(self, bus_arn: str, entries: int) -> None:
        """Let a bus fail so many entries from now on."""
        with self._world.lock:
            self._world.receivers.buses[bus_arn].throttled = entries

    def create_bucket(self, account: str, name: str) -> None:
        """Create a bucket of an account."""
        with self._world.lock:
            self._world.receivers.buckets[name] = Bucket(self._id(account))

    def objects(self, bucket: str) -> dict[str, StoredObject]:
        """Give the objects of a bucket by key."""
        with self._world.lock:
            return dict(self._world.receivers.buckets[bucket].objects)

    def permit(self, account: str, *actions: str) -> None:
        """Let the identity-based policies of an account's users allow these action patterns too."""
        with self._world.lock:
            for user in self._world.account(account).users:
                user.actions = (*user.actions, *actions)

    def _id(self, account: str) -> str:
        return self._world.account(account).id
