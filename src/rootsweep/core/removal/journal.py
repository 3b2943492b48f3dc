"""What the journal of removals holds, and which of its intents have no outcome.

No entry has a field that a secret could be put into. All times are aware datetimes in UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain
from operator import attrgetter
from typing import Final, assert_never

NO_PREVIOUS: Final = "0" * 64
"""Stands where the hash of an entry would, before the first one."""


class RemediationCommand(StrEnum):
    """What a person asked for when a plan was opened."""

    APPLY = "apply"
    REHEARSE = "rehearse"
    QUARANTINE = "quarantine"
    LIFT = "lift"
    SELF_REMOVE = "self_remove"
    CENTRAL_ACCESS = "central_access"


class EntryKind(StrEnum):
    """The kinds of entries, by their names in a journal's file."""

    PLAN_OPENED = "plan_opened"
    INTENT = "intent"
    OUTCOME = "outcome"
    TORN_LINE = "torn_line"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class PlanOpened:
    """A plan is about to be carried out; ``organization_id`` is None outside of an organization."""

    plan_digest: str
    organization_id: str | None
    caller_arn: str
    tool_version: str
    command: RemediationCommand


@dataclass(frozen=True, slots=True)
class Intent:
    """An action is about to be taken in an account, on one of its keys or, where ``key_id`` is None, on the account."""

    plan_digest: str
    account_id: str
    key_id: str | None
    action: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an action.

    ``outcome`` is a code, ``detail`` a text of rootsweep's own, ``request_ids`` are those of AWS's answers, in their order.
    """

    plan_digest: str
    account_id: str
    key_id: str | None
    action: str
    outcome: str
    detail: str | None
    request_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TornLine:
    """The end of the file was a line that a crash had cut off: its length in bytes and their SHA-256 digest, in hexadecimal."""

    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for whoever reads the journal."""

    text: str


Payload = PlanOpened | Intent | Outcome | TornLine | Note


def kind_of(payload: Payload) -> EntryKind:
    """Name the kind of a payload."""
    match payload:
        case PlanOpened():
            return EntryKind.PLAN_OPENED
        case Intent():
            return EntryKind.INTENT
        case Outcome():
            return EntryKind.OUTCOME
        case TornLine():
            return EntryKind.TORN_LINE
        case Note():
            return EntryKind.NOTE
        case _:
            assert_never(payload)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a journal.

    ``sequence`` counts from 0. ``hash`` is the SHA-256 hash of the line with its line end, in hexadecimal, and ``previous`` the
    one of the entry before, ``NO_PREVIOUS`` for the first.
    """

    sequence: int
    at: datetime
    previous: str
    hash: str
    payload: Payload


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the entries of a journal follow from each other.

    ``entries`` counts those that do, from the first on, and ``head`` is the hash of the last of them, ``NO_PREVIOUS`` without
    one. Where ``intact`` is False, ``broken_line`` (from 1) does not follow, and ``problem`` says so: that line or the one
    before it was changed. ``torn_bytes`` is the length of an unfinished last line: a crash has cut it off, or another process
    is writing it.
    """

    entries: int
    intact: bool
    broken_line: int | None
    problem: str | None
    head: str
    torn_bytes: int = 0


@dataclass(frozen=True, slots=True)
class ExpectedHead:
    """The hash that a person has noted of a journal; ``line`` (from 1) has it, None where no entry has it any more."""

    hash: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was read of a journal.

    ``entries`` are those before the first that does not follow; ``unfinished`` are the intents among them without an outcome.
    """

    entries: tuple[Entry, ...]
    verification: Verification
    unfinished: tuple[Entry, ...]
    expected_head: ExpectedHead | None = None


# Which actions were begun and have no outcome: nobody knows whether AWS has carried them out.


def unfinished_intents(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the intents that no outcome follows, in their order.

    An outcome settles every earlier intent of the same plan, account, key and action: it tells what came of the last attempt.
    """
    waiting: dict[tuple[str, str, str | None, str], list[Entry]] = {}
    for entry in entries:
        match entry.payload:
            case Intent() as intent:
                waiting.setdefault(_act(intent), []).append(entry)
            case Outcome() as outcome:
                waiting.pop(_act(outcome), None)
            case PlanOpened() | TornLine() | Note():
                pass
            case _:
                assert_never(entry.payload)
    return tuple(sorted(chain.from_iterable(waiting.values()), key=attrgetter("sequence")))


def _act(payload: Intent | Outcome) -> tuple[str, str, str | None, str]:
    return payload.plan_digest, payload.account_id, payload.key_id, payload.action
