"""The quarantine: its service control policy, and which root calls were recorded while it lasted.

All times are aware, in UTC.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rootsweep.core.answer import Problem
from rootsweep.core.policies import deny_root_but_root_sessions

_DENIALS: Final = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
"""How services spell a denial (CloudTrail User Guide, "CloudTrail record contents", errorCode)."""


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A management event of one access key: a call, where it came from, and the error that it ended with; None for none."""

    at: datetime
    region: str
    event_source: str
    event_name: str
    error_code: str | None
    source_ip: str | None

    @property
    def is_denied(self) -> bool:
        """Whether the call was denied; EC2 writes ``Client.`` before its code."""
        return self.error_code is not None and self.error_code.removeprefix("Client.") in _DENIALS


@dataclass(frozen=True, slots=True)
class Lookup:
    """The calls of one key that were found, oldest first, and what could not be looked up: a sentence each."""

    key_id: str
    calls: tuple[RecordedCall, ...]
    gaps: tuple[str, ...] = ()

    @property
    def denied(self) -> tuple[RecordedCall, ...]:
        """The calls that were denied."""
        return tuple(call for call in self.calls if call.is_denied)


def in_order(calls: Iterable[RecordedCall], since: datetime | None) -> tuple[RecordedCall, ...]:
    """Return the calls from ``since`` on, oldest first; all of them where it is None. Events have times of whole seconds."""
    lasting = [call for call in calls if since is None or call.at >= since.replace(microsecond=0)]
    return tuple(sorted(lasting, key=lambda call: (call.at, call.region, call.event_source, call.event_name)))


# The shared policy: what it is called and holds, and whether one that was found is it; pure.

NAME: Final = "rootsweep-quarantine"
DESCRIPTION: Final = (
    "Denies the root user everything, but spares root sessions. Attached by `rootsweep quarantine` to accounts whose root "
    "access keys are about to be deleted, to find out whether anything uses them; `rootsweep quarantine lift` detaches it."
)
TAG: Final = ("created-by", "rootsweep")

MOST_CHARACTERS: Final = 10_240
"""Organizations User Guide, "Quotas for AWS Organizations": the most characters of a service control policy."""

MOST_ATTACHED: Final = 10
"""The same: the most service control policies that are attached to one root, unit or account."""


@dataclass(frozen=True, slots=True)
class SharedPolicy:
    """A policy that has the shared policy's name: its id, content and tags, as keys and values."""

    id: str
    content: str
    tags: frozenset[tuple[str, str]]


def content() -> str:
    """Write the policy's content, without spaces, for these count.

    Raises ``ValueError`` for one that is longer than AWS allows.
    """
    text = json.dumps(deny_root_but_root_sessions(), separators=(",", ":"))
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"the policy has {len(text)} characters, of {MOST_CHARACTERS} that AWS allows")
    return text


def why_not_ours(found: SharedPolicy) -> Problem | None:
    """Return why a policy of this name was not made by rootsweep; None for one that was, whatever it holds now."""
    if TAG not in found.tags:
        return Problem(
            f"the policy {NAME} ({found.id}) lacks the tag {'='.join(TAG)}, so rootsweep did not make it",
            "rename it, or tag it if it is rootsweep's",
        )
    return None


def why_not_usable(found: SharedPolicy) -> Problem | None:
    """Return why a policy of this name must not be attached; None for rootsweep's own, with its content unchanged."""
    ours = why_not_ours(found)
    if ours is not None:
        return ours
    if not _is_same(found.content):
        return Problem(
            f"the policy {NAME} ({found.id}) holds something else than rootsweep gave it",
            "see what it denies; delete or rename it once it is attached to nothing",
        )
    return None


def _is_same(text: str) -> bool:
    """Compare by meaning: blanks and the order of members do not matter in JSON."""
    try:
        loaded: object = json.loads(text)
    except ValueError:
        return False
    ours: object = json.loads(content())
    return loaded == ours
