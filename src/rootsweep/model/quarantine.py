"""What is known of a quarantine: which root calls were recorded while it lasted.

All times are aware, in UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_DENIALS: Final = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
"""How services spell a denial (CloudTrail User Guide, "CloudTrail record contents", errorCode)."""


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A management event of one access key: a call, where it came from, and the error that it ended with; None for none."""

    at: datetime
    region: str
    event_source: str
    event_name: str
    error_code: str | None
    source_ip: str | None

    @property
    def is_denied(self) -> bool:
        """Whether the call was denied; EC2 writes ``Client.`` before its code."""
        return self.error_code is not None and self.error_code.removeprefix("Client.") in _DENIALS


@dataclass(frozen=True, slots=True)
class Lookup:
    """The calls of one key that were found, oldest first, and what could not be looked up: a sentence each."""

    key_id: str
    calls: tuple[RecordedCall, ...]
    gaps: tuple[str, ...] = ()

    @property
    def denied(self) -> tuple[RecordedCall, ...]:
        """The calls that were denied."""
        return tuple(call for call in self.calls if call.is_denied)


def in_order(calls: Iterable[RecordedCall], since: datetime | None) -> tuple[RecordedCall, ...]:
    """Give the calls from ``since`` on, oldest first; all of them where it is None. Events have times of whole seconds."""
    lasting = [call for call in calls if since is None or call.at >= since.replace(microsecond=0)]
    return tuple(sorted(lasting, key=lambda call: (call.at, call.region, call.event_source, call.event_name)))
