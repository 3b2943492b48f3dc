"""When a key was last used, as IAM comes to know it.

IAM User Guide, "Credential report", access_key_1_last_used_date: the first use within a span of 15 minutes counts. That a key
used seconds before still shows none is captured (commercial partition, September 2026). Assumption: a use shows once its span
of 15 minutes is over.
"""

from typing import Final

from rootsweep.emulator.state.account import AccessKey, LastUse
from rootsweep.emulator.state.world import World

SPAN: Final = 900
"""Seconds within which only the first use of a key counts."""


def record_use(world: World, key_id: str, use: LastUse) -> None:
    """Keep a use of a key by a caller of the emulator, unless it falls into the span of the one before."""
    uses = world.uses.get(key_id, ())
    if not uses or use.at - uses[-1].at >= SPAN:
        world.uses[key_id] = (*uses[-1:], use)


def last_use(world: World, key: AccessKey, now: float) -> LastUse | None:
    """Give the last use that shows at ``now`` (epoch seconds); None for a key that was never used."""
    shown = [use for use in world.uses.get(key.id, ()) if now - use.at >= SPAN]
    return shown[-1] if shown else key.last_used
