"""An account in scope, and how to read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rootsweep.model.evidence import Evidence, Source
from rootsweep.model.organization import Account


@dataclass(frozen=True, slots=True)
class Target:
    """One account: ``readings`` reads each source anew when called, ``known`` is evidence that is there already.

    ``sleep`` waits for a number of seconds, or less when the run is being ended.
    """

    account: Account
    readings: Mapping[Source, Callable[[], Evidence]]
    sleep: Callable[[float], object]
    known: tuple[Evidence, ...] = ()
