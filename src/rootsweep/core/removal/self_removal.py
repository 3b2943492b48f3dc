"""How the root user removes its own keys: in which order, which are held back, and what came of each; pure.

The same keys, journal, request and time give the same decision, however the keys are ordered. Nothing that is asked for bends
the order: a key that calls is never deactivated, for an inactive key cannot delete itself, and it is deleted last, when no
other key is left. The order is the one that AWS gives for a root user without a console (AWS GovCloud (US) User Guide, "Root
user access keys").
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from rootsweep.core.evidence import AccessKey, KeyStatus
from rootsweep.core.removal.journal import Entry, Intent, Outcome
from rootsweep.core.removal.result import ResultCode
from rootsweep.core.times import to_the_minute


# How the root user removes its own access keys: what is asked for, the steps that follow, and what came of each.
#
# No secret is part of anything here.
class Change(StrEnum):
    """What is done about a key; a deletion alone cannot be taken back."""

    DEACTIVATE = "deactivate_key"
    REACTIVATE = "reactivate_key"
    DELETE = "delete_key"


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for.

    ``key_ids`` None are all keys, of which the calling one is deleted only with ``including_own``; to reactivate is always
    asked for all that the journal names. ``without_waiting`` lets a key be deleted that is not inactive, or not for long;
    ``min_inactive`` is how long a key that the journal deactivated must stay so before.
    """

    change: Change
    key_ids: frozenset[str] | None = None
    including_own: bool = False
    without_waiting: bool = False
    min_inactive: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one key, as it was listed; ``is_own`` tells that the key is the calling one."""

    change: Change
    key: AccessKey
    is_own: bool = False


class HoldReason(StrEnum):
    """Why a key is not changed although that was asked for."""

    IS_CALLING = "is_calling"
    CALLER_NOT_LISTED = "caller_not_listed"
    OWN_NOT_NAMED = "own_not_named"
    OTHERS_REMAIN = "others_remain"
    STILL_ACTIVE = "still_active"
    STATUS_UNKNOWN = "status_unknown"
    INACTIVE_TOO_SHORT = "inactive_too_short"
    NOT_LISTED = "not_listed"


@dataclass(frozen=True, slots=True)
class KeyHeldBack:
    """A key that is left as it is: why, in a clause, and another that says what would release it."""

    key_id: str
    reason: HoldReason
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from a request: the steps in their order, the keys held back, and the ids that need nothing any more."""

    steps: tuple[Step, ...]
    held_back: tuple[KeyHeldBack, ...]
    already: tuple[str, ...]


_DIGEST_PREFIX: Final = "self-remove:"

_MAY_BE_INACTIVE: Final = frozenset({ResultCode.DEACTIVATED.value, ResultCode.NOT_VERIFIED.value})
"""The outcomes of a deactivation after which AWS may have made the key inactive."""

_CHANGED_AGAIN: Final = frozenset({ResultCode.REACTIVATED.value, ResultCode.DELETED.value, ResultCode.ALREADY_GONE.value})


def digest_for(account_id: str) -> str:
    """Return what stands in the journal where a plan's digest would: there is no plan, the account is all that is named."""
    return f"{_DIGEST_PREFIX}{account_id}"


def deactivated_by_journal(entries: Iterable[Entry], account_id: str) -> dict[str, datetime]:
    """Return the keys of the account that a journal says it deactivated and did not reactivate, each with when it did.

    An intent to deactivate without an outcome counts too: it is written when the key has just been seen active, so that an
    inactive key is then this journal's doing.
    """
    digest = digest_for(account_id)
    begun: dict[str, datetime] = {}
    done: dict[str, datetime] = {}
    for entry in entries:
        match entry.payload:
            case Intent(plan_digest=its_digest, key_id=str() as key_id, action=Change.DEACTIVATE) if its_digest == digest:
                begun[key_id] = entry.at
            case Outcome(plan_digest=its_digest, key_id=str() as key_id) as outcome if its_digest == digest:
                _take_in(outcome, key_id, entry.at, begun, done)
            case _:
                continue
    return done | begun


def _take_in(outcome: Outcome, key_id: str, at: datetime, begun: dict[str, datetime], done: dict[str, datetime]) -> None:
    if outcome.action == Change.DEACTIVATE:
        begun.pop(key_id, None)
        if outcome.outcome in _MAY_BE_INACTIVE:
            done[key_id] = at
    elif outcome.outcome in _CHANGED_AGAIN:
        begun.pop(key_id, None)
        done.pop(key_id, None)


