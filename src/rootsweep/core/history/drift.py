"""What has changed from one recorded run to another; pure.

A change for the worse is reported where it can be shown, a change for the better only where it is proven: an account is fixed
when it is COMPLIANT, never because it, or a key, was not seen any more.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from rootsweep.core.evidence import KeyStatus
from rootsweep.core.finding import KeyRow, Verdict
from rootsweep.core.history.recorded import (
    AccountDrift,
    Change,
    ChangeReason,
    Drift,
    EarlierVerdict,
    RecordedAccount,
    RecordedRun,
    Unchanged,
)

_Earlier = Mapping[str, Sequence[EarlierVerdict]]

_NOTHING_EARLIER: Final[_Earlier] = MappingProxyType({})
_JUDGED: Final = frozenset({Verdict.COMPLIANT, Verdict.NON_COMPLIANT})
_NEW_BECAUSE: Final = {
    Verdict.COMPLIANT: ChangeReason.WAS_COMPLIANT,
    Verdict.NOT_APPLICABLE: ChangeReason.WAS_NOT_APPLICABLE,
    Verdict.INSUFFICIENT_DATA: ChangeReason.WAS_NOT_JUDGED,
}


def compare(before: RecordedRun | None, now: RecordedRun, earlier: _Earlier = _NOTHING_EARLIER) -> Drift:
    """Return what has changed since ``before``; where there is no such run, every non-compliance is new.

    ``earlier`` gives, by account id, the verdicts of ``before`` and of the runs before it, the oldest first; without it nothing
    has reappeared.
    """
    old = {one.id: one for one in before.accounts} if before is not None else {}
    new = {one.id: one for one in now.accounts}
    changes: list[AccountDrift] = []
    same: Counter[str] = Counter()
    for account_id in sorted(old.keys() | new.keys()):
        was, is_now = old.get(account_id), new.get(account_id)
        change = _change(was, is_now, before, now)
        if change is None:
            same[_unchanged(was, is_now)] += 1
        else:
            changes.append(_reappeared(change, earlier.get(account_id, ())))
    return Drift(None if before is None else before.record, now.record, tuple(changes), Unchanged(**same))


def _change(
    was: RecordedAccount | None, is_now: RecordedAccount | None, before: RecordedRun | None, now: RecordedRun
) -> AccountDrift | None:
    """Return the change of an account; None where there is none to tell of."""
    if is_now is not None and is_now.verdict is Verdict.NON_COMPLIANT:
        return _found(was, is_now, before)
    if was is None or was.verdict not in _JUDGED:
        return None
    why_lost = _why_lost(was, is_now, now)
    if why_lost is not None:
        return AccountDrift(Change.LOST_SIGHT_OF, why_lost, was, is_now, was.keys)
    is_fixed = (was.verdict, is_now and is_now.verdict) == (Verdict.NON_COMPLIANT, Verdict.COMPLIANT)
    return AccountDrift(Change.FIXED, ChangeReason.PROVEN_COMPLIANT, was, is_now, was.keys) if is_fixed else None


def _found(was: RecordedAccount | None, is_now: RecordedAccount, before: RecordedRun | None) -> AccountDrift | None:
    if was is None or before is None:
        return AccountDrift(Change.NEW, ChangeReason.FIRST_SEEN, was, is_now, is_now.keys)
    if was.verdict is Verdict.NON_COMPLIANT:
        return _still_non_compliant(was, is_now, before.record.finished_at)
    return AccountDrift(Change.NEW, _NEW_BECAUSE[was.verdict], was, is_now, is_now.keys)


def _why_lost(was: RecordedAccount, is_now: RecordedAccount | None, now: RecordedRun) -> ChangeReason | None:
    """Return why an account that was judged is lost sight of; None where it is not."""
    if is_now is None:
        return ChangeReason.NOT_IN_SCOPE if now.record.complete else ChangeReason.RUN_INCOMPLETE
    if is_now.verdict is Verdict.INSUFFICIENT_DATA:
        return ChangeReason.NOT_JUDGED
    # A closed account without a key is nothing to look for; one with a key may be reinstated, and its key with it.
    closed_with_key = (was.verdict, is_now.verdict) == (Verdict.NON_COMPLIANT, Verdict.NOT_APPLICABLE)
    return ChangeReason.NO_LONGER_APPLICABLE if closed_with_key else None


def _still_non_compliant(was: RecordedAccount, is_now: RecordedAccount, since: datetime) -> AccountDrift | None:
    """Return what makes a non-compliant account new: another key, one that is active again, or an exception that ended."""
    pairs = pair_keys(was.keys, is_now.keys, since)
    # Where the run before shows no key although there was one, only a date can tell that a key is another.
    further = tuple(key for was_key, key in pairs if was_key is None and (was.keys or _is_later(key, since)))
    if further:
        return AccountDrift(Change.NEW, ChangeReason.FURTHER_KEY, was, is_now, further)
    again = tuple(
        key
        for was_key, key in pairs
        if was_key is not None and (was_key.status, key.status) == (KeyStatus.INACTIVE, KeyStatus.ACTIVE)
    )
    if again:
        return AccountDrift(Change.NEW, ChangeReason.KEY_ACTIVE_AGAIN, was, is_now, again)
    if was.excepted and not is_now.excepted:
        return AccountDrift(Change.NEW, ChangeReason.EXCEPTION_ENDED, was, is_now, is_now.keys)
    return None


def _unchanged(was: RecordedAccount | None, is_now: RecordedAccount | None) -> str:
    """Name the count of ``Unchanged`` to which an account belongs that has no change."""
    if was is not None and is_now is not None and was.verdict is is_now.verdict:
        return is_now.verdict.value.lower()
    return "newly_proven" if is_now is not None and is_now.verdict is Verdict.COMPLIANT else "others"


def _reappeared(change: AccountDrift, earlier: Sequence[EarlierVerdict]) -> AccountDrift:
    """Say so of a new non-compliance that an earlier run had proven fixed."""
    if change.change is not Change.NEW or (change.before and change.before.verdict is Verdict.NON_COMPLIANT):
        return change
    fixed_in: int | None = None
    was_found = False
    for one in earlier:
        if one.verdict is Verdict.NON_COMPLIANT:
            was_found, fixed_in = True, None
        elif one.verdict is Verdict.COMPLIANT and was_found and fixed_in is None:
            fixed_in = one.run
    if fixed_in is None:
        return change
    return AccountDrift(Change.REAPPEARED, change.reason, change.before, change.now, change.keys, fixed_in)


def pair_keys(before: Sequence[KeyRow], now: Sequence[KeyRow], since: datetime) -> tuple[tuple[KeyRow | None, KeyRow], ...]:
    """Pair every key with the one of an earlier run that it is, or may be: None where it must be another.

    ``since`` is when that run finished. What is surest is paired first: the same row, the same id, the same slot.
    """
    unpaired = list(before)
    found: dict[int, KeyRow] = {}
    for is_sure in (_is_equal, _has_same_id, _has_same_slot, _may_be_any):
        for place, key in enumerate(now):
            if place in found:
                continue
            match = next((one for one in unpaired if is_sure(one, key) and _is_possible(one, key, since)), None)
            if match is not None:
                found[place] = match
                unpaired = [one for one in unpaired if one is not match]
    return tuple((found.get(place), key) for place, key in enumerate(now))


def _is_possible(before: KeyRow, now: KeyRow, since: datetime) -> bool:
    """Return whether a key may be the one that an earlier run, finished at ``since``, has seen; equal rows always may."""
    if before == now or (before.id is not None and before.id == now.id):
        return True
    if before.id is not None and now.id is not None:
        return False
    if before.slot is not None and now.slot is not None and before.slot != now.slot:
        return False
    return not _is_later(now, since) and _dates_allow(before, now)


def _dates_allow(before: KeyRow, now: KeyRow) -> bool:
    """Compare dates: "last rotated" is when a key was created or last changed (IAM User Guide, credential reports)."""
    match (before.created_at, before.last_rotated_at), (now.created_at, now.last_rotated_at):
        case (datetime() as was_created, _), (datetime() as created, _):
            return was_created == created
        case (None, datetime() as was_rotated), (datetime() as created, _):
            return created <= was_rotated
        case (datetime() as was_created, _), (None, datetime() as rotated):
            return was_created <= rotated
        case (None, datetime() as was_rotated), (None, datetime() as rotated):
            # A change moves the date on, and what can be changed is the status: with the same status, it is another key.
            return was_rotated == rotated or (was_rotated < rotated and before.status is not now.status)
        case _:
            return True


def _is_later(key: KeyRow, since: datetime) -> bool:
    return key.created_at is not None and key.created_at > since


def _is_equal(before: KeyRow, now: KeyRow) -> bool:
    return before == now


def _has_same_id(before: KeyRow, now: KeyRow) -> bool:
    return before.id is not None and before.id == now.id


def _has_same_slot(before: KeyRow, now: KeyRow) -> bool:
    return before.slot is not None and before.slot == now.slot


def _may_be_any(before: KeyRow, now: KeyRow) -> bool:  # noqa: ARG001  one of the ways to pair, the last
    return True
