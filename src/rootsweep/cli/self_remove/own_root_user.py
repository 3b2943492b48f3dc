"""The root user that calls, found out by asking AWS; imported only when AWS is asked, for its SDK is slow to import."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.patience import Patience
from rootsweep.aws.session import SessionOptions, open_session
from rootsweep.aws.sts import get_caller_identity
from rootsweep.cli.removal.root_key_gateway import OwnRootUser
from rootsweep.errors import CannotRunError
from rootsweep.model.evidence import Access
from rootsweep.remediation.self_removal import UNKNOWN_KEY_CODE
from rootsweep.sources.caller_identity import is_key_of

_LONG_TERM: Final = "AKIA"
"""What the id of a long-term key begins with (IAM User Guide, "IAM identifiers", "Understanding unique ID prefixes")."""


@dataclass(frozen=True, slots=True)
class CallingRoot:
    """The root user that calls; ``key_id`` is that of its calling key, None for a session. ``now`` is by AWS's clock."""

    account_id: str
    arn: str
    region: str
    key_id: str | None
    user: OwnRootUser
    patience: Patience
    now: datetime


@dataclass(frozen=True, slots=True)
class UnknownKey:
    """The calling key is one that AWS does not know, and that the journal says was to be deleted."""

    key_id: str
    region: str


def open_root_user(
    options: SessionOptions,
    timeout: timedelta,
    local_clock: Callable[[], datetime],
    was_to_be_deleted: Callable[[str], bool],
) -> CallingRoot | UnknownKey:
    """Find out who calls; ``was_to_be_deleted`` tells whether the journal holds that this very key was to be deleted.

    Raises ``UsageError`` for settings that make no sense, and ``CannotRunError`` when AWS does not tell who calls, names
    another account than the calling key belongs to, or tells that it is not a root user.
    """
    session = open_session(options, local_clock)
    access = AccountAccess(Access.ROOT, session.region)
    match get_caller_identity(session, access):
        case Refusal() as refusal:
            if refusal.error_code == UNKNOWN_KEY_CODE and was_to_be_deleted(session.own_access_key_id()):
                return UnknownKey(session.own_access_key_id(), session.region)
            raise CannotRunError(refusal.problem, refusal.advice)
        case Answer(value=caller) if not is_key_of(caller, session.own_access_key_id()):
            raise CannotRunError(
                f"AWS names account {caller.account_id} as the caller, but the key that calls, {session.own_access_key_id()}, "
                "belongs to another account",
                "check that AWS_ENDPOINT_URL and the proxy lead to AWS",
            )
        case Answer(value=caller) if caller.is_root:
            key_id = session.own_access_key_id()
            return CallingRoot(
                caller.account_id,
                caller.arn,
                session.region,
                key_id if key_id.startswith(_LONG_TERM) else None,
                OwnRootUser(session, access, caller.account_id),
                Patience(timeout.total_seconds(), time.monotonic, time.sleep),
                session.clock.now(),
            )
        case Answer(value=caller):
            raise CannotRunError(
                f"the credentials are those of {caller.arn}, not of a root user",
                "run this as the account's root user: in AWS CloudShell, or after `aws login`, signed in as root; with a root "
                "access key where root has no console, as in AWS GovCloud (US)",
            )
