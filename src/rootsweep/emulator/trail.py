"""The events that CloudTrail keeps: what root users did, and the root sessions that were opened.

AWS keeps every management event; the emulator keeps those that a proof about the root user asks for, and not all of them.
"""

import itertools
from typing import Any, Final, NamedTuple

from rootsweep.emulator.access.callers import Caller

KEPT: Final = 250
"""How many events are kept of each account, the newest."""

_SPARE: Final = 50


class Event(NamedTuple):
    """A management event.

    Attributes:
        serial: its number in the world, of which its id is made.
        at: epoch seconds.
        region: the Region that it happened in.
        source: the service, such as ``iam.amazonaws.com``.
        parameters: the request's, as the API names them; None for none.
        response: the answer where CloudTrail shows some of it, as the API names its members; else None.
        error: the error's code and text; None for a call that was answered.
    """

    serial: int
    at: float
    caller: Caller
    region: str
    source: str
    name: str
    parameters: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    error: tuple[str, str | None] | None = None

    @property
    def id(self) -> str:
        """Give the event's id."""
        return f"00000000-0000-4000-9000-{self.serial:012x}"


class Trail:
    """The events of every account; ``serials`` gives the numbers of new ones."""

    __slots__ = ("_events", "serials")

    def __init__(self) -> None:
        self._events: dict[str, list[Event]] = {}
        self.serials = itertools.count(1)

    def add(self, account_id: str, event: Event) -> None:
        """Keep an event of an account."""
        events = self._events.get(account_id)
        if events is None:
            events = self._events[account_id] = []
        events.append(event)
        if len(events) >= KEPT + _SPARE:
            del events[:_SPARE]

    def events(self, account_id: str) -> list[Event]:
        """List the events of an account that are kept, newest first."""
        return sorted(self._events.get(account_id, [])[-KEPT:], key=lambda event: (event.at, event.serial), reverse=True)
