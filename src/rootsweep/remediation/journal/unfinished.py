"""Which actions were begun and have no outcome: nobody knows whether AWS has carried them out."""

from collections.abc import Iterable
from itertools import chain
from operator import attrgetter
from typing import assert_never

from rootsweep.model.journal import Entry, Intent, Note, Outcome, PlanOpened, TornLine


def unfinished_intents(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Give the intents that no outcome follows, in their order.

    An outcome settles every earlier intent of the same plan, account, key and action: it tells what came of the last attempt.
    """
    waiting: dict[tuple[str, str, str | None, str], list[Entry]] = {}
    for entry in entries:
        match entry.payload:
            case Intent() as intent:
                waiting.setdefault(_act(intent), []).append(entry)
            case Outcome() as outcome:
                waiting.pop(_act(outcome), None)
            case PlanOpened() | TornLine() | Note():
                pass
            case _:
                assert_never(entry.payload)
    return tuple(sorted(chain.from_iterable(waiting.values()), key=attrgetter("sequence")))


def _act(payload: Intent | Outcome) -> tuple[str, str, str | None, str]:
    return payload.plan_digest, payload.account_id, payload.key_id, payload.action
