"""The events that CloudTrail keeps, and how often each operation was called.

AWS keeps every management event; the emulator keeps those of root users and of the root sessions that were opened. Calls are
counted by operation and account, and what was answered is kept where a caller asks for it.
"""

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from rootsweep_emulator.access.callers import Caller

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
        """Return the event's id."""
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


@dataclass(frozen=True, slots=True)
class Answered:
    """What left the server in answer to one authenticated call.

    Attributes:
        account: the id of the account that the call was made in, which for a session is the session's own.
        about: the id of the account that it was about (see :class:`CallCounters`).
        service: the service, as it signs its calls.
        operation: the operation's name.
        answer: the operation's answer as it was sent; None where an error, other bytes or nothing was sent instead.
        is_altered: a fault changed it on the way out.
        at: the server's time, in epoch seconds.
    """

    account: str
    about: str
    service: str
    operation: str
    answer: dict[str, Any] | None
    is_altered: bool
    at: float


class CallCounters:
    """Counts of calls by service, operation and the account that a call was about.

    A call is about the account that it was made in; AssumeRole and AssumeRoot are about the account that they open.
    Calls that could not be authenticated are counted under the empty account id.
    """

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def add(self, service: str, operation: str, account_id: str) -> None:
        """Count one call."""
        self._counts[service, operation][account_id] += 1

    def count(self, service: str | None = None, operation: str | None = None, account_id: str | None = None) -> int:
        """Count the calls that match; None matches all."""
        return sum(
            counts.total() if account_id is None else counts[account_id]
            for (its_service, its_operation), counts in self._counts.items()
            if service in {None, its_service} and operation in {None, its_operation}
        )

    def by_operation(self) -> dict[tuple[str, str], int]:
        """Return the number of calls of each (service, operation) that was called."""
        return {name: counts.total() for name, counts in sorted(self._counts.items())}

    def reset(self) -> None:
        """Forget all counts."""
        self._counts.clear()