def decide(
    keys: Collection[AccessKey],
    calling_id: str | None,
    deactivated: Mapping[str, datetime],
    request: Request,
    now: datetime,
) -> Decision:
    """Decide what is done about the root user's keys, and in which order.

    ``keys`` are all that were listed, ``calling_id`` is the id of the one that signs the calls (None for a session of the
    console), ``deactivated`` is when the journal deactivated which. Every id that is asked for is in exactly one of the steps,
    the keys held back, and those that need nothing.
    """
    seen = _Inputs({key.id: key for key in keys}, calling_id, deactivated, request, now)
    asked = seen.asked()
    if calling_id is not None and calling_id not in seen.keys:
        held = tuple(_hold(key_id, HoldReason.CALLER_NOT_LISTED) for key_id in sorted(asked | {calling_id}))
        return Decision((), held, ())
    steps: list[Step] = []
    held_back: list[KeyHeldBack] = []
    already: list[str] = []
    for key_id in sorted(asked, key=seen.mildest_first):
        match seen.judge(key_id, steps):
            case Step() as step:
                steps.append(step)
            case KeyHeldBack() as held_key:
                held_back.append(held_key)
            case None:
                already.append(key_id)
    return Decision(tuple(steps), tuple(held_back), tuple(already))


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What a decision rests on."""

    keys: Mapping[str, AccessKey]
    calling_id: str | None
    deactivated: Mapping[str, datetime]
    request: Request
    now: datetime

    def asked(self) -> frozenset[str]:
        if self.request.change is Change.REACTIVATE:
            return frozenset(self.deactivated)
        return frozenset(self.keys) if self.request.key_ids is None else self.request.key_ids

    def mildest_first(self, key_id: str) -> tuple[bool, bool, str]:
        """Order ids: the calling key last, before it those that something may still use."""
        key = self.keys.get(key_id)
        return (key_id == self.calling_id, key is not None and key.status is not KeyStatus.INACTIVE, key_id)

    def judge(self, key_id: str, steps: Collection[Step]) -> Step | KeyHeldBack | None:
        """Decide on one key; ``steps`` are those before it. None: nothing is left to be done about it."""
        key = self.keys.get(key_id)
        if key is None:
            return None if self.request.change is Change.DELETE else _hold(key_id, HoldReason.NOT_LISTED)
        match self.request.change:
            case Change.DEACTIVATE if key_id == self.calling_id:
                return _hold(key_id, HoldReason.IS_CALLING)
            case Change.DEACTIVATE:
                return self._changed(key, KeyStatus.ACTIVE)
            case Change.REACTIVATE:
                return self._changed(key, KeyStatus.INACTIVE)
            case Change.DELETE if key_id == self.calling_id:
                return self._own_deletion(key, steps)
            case Change.DELETE:
                return self._deletion(key)
            case _:
                assert_never(self.request.change)

    def _changed(self, key: AccessKey, before: KeyStatus) -> Step | KeyHeldBack | None:
        if key.status is KeyStatus.UNKNOWN:
            return _hold(key.id, HoldReason.STATUS_UNKNOWN)
        return Step(self.request.change, key) if key.status is before else None

    def _deletion(self, key: AccessKey) -> Step | KeyHeldBack:
        step = Step(Change.DELETE, key)
        if self.request.without_waiting:
            return step
        if key.status is not KeyStatus.INACTIVE:
            is_active = key.status is KeyStatus.ACTIVE
            return _hold(key.id, HoldReason.STILL_ACTIVE if is_active else HoldReason.STATUS_UNKNOWN)
        since = self.deactivated.get(key.id)
        if since is None or self.now - since >= self.request.min_inactive:
            return step
        until = since + self.request.min_inactive
        return KeyHeldBack(
            key.id,
            HoldReason.INACTIVE_TOO_SHORT,
            f"it was deactivated at {to_the_minute(since)}, and something that runs rarely may still need it",
            f"come back after {to_the_minute(until)}, or add --without-waiting",
        )

    def _own_deletion(self, key: AccessKey, steps: Collection[Step]) -> Step | KeyHeldBack:
        if self.request.key_ids is None and not self.request.including_own:
            return _hold(key.id, HoldReason.OWN_NOT_NAMED)
        if self.keys.keys() - {step.key.id for step in steps} - {key.id}:
            return _hold(key.id, HoldReason.OTHERS_REMAIN)
        return Step(Change.DELETE, key, is_own=True)


def _hold(key_id: str, reason: HoldReason) -> KeyHeldBack:
    return KeyHeldBack(key_id, reason, *_WORDS[reason])


_WORDS: Final = {
    HoldReason.IS_CALLING: (
        "it is the key that calls, and an inactive key could not delete itself",
        "delete the others first, and this one last, by --delete with its id",
    ),
    HoldReason.CALLER_NOT_LISTED: (
        "AWS does not list the key that calls, so the list cannot be whole",
        "run it again in some minutes",
    ),
    HoldReason.OWN_NOT_NAMED: (
        "it is the key that calls, which is deleted only where that is said",
        "add --including-own, or give --delete its id",
    ),
    HoldReason.OTHERS_REMAIN: (
        "it is the key that calls, which is deleted last, and other keys would be left",
        "delete the others first",
    ),
    HoldReason.STILL_ACTIVE: (
        "it is active: what still uses it would fail for good",
        "deactivate it first, which can be undone, or add --without-waiting",
    ),
    HoldReason.STATUS_UNKNOWN: (
        "AWS gives it a status that is neither Active nor Inactive",
        "look at it in the console; --delete with --without-waiting deletes it anyway",
    ),
    HoldReason.NOT_LISTED: ("the root user has no key of this id", "see which it has without any option"),
}


DEFAULT_MIN_INACTIVE: Final = Request(Change.DELETE).min_inactive
