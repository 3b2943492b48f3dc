"""The kinds of destinations, one line each; the module of one is imported only when something is sent there."""

from dataclasses import dataclass
from importlib import import_module
from typing import Final, Protocol

from rootsweep.delivery.changes import Changes
from rootsweep.delivery.context import DeliveryContext
from rootsweep.delivery.destination import (
    Bucket,
    Destination,
    EventBus,
    NothingToSend,
    Outcome,
    SecurityHub,
    Slack,
    Topic,
    Webhook,
)


class Delivery(Protocol):
    """What the module of a destination holds."""

    def deliver(self, destination: Destination, changes: Changes, context: DeliveryContext) -> Outcome:
        """Send the changes."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of destination.

    ``always`` tells that it is sent to without changes too, ``asks_aws`` that it is reached by the caller's AWS credentials.
    ``seconds`` is how long it may take in all, whatever happens.
    """

    module: str
    asks_aws: bool
    always: bool = False
    seconds: float = 120.0


KINDS: Final[dict[type[Destination], Kind]] = {
    SecurityHub: Kind("rootsweep.delivery.securityhub", asks_aws=True, always=True, seconds=960.0),
    Topic: Kind("rootsweep.delivery.sns", asks_aws=True),
    EventBus: Kind("rootsweep.delivery.eventbridge", asks_aws=True, seconds=300.0),
    Slack: Kind("rootsweep.delivery.slack", asks_aws=False),
    Webhook: Kind("rootsweep.delivery.webhook", asks_aws=False),
    Bucket: Kind("rootsweep.delivery.s3", asks_aws=True, always=True),
}


def kind_of(destination: Destination) -> Kind:
    """Return the kind of a destination."""
    return KINDS[type(destination)]


def deliver(destination: Destination, changes: Changes, context: DeliveryContext) -> Outcome:
    """Send the changes to one destination; nothing is sent where there are none, but to those that want every run."""
    kind = kind_of(destination)
    if not changes.items and not kind.always:
        return NothingToSend()
    module: Delivery = import_module(kind.module)
    return module.deliver(destination, changes, context)
