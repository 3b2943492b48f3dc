"""Many accounts at once, and each account's sources: listing streams into reading, and whatever is done comes out.

A thread lists, up to ``workers`` threads read one account each, the caller's thread takes what is done. All threads are
daemons: a run that is interrupted ends without waiting for AWS.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from queue import Empty, Queue, SimpleQueue
from threading import Thread
from typing import Final

from rootsweep.auditing.access import AccessRoute, Target
from rootsweep.aws.pacing import within
from rootsweep.aws.session import AccountAccess
from rootsweep.core.answer import Refusal
from rootsweep.core.evidence import (
    AccountSummary,
    CredentialReport,
    Evidence,
    Observed,
    RootAccessKeys,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep.core.judging.resolution import KeyPresence, presence_in_keys, presence_in_report, presence_in_summary
from rootsweep.core.organization import Account

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
        is_listing_complete: whether the listing has come to its end.
        broken_by: why the listing did not list all; None as long as nothing says so.
    """

    def __init__(self, listing: Iterable[Target | Refusal], *, workers: int, seconds_each: float) -> None:
        self.listed = 0
        self.done = 0
        self.is_listing_complete = False
        self.broken_by: Refusal | None = None
        self._listing = listing
        self._workers = workers
        self._seconds_each = seconds_each
        self._waiting: Queue[Target | None] = Queue(workers * _WAITING_FOR_EACH)
        self._results: SimpleQueue[Observation | BaseException | None] = SimpleQueue()
        self._unfinished: dict[str, Account] = {}
        self._threads = 0

    def observations(self, on_tick: Callable[[], None]) -> Iterator[Observation]:
        """Return what was read, in the order in which it was done; ``on_tick`` is called several times a second.

        What a thread raises is raised here.
        """
        threading.Thread(target=self._list, name="listing", daemon=True).start()
        while not (self.is_listing_complete and self.done == self.listed):
            try:
                result = self._results.get(timeout=_TICK)
            except Empty:
                on_tick()
                continue
            if isinstance(result, BaseException):
                raise result
            if result is None:
                self.is_listing_complete = True
                continue
            self.done += 1
            self._unfinished.pop(result.account.id, None)
            yield result
            on_tick()

    def unfinished(self) -> list[Account]:
        """Return the accounts that were listed and not read, as after an interruption."""
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
                    evidence = observe(target, parallel=False)
                self._results.put(Observation(target.account, evidence))
            except BaseException as error:  # noqa: BLE001  handed on to the thread that waits
                self._results.put(error)


# One target: what its sources say.
#
# Live evidence outranks only a report that is provably older. So where a report shows a key and a live source shows none, the
# live source is read once more, after the report: what then stands is either newer than the report, or has changed.

_LONGEST_WAIT: Final = 5.0
_TICK_OF_OBSERVING: Final = 1.0
"""Seconds that AWS's clock must move on to be seen to have moved: a Date header counts whole ones."""

Reading = Callable[[], Evidence]


def observe(target: Target, *, parallel: bool) -> tuple[Evidence, ...]:
    """Read a target's sources, route by route: ``parallel`` in threads, for one account; in turn, for one of many."""
    readings: dict[Source, Reading] = {}
    pieces: list[Evidence] = []
    for route in target.routes:
        observed = {piece.source for piece in pieces if isinstance(piece, Observed)}
        wanted = [source for source in route.sources if source not in observed]
        opened = route.open() if wanted else None
        if isinstance(opened, Unavailable):
            pieces.append(opened)
        elif opened is not None:
            opening = _Opening(route, opened)
            offered = {source: opening.reading(source) for source in wanted}
            pieces += _read_in_parallel(list(offered.values())) if parallel else [read() for read in offered.values()]
            readings |= offered
    return (*target.known, *(_read_again(piece, pieces, readings) for piece in pieces))


class _Opening:
    """A route that was opened, and is opened once more when its session has expired.

    The new session is checked as the first was (``aws/session_account.py``); where it cannot be had, that is why nothing was
    read.
    """

    def __init__(self, route: AccessRoute, access: AccountAccess) -> None:
        self._route = route
        self._access = access

    def reading(self, source: Source) -> Reading:
        return lambda: self._read(source)

    def _read(self, source: Source) -> Evidence:
        piece = self._route.read(self._access, source)
        is_expired = isinstance(piece, Unavailable) and piece.reason is UnavailableReason.CREDENTIALS_EXPIRED
        if not is_expired or self._access.credentials is None:
            return piece
        opened = self._route.open()
        if isinstance(opened, Unavailable):
            return replace(opened, source=source)
        self._access = opened
        return self._route.read(opened, source)


def _read_in_parallel(readings: Sequence[Reading]) -> list[Evidence]:
    """Read in daemon threads, so that an interrupted run ends at once; what one raises is raised here."""
    results: SimpleQueue[tuple[int, Evidence | BaseException]] = SimpleQueue()

    def read(number: int, reading: Reading) -> None:
        try:
            results.put((number, reading()))
        except BaseException as error:  # noqa: BLE001  handed on to the thread that waits
            results.put((number, error))

    for number, reading in enumerate(readings):
        Thread(target=read, args=(number, reading), daemon=True).start()
    pieces: dict[int, Evidence] = {}
    for _ in readings:
        number, piece = results.get()
        if isinstance(piece, BaseException):
            raise piece
        pieces[number] = piece
    return [pieces[number] for number in range(len(readings))]


def _read_again(piece: Evidence, pieces: Iterable[Evidence], readings: dict[Source, Reading]) -> Evidence:
    """Read a live source that shows no key again where a report shows one; a failure changes nothing.

    First AWS's clock must have left the second in which the report was made.
    """
    report = next((one for one in pieces if isinstance(one, Observed) and _shows_key(one.fact)), None)
    if report is None or not isinstance(piece, Observed) or _live_presence(piece.fact) is not KeyPresence.NO_KEY:
        return piece
    made_at = report.fact.generated_at if isinstance(report.fact, CredentialReport) else None
    read_at = piece.origin.observed_at
    if made_at is not None and read_at is not None and made_at >= read_at:
        time.sleep(min((made_at - read_at).total_seconds() + _TICK_OF_OBSERVING, _LONGEST_WAIT))
    second = readings[piece.source]()
    return second if isinstance(second, Observed) else piece


def _shows_key(fact: object) -> bool:
    return isinstance(fact, CredentialReport) and presence_in_report(fact).shows_key


def _live_presence(fact: object) -> KeyPresence | None:
    match fact:
        case AccountSummary():
            return presence_in_summary(fact)
        case RootAccessKeys():
            return presence_in_keys(fact)
        case _:
            return None
