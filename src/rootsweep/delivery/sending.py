"""All destinations of a run: at once, and none held up by another."""

from collections.abc import Iterator, Sequence
from typing import Final

from rootsweep.delivery.destination import Destination
from rootsweep.delivery.means import Means
from rootsweep.delivery.news import News
from rootsweep.delivery.outcome import NotSent, Outcome
from rootsweep.delivery.registry import deliver, kind_of
from rootsweep.delivery.side_by_side import SideBySide

_TOO_LATE: Final = NotSent("it took too long", "send it again")


def send_all(destinations: Sequence[Destination], news: News, means: Means) -> Iterator[tuple[Destination, Outcome]]:
    """Give each destination with what became of it, as soon as that is known."""
    longest = max((kind_of(one).seconds for one in destinations), default=0.0)
    tried = SideBySide(lambda one: deliver(one, news, means), destinations, workers=len(destinations), seconds=longest)
    for destination, outcome in tried.results():
        yield destination, outcome or _TOO_LATE
