"""What a journal says of each account's quarantine, and which accounts of a plan a quarantine is for; pure.

An intent is written only where the policy was just seen not to be attached. So where an intent was and the policy is found, it
is rootsweep's, whatever was lost in between, until an outcome tells that it was lifted, or that AWS found it attached before.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from rootsweep.core.answer import Problem
from rootsweep.core.evidence import KeyStatus
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_CONSOLE
from rootsweep.core.removal.journal import Entry, Intent, Note, Outcome
from rootsweep.core.removal.plan import ActionKind, HeldBackReason, Plan, PlannedKey
from rootsweep.core.removal.result import ResultCode
from rootsweep.remediation.executor import outcome_of

QUARANTINE: Final = "quarantine"
LIFT: Final = "lift"

_BEFORE: Final = re.compile(r"before its quarantine account (?P<account>\d{12}) has the policies (?P<ids>[\w, -]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Attachment:
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


UNKNOWN: Final = Attachment()
"""Of an account that the journal does not know."""


def note_of_before(account_id: str, policy_ids: Collection[str]) -> Note:
    """Keep which policies an account has before its quarantine; ``attachments`` reads it again."""
    return Note(f"before its quarantine account {account_id} has the policies {', '.join(sorted(policy_ids))}")


def attachments(entries: Iterable[Entry]) -> dict[str, Attachment]:
    """Return what the entries say of each account that they name, of whatever plan they are: the policy is one for all."""
    found: dict[str, Attachment] = {}
    for entry in entries:
        match entry.payload:
            case Note(text=text) if before := _BEFORE.fullmatch(text):
                attachment = found.get(before["account"], UNKNOWN)
                found[before["account"]] = replace(attachment, before=frozenset(before["ids"].split(", ")))
            case Intent(action="quarantine", account_id=account_id) as intent:
                before_ids = found.get(account_id, UNKNOWN).before
                found[account_id] = Attachment(is_ours=True, unfinished=(intent,), since=entry.at, before=before_ids)
            case Intent(action="lift", account_id=account_id) as intent:
                attachment = found.get(account_id, UNKNOWN)
                found[account_id] = replace(attachment, unfinished=(*attachment.unfinished, intent))
            case Outcome(action="quarantine" | "lift", account_id=account_id) as outcome:
                found[account_id] = _after(found.get(account_id, UNKNOWN), outcome)
            case _:
                continue
    return found


def still_quarantined(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the accounts that have the policy by what the entries say, and those that may have it, in order."""
    held = tuple(entries)
    spared: set[str] = set()
    for entry in held:
        match entry.payload:
            case Outcome(action="quarantine", account_id=account_id, outcome=ResultCode.NOT_ATTACHED | ResultCode.REFUSED):
                spared.add(account_id)
            case Intent(action="quarantine", account_id=account_id) | Outcome(action="quarantine", account_id=account_id):
                spared.discard(account_id)
            case _:
                continue
    ours = {account_id for account_id, attachment in attachments(held).items() if attachment.is_ours}
    return tuple(sorted(ours - spared))


def settling(attachment: Attachment, *, is_attached: bool) -> Iterator[Outcome]:
    """Return the outcomes of what an earlier run began and did not end, by whether the policy is attached now."""
    for intent in attachment.unfinished:
        if intent.action == QUARANTINE:
            code = ResultCode.QUARANTINED if is_attached else ResultCode.NOT_ATTACHED
        else:
            code = ResultCode.NOT_LIFTED if is_attached else ResultCode.LIFTED
        detail = "an earlier run was cut off; this was found out by asking"
        yield outcome_of(intent, code, detail)


def _after(attachment: Attachment, outcome: Outcome) -> Attachment:
    attachment = replace(attachment, unfinished=tuple(one for one in attachment.unfinished if one.action != outcome.action))
    match outcome.outcome:
        case ResultCode.QUARANTINED:
            return replace(attachment, is_confirmed=True)
        case ResultCode.ALREADY_ATTACHED:
            return replace(attachment, is_ours=False, is_others=True)
        case ResultCode.LIFTED | ResultCode.NOT_QUARANTINED:
            return UNKNOWN
        case _:
            return attachment


# Which accounts of a plan a quarantine is for; pure.

MAYBE_USED: Final = frozenset({HeldBackReason.RECENTLY_USED, HeldBackReason.LAST_USE_UNKNOWN})
"""Why keys are held back of which a quarantine tells whether anything uses them."""

MANAGEMENT_ACCOUNT: Final = Problem(
    "service control policies do not bind the management account, so its root user cannot be quarantined",
    "deactivate the key there instead, which can be undone: `rootsweep self-remove --deactivate`",
)
"""Organizations User Guide, "Service control policies (SCPs)": "SCPs don't affect users or roles in the management account"."""

GOVCLOUD: Final = Problem(
    "in AWS GovCloud (US) the root user works through access keys alone, and a quarantine denies these everything; a new key "
    "is requested through AWS Support, which needs iam:CreateAccessKey, iam:DeleteAccessKey and iam:ListAccessKeys, so the "
    "quarantine must be lifted before one is requested or removed",
    "add --govcloud-understood to go on",
)
"""AWS GovCloud (US) User Guide, "AWS GovCloud (US) account root user"."""


@dataclass(frozen=True, slots=True)
class Selected:
    """The accounts to quarantine, by id, each with the ids of its active keys that are known; ``refused`` cannot be."""

    accounts: dict[str, tuple[str, ...]]
    refused: tuple[str, ...]


def select(plan: Plan, management_account_id: str) -> Selected:
    """Choose the accounts with an active root key that the plan deletes, or holds back because it may be in use.

    In GovCloud these are the keys that their own root user removes. The management account is refused whatever the plan does
    about its active keys.
    """
    keys: dict[str, list[str]] = {}
    for key in _quarantined_keys(plan):
        keys.setdefault(key.account.id, []).extend([] if key.id is None else [key.id])
    every = [*(action.key for action in plan.actions), *(held.key for held in plan.held_back)]
    of_management = {key.account.id for key in every if _is_active(key) and _is_management(key, management_account_id)}
    accounts = {account_id: tuple(ids) for account_id, ids in sorted(keys.items()) if account_id not in of_management}
    return Selected(accounts, tuple(sorted(of_management)))


def _quarantined_keys(plan: Plan) -> Iterator[PlannedKey]:
    for action in plan.actions:
        partition = action.key.account.partition or plan.partition
        in_govcloud = partition == PARTITION_WITHOUT_ROOT_CONSOLE and action.kind is ActionKind.SELF_REMOVE
        if _is_active(action.key) and (action.kind is ActionKind.DELETE_KEY or in_govcloud):
            yield action.key
    yield from (held.key for held in plan.held_back if _is_active(held.key) and held.reason in MAYBE_USED)


def _is_active(key: PlannedKey) -> bool:
    return key.status is KeyStatus.ACTIVE


def _is_management(key: PlannedKey, management_account_id: str) -> bool:
    return key.account.is_management_account or key.account.id == management_account_id
