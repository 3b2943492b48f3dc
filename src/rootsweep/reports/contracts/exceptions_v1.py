"""``rootsweep exception list`` and ``check`` as JSON: the contract ``rootsweep.exceptions/1``."""

from collections.abc import Sequence
from typing import Literal, TextIO

import msgspec

from rootsweep.core.finding import ReviewedException
from rootsweep.reports.contracts.audit_v1 import Time, indented
from rootsweep.reports.registry import RenderOptions


class ReviewedEntry(msgspec.Struct, frozen=True):
    """An exception, and what has become of it."""

    account_id: str
    key_id: str | None
    last_rotated_at: Time | None
    status: Literal["ACTIVE", "INACTIVE", "UNKNOWN"]
    owner: str
    reason: str
    ticket: str | None
    expires_at: Time
    days_left: int
    state: Literal["in_force", "expired", "another_key", "active_again", "key_not_seen", "no_longer_needed"]


class Exceptions(msgspec.Struct, frozen=True):
    """The exceptions of a settings file."""

    schema: Literal["rootsweep.exceptions/1"]
    path: str
    exceptions: list[ReviewedEntry]


def write_exceptions(reviewed: Sequence[ReviewedException], path: str, stream: TextIO, options: RenderOptions) -> None:  # noqa: ARG001  JSON has one look
    """Write the exceptions that the file at ``path`` grants, in its order."""
    entries = Exceptions("rootsweep.exceptions/1", path, [_entry(one) for one in reviewed])
    stream.write(f"{indented(entries)}\n")


def _entry(one: ReviewedException) -> ReviewedEntry:
    rule, granted = one.rule, one.rule.granted
    return ReviewedEntry(
        account_id=rule.account_id,
        key_id=rule.key_id,
        last_rotated_at=rule.last_rotated_at,
        status=rule.status.value,
        owner=granted.owner,
        reason=granted.reason,
        ticket=granted.ticket,
        expires_at=granted.expires_at,
        days_left=one.days_left,
        state=one.state.value,
    )
