"""What is to be done about root access keys: a plan, frozen once it is made; nothing acts but from one.

All times are aware, in UTC; spans are ``timedelta``. No secret is ever part of a plan.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rootsweep.core.evidence import KeyStatus, LastUse
from rootsweep.core.organization import Account


class ActionKind(StrEnum):
    """What is done about a key."""

    DELETE_KEY = "delete_key"
    SELF_REMOVE = "self_remove"
    MANUAL_STEP = "manual_step"


class Precondition(StrEnum):
    """What must still hold, by what is seen at the moment of acting; any that does not stops the account."""

    KEY_EXISTS = "key_exists"
    KEYS_AS_PLANNED = "keys_as_planned"
    STATUS_UNCHANGED = "status_unchanged"
    CREATION_UNCHANGED = "creation_unchanged"
    NOT_USED_SINCE = "not_used_since"


class HeldBackReason(StrEnum):
    """Why a key is in the plan and not acted on."""

    EXCEPTED = "excepted"
    KEY_ID_UNKNOWN = "key_id_unknown"
    STATUS_UNKNOWN = "status_unknown"
    RECENTLY_USED = "recently_used"
    LAST_USE_UNKNOWN = "last_use_unknown"
    TOO_YOUNG = "too_young"
    AGE_UNKNOWN = "age_unknown"
    MAX_ACCOUNTS = "max_accounts"
    MAX_SHARE = "max_share"


@dataclass(frozen=True, slots=True)
class Guards:
    """What bounds a plan.

    A key that was used within ``min_idle`` of being seen, or of which that is not known, is held back unless ``allow_recent``
    names its id; one that was younger than ``min_age`` is held back always. Keys are deleted in at most ``max_accounts``
    accounts, and in at most ``max_share`` (0 to 1) of the accounts that the audit covered, but for one account, which is always
    allowed. The plan may be carried out for ``valid_for``.
    """

    min_idle: timedelta = timedelta(days=90)
    min_age: timedelta = timedelta(days=1)
    max_accounts: int = 50
    max_share: float = 0.1
    valid_for: timedelta = timedelta(hours=24)
    allow_recent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedKey:
    """A root key as the audit saw it.

    ``id`` is None where no root session saw the ids, ``slot`` is then its report's; both are None for a key of which nothing
    but its existence was seen.
    """

    account: Account
    id: str | None
    slot: int | None
    status: KeyStatus
    created_at: datetime | None
    last_rotated_at: datetime | None
    last_use: LastUse


@dataclass(frozen=True, slots=True)
class Action:
    """What is done about one key. ``runbook`` is steps for a person, empty where rootsweep itself acts."""

    kind: ActionKind
    key: PlannedKey
    preconditions: tuple[Precondition, ...] = ()
    runbook: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A key that is not acted on: why, and which option would release it (None where none does)."""

    key: PlannedKey
    reason: HeldBackReason
    message: str
    release: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan for one organization, or for one account outside of any.

    ``as_of`` is when the audit that it rests on ended, ``created_at`` when it was made, ``accounts`` how many accounts the
    audit covered. The plan says nothing of the accounts ``unread`` (ids, in ascending order), which the audit could not judge,
    and of those that it did not even list: ``incomplete_because`` says why there may be such, None where there are none.
    """

    tool_version: str
    created_at: datetime
    as_of: datetime
    organization_id: str | None
    partition: str | None
    accounts: int
    guards: Guards
    actions: tuple[Action, ...]
    held_back: tuple[HeldBack, ...]
    unread: tuple[str, ...] = ()
    incomplete_because: str | None = None

    @property
    def is_complete(self) -> bool:
        """Whether no root key is left once rootsweep has carried it out: none is held back, left to a person, or unseen."""
        by_rootsweep = all(action.kind is ActionKind.DELETE_KEY for action in self.actions)
        saw_everything = self.accounts > 0 and not self.unread and self.incomplete_because is None
        return by_rootsweep and not self.held_back and saw_everything

    @property
    def expires_at(self) -> datetime:
        """Until when it may be carried out."""
        return self.created_at + self.guards.valid_for
