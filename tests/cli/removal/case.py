"""An organization in which some accounts have root keys that a plan names, for the tests of ``rootsweep apply``."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rootsweep.core.evidence import KeyStatus, LastUse, LastUsed, NoLastUse
from rootsweep.core.organization import Account
from rootsweep.core.removal.journal import Outcome
from rootsweep.core.removal.plan import Action, ActionKind, Guards, HeldBack, HeldBackReason, Plan, PlannedKey, Precondition
from rootsweep.storage.journal import Journal
from rootsweep.storage.plan_file import digest_of, write_plan
from rootsweep_emulator import Emulator
from tests.cli.command_line import Outcome as Ended

DAY = 86400.0


def now() -> datetime:
    return datetime.now(UTC)


class Case:
    """An organization in which two accounts have root keys that a plan names, and one has a key that it holds back."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self.control = emulator.control
        self.first, self.second, self.third = list(emulator.world.accounts)[2:5]
        self.keys = {
            self.first: [self._key(self.first, "Inactive"), self._key(self.first, "Active")],
            self.second: [self._key(self.second, "Inactive")],
            self.third: [self._key(self.third, "Active")],
        }
        self.path = folder / "plan.json"
        self.journal = folder / "plan.json.journal.jsonl"
        self.plan = self._plan()
        self.save(self.plan)

    def _key(self, account: str, status: str) -> str:
        return self.control.create_root_key(account, age=400 * DAY, status=status)  # type: ignore[arg-type]  # a literal

    def planned(self, account: str, key_id: str) -> PlannedKey:
        key = next(key for key in self.control.root_keys(account) if key.id == key_id)
        used: LastUse = NoLastUse.NEVER_RECORDED
        if key.last_used is not None:
            used = LastUsed(datetime.fromtimestamp(int(key.last_used.at), UTC))
        created_at = datetime.fromtimestamp(int(key.created_at), UTC)
        status = KeyStatus.ACTIVE if key.status == "Active" else KeyStatus.INACTIVE
        return PlannedKey(Account(account, partition="aws"), key_id, None, status, created_at, None, used)

    def _plan(self) -> Plan:
        actions = [
            Action(ActionKind.DELETE_KEY, self.planned(account, key_id), tuple(Precondition))
            for account in (self.first, self.second)
            for key_id in self.keys[account]
        ]
        held = HeldBack(self.planned(self.third, self.keys[self.third][0]), HeldBackReason.RECENTLY_USED, "used", None)
        organization = next(iter(self.emulator.world.organizations))
        return Plan("0", now(), now(), organization, "aws", 45, Guards(), tuple(actions), (held,))

    def save(self, plan: Plan) -> None:
        with self.path.open("w", encoding="utf-8") as stream:
            write_plan(plan, stream)
        self.digest = digest_of(plan)

    @property
    def left(self) -> set[str]:
        """The ids of the root keys that exist."""
        return {key.id for account in self.emulator.world.accounts for key in self.control.root_keys(account)}

    @property
    def planned_ids(self) -> set[str]:
        return {str(action.key.id) for action in self.plan.actions}

    @property
    def kept_id(self) -> str:
        return self.keys[self.third][0]

    def outcomes(self) -> dict[str, str]:
        with Journal.open(self.journal, now) as journal:
            payloads = [entry.payload for entry in journal.entries()]
        return {str(payload.key_id): payload.outcome for payload in payloads if isinstance(payload, Outcome)}


Apply = Callable[..., Ended]
