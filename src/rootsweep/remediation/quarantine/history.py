"""What a journal says of each account: whether rootsweep attached the policy, since when, and what was there before; pure.

An intent is written only where the policy was just seen not to be attached. So where an intent was and the policy is found, it
is rootsweep's, whatever was lost in between, until an outcome tells that it was lifted, or that AWS found it attached before.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from rootsweep.model.journal import Entry, Intent, Note, Outcome
from rootsweep.remediation.quarantine.results import Result

QUARANTINE: Final = "quarantine"
LIFT: Final = "lift"

_BEFORE: Final = re.compile(r"before its quarantine account (?P<account>\d{12}) has the policies (?P<ids>[\w, -]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one account.

    ``is_ours`` says that the policy is rootsweep's where it is attached, ``is_confirmed`` that an outcome says so too,
    ``is_others`` that it was there before; ``since`` is when it was about to be attached, ``before`` the ids of the policies
    that were attached then, None where the journal does not tell. ``unfinished`` are the intents without an outcome.
    """

    is_ours: bool = False
    is_confirmed: bool = False
    is_others: bool = False
    unfinished: tuple[Intent, ...] = ()
    since: datetime | None = None
    before: frozenset[str] | None = None


UNKNOWN: Final = Standing()
"""Of an account that the journal does not know."""


def note_of_before(account_id: str, policy_ids: Collection[str]) -> Note:
    """Keep which policies an account has before its quarantine; :func:`standings` reads it again."""
    return Note(f"before its quarantine account {account_id} has the policies {', '.join(sorted(policy_ids))}")


def standings(entries: Iterable[Entry]) -> dict[str, Standing]:
    """Give what the entries say of each account that they name, of whatever plan they are: the policy is one for all."""
    found: dict[str, Standing] = {}
    for entry in entries:
        match entry.payload:
            case Note(text=text) if before := _BEFORE.fullmatch(text):
                standing = found.get(before["account"], UNKNOWN)
                found[before["account"]] = replace(standing, before=frozenset(before["ids"].split(", ")))
            case Intent(action="quarantine", account_id=account_id) as intent:
                before_ids = found.get(account_id, UNKNOWN).before
                found[account_id] = Standing(is_ours=True, unfinished=(intent,), since=entry.at, before=before_ids)
            case Intent(action="lift", account_id=account_id) as intent:
                standing = found.get(account_id, UNKNOWN)
                found[account_id] = replace(standing, unfinished=(*standing.unfinished, intent))
            case Outcome(action="quarantine" | "lift", account_id=account_id) as outcome:
                found[account_id] = _after(found.get(account_id, UNKNOWN), outcome)
            case _:
                continue
    return found


def still_quarantined(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Give the accounts that have the policy by what the entries say, and those that may have it, in order."""
    held = tuple(entries)
    spared: set[str] = set()
    for entry in held:
        match entry.payload:
            case Outcome(action="quarantine", account_id=account_id, outcome=Result.NOT_ATTACHED | Result.REFUSED):
                spared.add(account_id)
            case Intent(action="quarantine", account_id=account_id) | Outcome(action="quarantine", account_id=account_id):
                spared.discard(account_id)
            case _:
                continue
    ours = {account_id for account_id, standing in standings(held).items() if standing.is_ours}
    return tuple(sorted(ours - spared))


def settling(standing: Standing, *, is_attached: bool) -> Iterator[Outcome]:
    """Give the outcomes of what an earlier run began and did not end, by whether the policy is attached now."""
    for intent in standing.unfinished:
        if intent.action == QUARANTINE:
            result = Result.QUARANTINED if is_attached else Result.NOT_ATTACHED
        else:
            result = Result.NOT_LIFTED if is_attached else Result.LIFTED
        detail = "an earlier run was cut off; this was found out by asking"
        yield Outcome(intent.plan_digest, intent.account_id, None, intent.action, result.value, detail, ())


def _after(standing: Standing, outcome: Outcome) -> Standing:
    standing = replace(standing, unfinished=tuple(one for one in standing.unfinished if one.action != outcome.action))
    match outcome.outcome:
        case Result.QUARANTINED:
            return replace(standing, is_confirmed=True)
        case Result.ALREADY_ATTACHED:
            return replace(standing, is_ours=False, is_others=True)
        case Result.LIFTED | Result.NOT_QUARANTINED:
            return UNKNOWN
        case _:
            return standing
