"""How often each operation was called, for which account; and what was answered."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any


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
        """Give the number of calls of each (service, operation) that was called."""
        return {name: counts.total() for name, counts in sorted(self._counts.items())}

    def reset(self) -> None:
        """Forget all counts."""
        self._counts.clear()
