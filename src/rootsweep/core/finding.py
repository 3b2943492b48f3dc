"""What a person reads about one account: the verdict, why, which keys, what to do, and the exceptions that were granted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rootsweep.core.evidence import Evidence, KeyStatus, LastUse, Unavailable
from rootsweep.core.organization import Account

# Exceptions: findings that someone answers for, until a day.


@dataclass(frozen=True, slots=True)
class GrantedException:
    """Who answers for the root keys of an account, why, by which ticket, and until when; ``expires_at`` is aware, in UTC.

    It never changes a verdict: a finding that is excepted is non-compliant, and is counted apart.
    """

    owner: str
    reason: str
    ticket: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """An exception as it was granted: for one key of one account, as that key was then.

    The key is named by ``key_id`` or, where no id is known, by ``last_rotated_at``, which is when it was created or last
    changed (aware, in UTC); one of them is never None. ``status`` is ACTIVE or INACTIVE.
    """

    account_id: str
    key_id: str | None
    last_rotated_at: datetime | None
    status: KeyStatus
    granted: GrantedException


class ExceptionState(StrEnum):
    """What has become of an exception."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    ANOTHER_KEY = "another_key"
    ACTIVE_AGAIN = "active_again"
    KEY_NOT_SEEN = "key_not_seen"
    NO_LONGER_NEEDED = "no_longer_needed"


@dataclass(frozen=True, slots=True)
class ReviewedException:
    """An exception, what has become of it, and whole days until it expires, which are negative once it has."""

    rule: ExceptionRule
    state: ExceptionState
    days_left: int


class Verdict(StrEnum):
    """The four compliance types of AWS Config (AWS Config API reference, ComplianceByConfigRule)."""

    COMPLIANT = "COMPLIANT"
    NON_COMPLIANT = "NON_COMPLIANT"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


class Severity(StrEnum):
    """How bad a non-compliance is: HIGH for inactive keys alone, CRITICAL for every other."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"


class ReasonCode(StrEnum):
    """Why a verdict is what it is; docs/verdicts.md explains each.

    An account for which no source gave evidence carries the sources' own reasons (``UnavailableReason``) instead.
    """

    ACTIVE_ROOT_KEY = "active_root_key"
    INACTIVE_ROOT_KEY = "inactive_root_key"
    INACTIVE_ROOT_KEY_ALLOWED = "inactive_root_key_allowed"
    ROOT_KEY_STATUS_UNKNOWN = "root_key_status_unknown"
    SOURCES_DISAGREE = "sources_disagree"
    KEY_CREATED_SINCE_REPORT = "key_created_since_report"
    KEY_DELETED_SINCE_REPORT = "key_deleted_since_report"
    NO_ROOT_KEY = "no_root_key"
    NO_EVIDENCE = "no_evidence"
    REPORT_TOO_OLD = "report_too_old"
    REPORT_TIME_UNKNOWN = "report_time_unknown"
    REPORT_INCOMPLETE = "report_incomplete"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_PENDING_CLOSURE = "account_pending_closure"
    ACCOUNT_PENDING_ACTIVATION = "account_pending_activation"
    PARTITION_HAS_NO_ROOT_USER = "partition_has_no_root_user"


class WarningCode(StrEnum):
    """What a reader should know beside the verdict; docs/verdicts.md explains each."""

    KEY_DATE_UNREADABLE = "key_date_unreadable"
    SLOT_UNREAD = "slot_unread"
    FURTHER_KEYS_REPORTED = "further_keys_reported"
    REPORT_TIME_UNKNOWN = "report_time_unknown"
    REPORT_TIME_IN_FUTURE = "report_time_in_future"
    REPORT_OLDER_THAN_MAX_AGE = "report_older_than_max_age"
    SOURCE_UNAVAILABLE = "source_unavailable"
    OLDER_EVIDENCE_SET_ASIDE = "older_evidence_set_aside"
    ANSWER_TIME_UNKNOWN = "answer_time_unknown"
    FILE_NAMED_FOR_ANOTHER_ACCOUNT = "file_named_for_another_account"
    CALLER_KEY_NOT_SHOWN_ELSEWHERE = "caller_key_not_shown_elsewhere"
    EVIDENCE_OF_CLOSED_ACCOUNT = "evidence_of_closed_account"
    EXCEPTION_EXPIRED = "exception_expired"
    EXCEPTION_VOID_ANOTHER_KEY = "exception_void_another_key"
    EXCEPTION_VOID_ACTIVE_AGAIN = "exception_void_active_again"
    EXCEPTION_KEY_NOT_SEEN = "exception_key_not_seen"


class ProcedureResult(StrEnum):
    """The outcome of one of the benchmark's two audit procedures on its own evidence, stale or not."""

    PASS = "PASS"  # noqa: S105  the benchmark's word, not a password
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Procedures:
    """Both audit procedures of CIS recommendation 1.4."""

    account_summary: ProcedureResult
    credential_report: ProcedureResult


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on an account, before anything is put in words.

    ``reasons`` and ``unavailable`` together are never empty: ``unavailable`` holds the sources' own reasons when nothing could
    be read. ``as_of`` is the oldest time among the evidence that decided, None when any of those times is unknown.
    """

    verdict: Verdict
    reasons: tuple[ReasonCode, ...]
    unavailable: tuple[Unavailable, ...]
    severity: Severity | None
    as_of: datetime | None
    procedures: Procedures


@dataclass(frozen=True, slots=True)
class Message:
    """A reason or a warning: its stable code and one or two sentences for a person."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One root key as a finding shows it: from a key list (``id``), from a report (``slot``), or from both.

    ``last_rotated_at`` is "created or last changed"; a key is at least as old as the time since then.
    """

    id: str | None
    slot: int | None
    status: KeyStatus
    created_at: datetime | None
    last_rotated_at: datetime | None
    last_use: LastUse


@dataclass(frozen=True, slots=True)
class Finding:
    """The row of one account: every account in scope has exactly one.

    ``exception`` is the one that stands for a non-compliance; None where there is none.
    """

    account: Account
    verdict: Verdict
    severity: Severity | None
    as_of: datetime | None
    reasons: tuple[Message, ...]
    warnings: tuple[Message, ...]
    keys: tuple[KeyRow, ...]
    procedures: Procedures
    evidence: tuple[Evidence, ...]
    next_step: str | None
    exception: GrantedException | None = None

    @property
    def reason_codes(self) -> tuple[str, ...]:
        """The codes of the reasons, each once: two sources may be unread for the same reason, and say so in other words."""
        return tuple(dict.fromkeys(reason.code for reason in self.reasons))

    @property
    def warning_codes(self) -> tuple[str, ...]:
        """The codes of the warnings, each once."""
        return tuple(dict.fromkeys(warning.code for warning in self.warnings))
