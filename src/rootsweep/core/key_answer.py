"""Whose an access key is: what was asked, what a source tells of an account's root user, and the answer."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rootsweep.core.evidence import Access
from rootsweep.core.finding import KeyRow


class KeyKind(StrEnum):
    """What the prefix of an access key id tells: AKIA is a long-term key, ASIA one of a temporary session."""

    LONG_TERM = "long-term"
    TEMPORARY = "temporary"


class RootKey(StrEnum):
    """Whether an access key is the root user's."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AskedKey:
    """An access key id that was asked about; ``account_id`` is what it holds, None for an id of the old generation."""

    id: str
    kind: KeyKind
    account_id: str | None


@dataclass(frozen=True, slots=True)
class SavedAccount:
    """An account as a saved run shows it.

    ``verdict``, and ``codes`` of its reasons and warnings, are the run's own words. ``listed_at`` is when root's keys were
    listed by their ids, by ``listed_by``; both are None where they were not.
    """

    path: str
    id: str
    name: str | None
    verdict: str
    codes: frozenset[str]
    keys: tuple[KeyRow, ...]
    as_of: datetime | None
    listed_by: Access | None
    listed_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where an answer comes from: ``path`` names a saved run, None for AWS itself; ``access`` is how AWS was reached."""

    path: str | None
    access: Access | None


@dataclass(frozen=True, slots=True)
class KnownRootKeys:
    """What one source tells of the access keys of one account's root user.

    ``keys`` are those that are known by their ids. ``is_complete`` tells that root had no other ``as_of`` that time; where
    it is False, ``reason`` says why in a sentence, and ``advice`` what to do. ``is_refused``: AWS was asked and did not tell.
    """

    account_id: str
    account_name: str | None
    source: KeySource
    as_of: datetime | None
    keys: tuple[KeyRow, ...] = ()
    is_complete: bool = False
    is_refused: bool = False
    reason: str | None = None
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """What is known of one access key id.

    ``account_id`` is None where neither the id nor a source tells it. ``key`` is the root key that it is; ``as_of`` and
    ``source`` belong to a known answer alone. ``is_conclusive`` is False where something that was asked did not answer.
    """

    asked: AskedKey
    account_id: str | None
    account_name: str | None
    root_key: RootKey
    message: str
    is_conclusive: bool
    advice: str | None = None
    key: KeyRow | None = None
    source: KeySource | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyAnswers:
    """The answers of one call, in the order in which the ids were met; ``finished_at`` is aware, in UTC."""

    finished_at: datetime
    tool_version: str
    answers: tuple[KeyAnswer, ...]

    def counts(self) -> dict[RootKey, int]:
        """Count the answers; every kind is there."""
        counted = Counter(one.root_key for one in self.answers)
        return {kind: counted[kind] for kind in RootKey}
