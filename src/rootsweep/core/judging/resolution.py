"""Which piece of evidence stands where a source gave several, and what each tells about keys.

The newest of known time stands; where the time of any is unknown, the strictest stands. A time that lies in the future is
unknown.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import IntEnum
from typing import Generic, TypeVar

from rootsweep.core.evidence import (
    Access,
    AccountSummary,
    CallerIdentity,
    CredentialReport,
    Evidence,
    Fact,
    KeyStatus,
    Observed,
    Origin,
    ReportSlot,
    RootAccessKeys,
    SlotState,
    Unavailable,
)

F = TypeVar("F")


class KeyPresence(IntEnum):
    """What a piece of evidence tells about keys, from the mildest to the strictest.

    Of a report, ``UNREAD`` is a slot with a missing column, ``UNREADABLE`` one with a text that AWS never writes there.
    """

    NO_KEY = 0
    UNREAD = 1
    UNREADABLE = 2
    INACTIVE = 3
    UNKNOWN = 4
    ACTIVE = 5

    @property
    def shows_key(self) -> bool:
        """Whether at least one key is seen."""
        return self >= KeyPresence.INACTIVE


@dataclass(frozen=True, slots=True)
class CurrentEvidence(Generic[F]):
    """The piece of evidence that stands for its source; ``at`` is None when its time is unknown."""

    fact: F
    at: datetime | None
    presence: KeyPresence
    origin: Origin


@dataclass(frozen=True, slots=True)
class ResolvedEvidence:
    """One standing piece of evidence a source, and what could not be read.

    ``caller`` is present only when the caller is root with a long-term key. ``set_aside`` counts the observed pieces that do
    not stand; ``time_in_future`` tells that a report claims to come from the future, ``undated_answer`` that AWS gave an answer
    without a time that is believed.
    """

    keys: CurrentEvidence[RootAccessKeys] | None
    caller: CurrentEvidence[CallerIdentity] | None
    summary: CurrentEvidence[AccountSummary] | None
    report: CurrentEvidence[CredentialReport] | None
    unavailable: tuple[Unavailable, ...]
    set_aside: int
    time_in_future: bool
    undated_answer: bool


def resolve(evidence: Collection[Evidence], now: datetime) -> ResolvedEvidence:
    """Choose the standing evidence of each source; the order of ``evidence`` does not matter."""
    keys: list[CurrentEvidence[RootAccessKeys]] = []
    callers: list[CurrentEvidence[CallerIdentity]] = []
    summaries: list[CurrentEvidence[AccountSummary]] = []
    reports: list[CurrentEvidence[CredentialReport]] = []
    unavailable: list[Unavailable] = []
    for piece in evidence:
        match piece:
            case Unavailable():
                unavailable.append(piece)
            case Observed(fact=RootAccessKeys() as fact, origin=origin):
                keys.append(CurrentEvidence(fact, known_time(origin.observed_at, now), presence_in_keys(fact), origin))
            case Observed(fact=AccountSummary() as fact, origin=origin):
                summaries.append(CurrentEvidence(fact, known_time(origin.observed_at, now), presence_in_summary(fact), origin))
            case Observed(fact=CredentialReport() as fact, origin=origin):
                reports.append(CurrentEvidence(fact, known_time(fact.generated_at, now), presence_in_report(fact), origin))
            case Observed(fact=CallerIdentity(root_access_key_id=str()) as fact, origin=origin):
                callers.append(CurrentEvidence(fact, known_time(origin.observed_at, now), KeyPresence.ACTIVE, origin))
            case Observed(fact=CallerIdentity()):
                pass
    total = len(keys) + len(callers) + len(summaries) + len(reports)
    current = (_current(keys), _current(callers), _current(summaries), _current(reports))
    return ResolvedEvidence(
        *current,
        unavailable=tuple(sorted(unavailable, key=repr)),
        set_aside=total - sum(one is not None for one in current),
        time_in_future=any(one.fact.generated_at is not None and one.at is None for one in reports),
        undated_answer=any(isinstance(piece, Observed) and is_undated(piece.origin) for piece in evidence),
    )


def is_undated(origin: Origin) -> bool:
    """Return whether AWS itself answered, at a time that is not known."""
    return origin.access is not Access.FILES and origin.observed_at is None


def known_time(time: datetime | None, now: datetime) -> datetime | None:
    """Return ``time``, or None when it lies after ``now``: a clock that cannot be trusted tells no time."""
    return None if time is None or time > now else time


def shows_key(fact: Fact) -> bool:
    """Return whether a fact by itself shows that the root user has an access key."""
    match fact:
        case RootAccessKeys():
            return presence_in_keys(fact).shows_key
        case AccountSummary():
            return presence_in_summary(fact).shows_key
        case CredentialReport():
            return presence_in_report(fact).shows_key
        case CallerIdentity():
            return fact.root_access_key_id is not None


def presence_in_keys(fact: RootAccessKeys) -> KeyPresence:
    """Tell the strictest status in a key list."""
    by_status = {
        KeyStatus.ACTIVE: KeyPresence.ACTIVE,
        KeyStatus.UNKNOWN: KeyPresence.UNKNOWN,
        KeyStatus.INACTIVE: KeyPresence.INACTIVE,
    }
    return max((by_status[key.status] for key in fact.keys), default=KeyPresence.NO_KEY)


def presence_in_summary(fact: AccountSummary) -> KeyPresence:
    """Tell a flag: present says that a key exists, not of what status."""
    return KeyPresence.UNKNOWN if fact.access_keys_present else KeyPresence.NO_KEY


def presence_in_report(fact: CredentialReport) -> KeyPresence:
    """Tell the strictest slot; a report without any slot is unread."""
    return max((presence_in_slot(slot) for slot in fact.slots), default=KeyPresence.UNREAD)


def presence_in_slot(slot: ReportSlot) -> KeyPresence:
    """Return what one slot shows."""
    return {
        SlotState.ACTIVE: KeyPresence.ACTIVE,
        SlotState.UNKNOWN: KeyPresence.UNKNOWN,
        SlotState.INACTIVE: KeyPresence.INACTIVE,
        SlotState.UNREAD: KeyPresence.UNREADABLE if slot.unreadable else KeyPresence.UNREAD,
        SlotState.NO_KEY: KeyPresence.NO_KEY,
    }[slot.state]


def _current(pieces: list[CurrentEvidence[F]]) -> CurrentEvidence[F] | None:
    """Choose; where any time is unknown the standing piece has none, for another like it may be newer than it seems."""
    if not pieces:
        return None
    if any(piece.at is None for piece in pieces):
        return replace(max(pieces, key=_strictest_first), at=None)
    return max(pieces, key=_newest_first)


def _newest_first(piece: CurrentEvidence[F]) -> tuple[datetime, int, str]:
    return (piece.at or _BEGINNING, piece.presence, repr(piece))


def _strictest_first(piece: CurrentEvidence[F]) -> tuple[int, bool, str]:
    """Order by strictness; of two that tell the same, AWS's own answer stands before a saved one."""
    return (piece.presence, piece.origin.access is not Access.FILES, repr(piece))


_BEGINNING = datetime.min.replace(tzinfo=UTC)
