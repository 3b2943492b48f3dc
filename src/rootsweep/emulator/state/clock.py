"""The emulator's clock: the host's, moved forward at will."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class VirtualClock:
    """Seconds since the epoch, as AWS would see them.

    Advancing moves everyone's time: a caller on this machine still signs by the host's clock, so its signature is judged by
    that (:meth:`signing_now`). A skew moves the server's time alone: signatures are then too old or not yet valid.

    Attributes:
        host: the host's clock, in epoch seconds.
        ahead: seconds that the clock was advanced by.
        skew: seconds that the server is ahead of its callers.
    """

    host: Callable[[], float] = time.time
    ahead: float = 0.0
    skew: float = 0.0

    def now(self) -> float:
        """Give the server's time, which its Date header shows, in epoch seconds."""
        return self.host() + self.ahead + self.skew

    def signing_now(self) -> float:
        """Give the time that a signature is compared with, in epoch seconds."""
        return self.host() + self.skew
