"""The shared policy: what it is called and holds, and whether one that was found is it; pure."""

import json
from dataclasses import dataclass
from typing import Final

from rootsweep.permissions.service_control_policy import deny_root_but_root_sessions

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


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something cannot go on: ``problem`` and ``advice`` are clauses."""

    problem: str
    advice: str


def content() -> str:
    """Write the policy's content, without blanks, for these count.

    Raises ``ValueError`` for one that is longer than AWS allows.
    """
    text = json.dumps(deny_root_but_root_sessions(), separators=(",", ":"))
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"the policy has {len(text)} characters, of {MOST_CHARACTERS} that AWS allows")
    return text


def why_not_ours(found: SharedPolicy) -> Problem | None:
    """Tell why a policy of this name was not made by rootsweep; None for one that was, whatever it holds now."""
    if TAG not in found.tags:
        return Problem(
            f"the policy {NAME} ({found.id}) lacks the tag {'='.join(TAG)}, so rootsweep did not make it",
            "rename it, or tag it if it is rootsweep's",
        )
    return None


def why_not_usable(found: SharedPolicy) -> Problem | None:
    """Tell why a policy of this name must not be attached; None for rootsweep's own, with its content unchanged."""
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
