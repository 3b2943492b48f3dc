"""The life of an account and of its root keys, as the recorded runs tell it; pure."""

from collections.abc import Sequence
from dataclasses import replace

from rootsweep.core.evidence import LastUse, LastUsed, NoLastUse
from rootsweep.core.finding import KeyRow, Verdict
from rootsweep.core.history.drift import pair_keys
from rootsweep.core.history.recorded import AccountLife, KeyLife, KeyStatusSince, Sighting


def tell_life(account_id: str, sightings: Sequence[Sighting]) -> AccountLife:
    """Follow an account and its keys through its sightings, the oldest first."""
    lives: list[KeyLife] = []
    for sighting in sightings:
        _follow(lives, sighting)
    return AccountLife(account_id, tuple(sightings), tuple(lives))


def _follow(lives: list[KeyLife], sighting: Sighting) -> None:
    """Let the lives go on that a sighting tells of, begin those of other keys, and end those that it proves to have ended."""
    living = [place for place, life in enumerate(lives) if life.gone_by is None]
    since = max((lives[place].last_seen_at for place in living), default=sighting.first.finished_at)
    for was, key in pair_keys([lives[place].key for place in living], sighting.account.keys, since):
        place = next((place for place in living if lives[place].key is was), None)
        if place is None:
            lives.append(_begin(key, sighting))
        else:
            living.remove(place)
            lives[place] = _go_on(lives[place], key, sighting)
    if sighting.account.verdict is Verdict.COMPLIANT:
        for place in living:
            lives[place] = replace(lives[place], gone_at=sighting.first.finished_at, gone_by=sighting.first.number)


def _begin(key: KeyRow, sighting: Sighting) -> KeyLife:
    first = sighting.first
    since = KeyStatusSince(key.status, first.finished_at, first.number or 0)
    return KeyLife(key, first.finished_at, sighting.last.finished_at, (since,), None, None)


def _go_on(life: KeyLife, key: KeyRow, sighting: Sighting) -> KeyLife:
    first = sighting.first
    statuses = life.statuses
    if statuses[-1].status is not key.status:
        statuses = (*statuses, KeyStatusSince(key.status, first.finished_at, first.number or 0))
    return replace(
        life, key=_merged(life.key, key), last_seen_at=max(life.last_seen_at, sighting.last.finished_at), statuses=statuses
    )


def _merged(was: KeyRow, key: KeyRow) -> KeyRow:
    """Keep what an earlier look knew and a later one, by another source, does not tell."""
    return KeyRow(
        key.id or was.id,
        key.slot or was.slot,
        key.status,
        key.created_at or was.created_at,
        key.last_rotated_at or was.last_rotated_at,
        _later_use(was.last_use, key.last_use),
    )


def _later_use(was: LastUse, now: LastUse) -> LastUse:
    match was, now:
        case LastUsed(at=before), LastUsed(at=after):
            return was if before > after else now
        case _:
            return was if now is NoLastUse.UNKNOWN or isinstance(was, LastUsed) else now
