"""Runs as the history keeps them, and the drift from one to another.

What changes with every look, such as request ids and times of observation, is no part of what is kept. Times are aware, in UTC.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rootsweep.core.evidence import KeyStatus
from rootsweep.core.finding import KeyRow, Severity, Verdict
from rootsweep.core.organization import AccountState, ScopeKind
from rootsweep.core.run import Summary


@dataclass(frozen=True, slots=True)
class RecordedScope:
    """What an audit was asked to cover: runs of equal scopes are compared with each other.

    ``asked`` tells what was named or left out, as options: accounts, organizational units, tags, files. It may be empty.
    """

    kind: ScopeKind
    partition: str | None
    organization_id: str | None
    asked: str


@dataclass(frozen=True, slots=True)
class DriftCounts:
    """How many accounts are new, have reappeared, are fixed or were lost sight of."""

    new: int = 0
    reappeared: int = 0
    fixed: int = 0
    lost_sight_of: int = 0


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run without its accounts; ``number`` is None until it is saved.

    ``drift`` is against the last complete run of the same scope that was there when it was saved; None until it is saved.
    """

    number: int | None
    scope: RecordedScope
    started_at: datetime
    finished_at: datetime
    tool_version: str
    complete: bool
    incomplete_because: str | None
    summary: Summary
    rejected_inputs: int
    drift: DriftCounts | None = None


@dataclass(frozen=True, slots=True)
class RecordedAccount:
    """One account in one run; ``reasons`` are codes, ``keys`` are in the order of their slots and ids."""

    id: str
    name: str | None
    partition: str | None
    state: AccountState | None
    is_management_account: bool
    path: str | None
    verdict: Verdict
    severity: Severity | None
    reasons: tuple[str, ...]
    excepted: bool
    keys: tuple[KeyRow, ...]


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run with its accounts, in ascending order of their ids, each once."""

    record: RunRecord
    accounts: tuple[RecordedAccount, ...]


@dataclass(frozen=True, slots=True)
class EarlierVerdict:
    """From which run on an account had a verdict."""

    run: int
    verdict: Verdict


class Change(StrEnum):
    """What has become of an account from one run to another; docs/history.md explains each."""

    NEW = "new"
    REAPPEARED = "reappeared"
    FIXED = "fixed"
    LOST_SIGHT_OF = "lost_sight_of"


class ChangeReason(StrEnum):
    """Why a change is what it is; docs/history.md explains each."""

    FIRST_SEEN = "first_seen"
    WAS_COMPLIANT = "was_compliant"
    WAS_NOT_APPLICABLE = "was_not_applicable"
    WAS_NOT_JUDGED = "was_not_judged"
    FURTHER_KEY = "further_key"
    KEY_ACTIVE_AGAIN = "key_active_again"
    EXCEPTION_ENDED = "exception_ended"
    PROVEN_COMPLIANT = "proven_compliant"
    NOT_JUDGED = "not_judged"
    NO_LONGER_APPLICABLE = "no_longer_applicable"
    NOT_IN_SCOPE = "not_in_scope"
    RUN_INCOMPLETE = "run_incomplete"


@dataclass(frozen=True, slots=True)
class AccountDrift:
    """An account that has changed; ``before`` and ``now`` are None where it had, or has, no row.

    ``keys`` are those that make it new, or that were there before it was fixed or lost sight of. ``fixed_in`` is the earlier
    run that had proven it fixed, of an account that has reappeared.
    """

    change: Change
    reason: ChangeReason
    before: RecordedAccount | None
    now: RecordedAccount | None
    keys: tuple[KeyRow, ...] = ()
    fixed_in: int | None = None

    @property
    def account(self) -> RecordedAccount:
        """Its newest row."""
        newest = self.now or self.before
        if newest is None:
            raise ValueError("a change is of an account that has a row")
        return newest

    @property
    def is_finding(self) -> bool:
        """Whether it is new or has reappeared, and no exception stands for it."""
        return self.change in {Change.NEW, Change.REAPPEARED} and not self.account.excepted


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The accounts that are none of new, reappeared, fixed and lost sight of.

    The first four have the verdict that they had; ``newly_proven`` are COMPLIANT and were not judged before, ``others`` have
    changed in a way that tells nothing of keys.
    """

    compliant: int = 0
    non_compliant: int = 0
    not_applicable: int = 0
    insufficient_data: int = 0
    newly_proven: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class Drift:
    """What has changed between two runs, in ascending order of account ids; ``before`` is None where there was no run."""

    before: RunRecord | None
    now: RunRecord
    changes: tuple[AccountDrift, ...]
    unchanged: Unchanged

    def counts(self) -> DriftCounts:
        """Count the changes."""
        counts = Counter(one.change for one in self.changes)
        return DriftCounts(counts[Change.NEW], counts[Change.REAPPEARED], counts[Change.FIXED], counts[Change.LOST_SIGHT_OF])


@dataclass(frozen=True, slots=True)
class Sighting:
    """An account that was the same over runs of one scope that follow each other, from ``first`` to ``last``."""

    account: RecordedAccount
    first: RunRecord
    last: RunRecord


@dataclass(frozen=True, slots=True)
class KeyStatusSince:
    """From when on a key was seen with a status; ``run`` is the number of that run."""

    status: KeyStatus
    seen_at: datetime
    run: int


@dataclass(frozen=True, slots=True)
class KeyLife:
    """What the recorded runs tell of one key.

    ``key`` is its newest row. ``gone_by`` is the first later run that proves that the account has no key, at ``gone_at``; both
    are None where nothing proves it, even if the key was not seen any more.
    """

    key: KeyRow
    first_seen_at: datetime
    last_seen_at: datetime
    statuses: tuple[KeyStatusSince, ...]
    gone_at: datetime | None
    gone_by: int | None


@dataclass(frozen=True, slots=True)
class AccountLife:
    """What the recorded runs tell of one account: its sightings, the oldest first, and the lives of its keys."""

    account_id: str
    sightings: tuple[Sighting, ...]
    keys: tuple[KeyLife, ...]
