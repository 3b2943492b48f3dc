"""Many targets at once: listing streams into reading, and whatever is done comes out.

A thread lists, up to ``workers`` threads read one account each, the caller's thread takes what is done. All threads are
daemons: a run that is interrupted ends without waiting for AWS.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import Empty, Queue, SimpleQueue
from typing import Final

from rootsweep.aws.answers import Refusal
from rootsweep.aws.deadline import within
from rootsweep.model.evidence import Evidence
from rootsweep.model.organization import Account
from rootsweep.sweep.observing import observe
from rootsweep.sweep.targets import Target

_TICK: Final = 0.2
"""Seconds after which the caller hears that nothing was done."""

_WAITING_FOR_EACH: Final = 4
"""Targets that may wait for each worker, so that a listing that is faster than reading costs no memory."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What was read of one account."""

    account: Account
    evidence: tuple[Evidence, ...]


class Engine:
    """Reads targets, each once.

    Attributes:
        listed: how many accounts were listed so far.
        done: how many of them were read.
        is_listed_whole: whether the listing has come to its end.
        broken_by: why the listing did not list all; None as long as nothing says so.
    """

    def __init__(self, listing: Iterable[Target | Refusal], *, workers: int, seconds_each: float) -> None:
        self.listed = 0
        self.done = 0
        self.is_listed_whole = False
        self.broken_by: Refusal | None = None
        self._listing = listing
        self._workers = workers
        self._seconds_each = seconds_each
        self._waiting: Queue[Target | None] = Queue(workers * _WAITING_FOR_EACH)
        self._results: SimpleQueue[Observation | BaseException | None] = SimpleQueue()
        self._unfinished: dict[str, Account] = {}
        self._threads = 0

    def observations(self, on_tick: Callable[[], None]) -> Iterator[Observation]:
        """Give what was read, in the order in which it was done; ``on_tick`` is called several times a second.

        What a thread raises is raised here.
        """
        threading.Thread(target=self._list, name="listing", daemon=True).start()
        while not (self.is_listed_whole and self.done == self.listed):
            try:
                result = self._results.get(timeout=_TICK)
            except Empty:
                on_tick()
                continue
            if isinstance(result, BaseException):
                raise result
            if result is None:
                self.is_listed_whole = True
                continue
            self.done += 1
            self._unfinished.pop(result.account.id, None)
            yield result
            on_tick()

    def unfinished(self) -> list[Account]:
        """Give the accounts that were listed and not read, as after an interruption."""
        return list(self._unfinished.values())

    def _list(self) -> None:
        try:
            for found in self._listing:
                if isinstance(found, Refusal):
                    self.broken_by = found
                    break
                self._unfinished[found.account.id] = found.account
                self.listed += 1
                self._waiting.put(found)
                self._start_worker_if_needed()
            for _ in range(self._threads):
                self._waiting.put(None)
            self._results.put(None)
        except BaseException as error:  # noqa: BLE001  handed on to the thread that waits
            self._results.put(error)

    def _start_worker_if_needed(self) -> None:
        if self._threads < self._workers and not self._waiting.empty():
            self._threads += 1
            threading.Thread(target=self._work, name=f"reading-{self._threads}", daemon=True).start()

    def _work(self) -> None:
        while (target := self._waiting.get()) is not None:
            try:
                with within(self._seconds_each):
                    evidence = observe(target, side_by_side=False)
                self._results.put(Observation(target.account, evidence))
            except BaseException as error:  # noqa: BLE001  handed on to the thread that waits
                self._results.put(error)
