"""What was seen about an account's root user, or why it could not be seen.

A source yields ``Observed`` or ``Unavailable``: there is no third answer, and nothing that failed looks like an empty list.
All times are aware datetimes in UTC.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Source(StrEnum):
    """The kinds of evidence."""

    ROOT_ACCESS_KEYS = "root_access_keys"
    ACCOUNT_SUMMARY = "account_summary"
    CREDENTIAL_REPORT = "credential_report"
    CALLER_IDENTITY = "caller_identity"


class Access(StrEnum):
    """The way by which a piece of evidence was reached."""

    OWN = "own"
    ROLE = "role"
    ROOT_SESSION = "root-session"
    ROOT = "root"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a piece of evidence comes from.

    ``observed_at`` is the time of the answer by the server's clock; None for a saved file that does not tell it.
    ``path`` and ``line`` (from 1) name a file, ``api_call`` (``iam:GetAccountSummary``) and ``request_id`` a call.
    ``named_for`` is the account that the name of the file or its folder names, where the evidence is of another one.
    """

    access: Access
    observed_at: datetime | None = None
    api_call: str | None = None
    request_id: str | None = None
    path: str | None = None
    line: int | None = None
    named_for: str | None = None


class KeyStatus(StrEnum):
    """The status of an access key; any status but Active and Inactive is a key that exists, of status UNKNOWN."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    UNKNOWN = "UNKNOWN"


class NoLastUse(StrEnum):
    """Why there is no last use: none since AWS began to track it on 2015-04-22, or nothing that was read tells."""

    NEVER_RECORDED = "never_recorded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LastUsed:
    """The last recorded use; ``region`` and ``service`` are None where AWS does not tell (S3 and global services)."""

    at: datetime
    region: str | None = None
    service: str | None = None


LastUse = LastUsed | NoLastUse


@dataclass(frozen=True, slots=True)
class AccessKey:
    """An access key as ListAccessKeys and GetAccessKeyLastUsed show it; no secret is ever part of it."""

    id: str
    status: KeyStatus
    created_at: datetime | None = None
    last_use: LastUse = NoLastUse.UNKNOWN


class SlotState(StrEnum):
    """What a credential report tells of one access key slot."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    UNKNOWN = "UNKNOWN"
    NO_KEY = "NO_KEY"
    UNREAD = "UNREAD"


@dataclass(frozen=True, slots=True)
class ReportSlot:
    """One access key slot of the ``<root_account>`` row.

    ``number`` is 1 or 2, greater for one that further columns describe, and the greatest for the keys that
    ``additional_credentials_info`` counts and no column describes.
    ``active`` is the ``access_key_N_active`` column: None when missing or unreadable. ``last_rotated_at`` is the time at which
    the key was created or last changed. ``unreadable`` names the columns whose text AWS never writes there.
    ``UNKNOWN`` is a key that is seen by its dates while its ``active`` column cannot be read.
    """

    number: int
    state: SlotState
    active: bool | None
    last_rotated_at: datetime | None = None
    last_use: LastUse = NoLastUse.UNKNOWN
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RootAccessKeys:
    """Every access key of the root user, from ListAccessKeys in a root session or as root; empty means there is none."""

    keys: tuple[AccessKey, ...]


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """The flag ``AccountAccessKeysPresent`` of GetAccountSummary: False for 0, True for anything else."""

    access_keys_present: bool


@dataclass(frozen=True, slots=True)
class CredentialReport:
    """The ``<root_account>`` row of a credential report; ``generated_at`` is None where the file does not tell it."""

    generated_at: datetime | None
    slots: tuple[ReportSlot, ...]


@dataclass(frozen=True, slots=True)
class CallerIdentity:
    """The caller; ``root_access_key_id`` is its access key id when it is root with a long-term key (AKIA), else None."""

    root_access_key_id: str | None


Fact = RootAccessKeys | AccountSummary | CredentialReport | CallerIdentity


class UnavailableReason(StrEnum):
    """Why a source gave no evidence."""

    FIELD_ABSENT = "field_absent"
    ACCESS_DENIED = "access_denied"
    DENIED_BY_SERVICE_CONTROL_POLICY = "denied_by_service_control_policy"
    ROLE_NOT_ASSUMABLE = "role_not_assumable"
    ROOT_SESSION_REFUSED = "root_session_refused"
    CENTRALIZED_ROOT_ACCESS_OFF = "centralized_root_access_off"
    REPORT_NOT_READY = "report_not_ready"
    REPORT_LIMIT_EXCEEDED = "report_limit_exceeded"
    THROTTLED = "throttled"
    TIMED_OUT = "timed_out"
    CREDENTIALS_EXPIRED = "credentials_expired"
    CREDENTIALS_INVALID = "credentials_invalid"
    CLOCK_OFF = "clock_off"
    MANAGEMENT_ACCOUNT = "management_account"
    NOT_IN_ORGANIZATION = "not_in_organization"
    INTERRUPTED = "interrupted"
    UNREACHABLE = "unreachable"
    UNUSABLE_ANSWER = "unusable_answer"
    KEY_OF_ANOTHER_ACCOUNT = "key_of_another_account"
    SESSION_OF_ANOTHER_ACCOUNT = "session_of_another_account"
    SERVICE_FAILURE = "service_failure"


@dataclass(frozen=True, slots=True)
class Observed:
    """A fact and where it comes from."""

    fact: Fact
    origin: Origin

    @property
    def source(self) -> Source:
        """The kind of evidence that the fact is."""
        match self.fact:
            case RootAccessKeys():
                return Source.ROOT_ACCESS_KEYS
            case AccountSummary():
                return Source.ACCOUNT_SUMMARY
            case CredentialReport():
                return Source.CREDENTIAL_REPORT
            case CallerIdentity():
                return Source.CALLER_IDENTITY


_ROLE: Final = re.compile(r"(?:assumed-role/(?P<session>[\w+=,.@-]+)/.*|role/(?P<role>[\w+=,.@/-]+))", re.ASCII)
"""A role in the last part of an ARN; characters as IAM API reference, CreateRole, of a path only those that no shell minds."""


@dataclass(frozen=True, slots=True)
class Denial:
    """What AWS denied: to the principal (an ARN) the action, as policies write it, on the resource (an ARN or a name).

    ``principal`` and ``resource`` are None where AWS's text does not tell them.
    """

    principal: str | None
    action: str
    resource: str | None

    @property
    def denied_role(self) -> str | None:
        """Return the role whose session was denied, by its name without the path, which a session's ARN leaves out."""
        return _role_in(self.principal)

    @property
    def role_asked_for(self) -> str | None:
        """Return the role that was to be assumed, its path first."""
        return _role_in(self.resource)


def _role_in(arn: str | None) -> str | None:
    parts = (arn or "").split(":", 5)
    match = _ROLE.fullmatch(parts[5]) if len(parts) == 6 else None  # noqa: PLR2004  arn:partition:service:region:account:rest
    return None if match is None else match["session"] or match["role"]


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A source that gave no evidence: why, and a clause that says what to do about it (``advice``).

    ``denial`` is there where AWS denied a permission. What is decided is decided by the fields; the advice is for people alone.
    """

    source: Source
    reason: UnavailableReason
    advice: str
    origin: Origin
    error_code: str | None = None
    denial: Denial | None = None


Evidence = Observed | Unavailable
