"""One target: what its sources say.

Live evidence outranks only a report that is provably older. So where a report shows a key and a live source shows none, the
live source is read once more, after the report: what then stands is either newer than the report, or has changed.
"""

from collections.abc import Callable, Iterable, Mapping
from queue import SimpleQueue
from threading import Thread
from typing import Final

from rootsweep.model.evidence import (
    AccountSummary,
    CredentialReport,
    Evidence,
    Observed,
    RootAccessKeys,
    Source,
)
from rootsweep.resolution import KeySighting, sighting_of_keys, sighting_of_report, sighting_of_summary
from rootsweep.sweep.targets import Target

_LONGEST_WAIT: Final = 5.0
_TICK: Final = 1.0
"""Seconds that AWS's clock must move on to be seen to have moved: a Date header counts whole ones."""


def observe(target: Target, *, side_by_side: bool) -> tuple[Evidence, ...]:
    """Read every source of a target: ``side_by_side`` in threads, for one account; in turn, for one of many."""
    pieces = _read_side_by_side(target.readings) if side_by_side else {name: read() for name, read in target.readings.items()}
    for source in _contradicted(pieces.values()):
        pieces[source] = _read_again(target, pieces[source], pieces[Source.CREDENTIAL_REPORT])
    return (*target.known, *pieces.values())


def _read_side_by_side(readings: Mapping[Source, Callable[[], Evidence]]) -> dict[Source, Evidence]:
    """Read in daemon threads, so that an interrupted run ends at once; what one raises is raised here."""
    results: SimpleQueue[tuple[Source, Evidence | BaseException]] = SimpleQueue()

    def read(source: Source, reading: Callable[[], Evidence]) -> None:
        try:
            results.put((source, reading()))
        except BaseException as error:  # noqa: BLE001  handed on to the thread that waits
            results.put((source, error))

    for source, reading in readings.items():
        Thread(target=read, args=(source, reading), daemon=True).start()
    pieces: dict[Source, Evidence] = {}
    for _ in readings:
        source, piece = results.get()
        if isinstance(piece, BaseException):
            raise piece
        pieces[source] = piece
    return {source: pieces[source] for source in readings}


def _contradicted(pieces: Iterable[Evidence]) -> list[Source]:
    """Name the live sources that show no key while the report shows one."""
    facts = {piece.source: piece.fact for piece in pieces if isinstance(piece, Observed)}
    report = facts.get(Source.CREDENTIAL_REPORT)
    if not isinstance(report, CredentialReport) or not sighting_of_report(report).shows_key:
        return []
    return [source for source, fact in facts.items() if _live_sighting(fact) is KeySighting.NO_KEY]


def _live_sighting(fact: object) -> KeySighting | None:
    match fact:
        case AccountSummary():
            return sighting_of_summary(fact)
        case RootAccessKeys():
            return sighting_of_keys(fact)
        case _:
            return None


def _read_again(target: Target, first: Evidence, report: Evidence) -> Evidence:
    """Read a live source anew, once AWS's clock has left the second in which the report was made; a failure changes nothing."""
    made_at = report.fact.generated_at if isinstance(report, Observed) and isinstance(report.fact, CredentialReport) else None
    read_at = first.origin.observed_at
    if made_at is not None and read_at is not None and made_at >= read_at:
        target.sleep(min((made_at - read_at).total_seconds() + _TICK, _LONGEST_WAIT))
    second = target.readings[first.source]()
    return second if isinstance(second, Observed) else first
