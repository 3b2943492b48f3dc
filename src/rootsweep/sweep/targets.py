"""An account in scope, and the ways into it."""

from collections.abc import Callable
from dataclasses import dataclass

from rootsweep.aws.access import AccountAccess
from rootsweep.model.evidence import Evidence, Source, Unavailable
from rootsweep.model.organization import Account


@dataclass(frozen=True, slots=True)
class Way:
    """One way into an account, and what is read by it.

    ``open`` gives the access, or why there is none, and can be called anew when a session has expired. ``sources`` are read in
    this order, each only where no earlier way has given it; ``read`` may be called again, from any thread.
    """

    sources: tuple[Source, ...]
    open: Callable[[], AccountAccess | Unavailable]
    read: Callable[[AccountAccess, Source], Evidence]


@dataclass(frozen=True, slots=True)
class Target:
    """One account: the ``ways`` into it are tried in order, ``known`` is evidence that is there already."""

    account: Account
    ways: tuple[Way, ...]
    known: tuple[Evidence, ...] = ()
