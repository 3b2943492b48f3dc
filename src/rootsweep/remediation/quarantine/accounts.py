"""Which accounts of a plan a quarantine is for; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rootsweep.model.evidence import KeyStatus
from rootsweep.model.organization import PARTITION_WITHOUT_ROOT_CONSOLE
from rootsweep.model.remediation import ActionKind, HeldBackReason, Plan, PlannedKey
from rootsweep.remediation.quarantine.policy import Problem

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
