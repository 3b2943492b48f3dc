"""All destinations of a run: at once, and none held up by another."""

import queue
import time
from collections.abc import Callable, Iterator, Sequence
from threading import Thread
from typing import Final, Generic, TypeVar

from rootsweep.delivery.changes import Changes
from rootsweep.delivery.context import DeliveryContext
from rootsweep.delivery.destination import Destination, NotSent, Outcome
from rootsweep.delivery.registry import deliver, kind_of

_TOO_LATE: Final = NotSent("it took too long", "send it again")


def send_all(
    destinations: Sequence[Destination], changes: Changes, context: DeliveryContext
) -> Iterator[tuple[Destination, Outcome]]:
    """Return each destination with what came of it, as soon as that is known."""
    longest = max((kind_of(one).seconds for one in destinations), default=0.0)
    tried = Parallel(lambda one: deliver(one, changes, context), destinations, workers=len(destinations), seconds=longest)
    for destination, outcome in tried.results():
        yield destination, outcome or _TOO_LATE


# Several things at once, on threads that nobody waits for when the time is up or the run is interrupted.

T = TypeVar("T")
R = TypeVar("R")


class Parallel(Generic[T, R]):
    """Does the same work to several things, at most ``workers`` at once, within so many seconds."""

    def __init__(self, work: Callable[[T], R], things: Sequence[T], *, workers: int, seconds: float) -> None:
        self._work = work
        self._things = things
        self._workers = min(workers, len(things))
        self._deadline = time.monotonic() + seconds
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[int, R | BaseException]] = queue.SimpleQueue()

    def results(self) -> Iterator[tuple[T, R | None]]:
        """Return each thing with its result as soon as there is one; those without one in time come last, with None.

        What the work raises is raised here.
        """
        missing = dict.fromkeys(range(len(self._things)))
        for place in missing:
            self._waiting.put(place)
        for number in range(self._workers):
            Thread(target=self._run, name=f"delivery-{number}", daemon=True).start()
        for place, result in self._in_time(len(missing)):
            if isinstance(result, BaseException):
                raise result
            del missing[place]
            yield self._things[place], result
        for place in missing:
            yield self._things[place], None

    def _in_time(self, count: int) -> Iterator[tuple[int, R | BaseException]]:
        for _ in range(count):
            try:
                yield self._done.get(timeout=max(0.0, self._deadline - time.monotonic()))
            except queue.Empty:
                return

    def _run(self) -> None:
        while time.monotonic() < self._deadline:
            try:
                place = self._waiting.get_nowait()
            except queue.Empty:
                return
            self._done.put((place, self._outcome(place)))

    def _outcome(self, place: int) -> R | BaseException:
        try:
            return self._work(self._things[place])
        except BaseException as error:  # noqa: BLE001  raised again by whoever waits for the result
            return error
