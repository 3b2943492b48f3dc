"""What must be equal for a run to be continued, and where its checkpoint is kept."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FORMAT: Final = "rootsweep.checkpoint/1"
"""The version of the file format: to be raised with every change that an older or a newer rootsweep would misread."""


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """What must be equal for a run to be continued.

    ``scope`` is a digest or a canonical text of the scope and of the options that shape evidence; ``organization_id`` is None
    outside of an organization.
    """

    scope: str
    organization_id: str | None
    caller_account_id: str


def default_path(identity: RunIdentity) -> Path:
    """Return the path of a run's checkpoint in the user's state directory; each identity has one of its own.

    For ``cli`` alone: platformdirs reads the environment (``XDG_STATE_HOME``, ``HOME``). Nothing is created.
    """
    # 14 ms, for the one command that keeps checkpoints
    from platformdirs import user_state_path  # noqa: PLC0415

    parts = (identity.scope, identity.organization_id or "", identity.caller_account_id)
    name = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    return user_state_path("rootsweep", appauthor=False) / "checkpoints" / f"{name}.jsonl"
