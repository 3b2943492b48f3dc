"""An organization in which some accounts have root keys that a plan names, for the tests of ``rootsweep quarantine``."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rootsweep.core.evidence import KeyStatus, NoLastUse
from rootsweep.core.organization import Account
from rootsweep.core.removal.journal import Entry, Outcome
from rootsweep.core.removal.plan import Action, ActionKind, Guards, HeldBack, HeldBackReason, Plan, PlannedKey, Precondition
from rootsweep.storage.journal import read_journal
from rootsweep.storage.plan_file import digest_of, write_plan
from rootsweep_emulator import Emulator
from tests.cli.command_line import Outcome as Ended
from tests.emulator.clients import client, error_of

PROGRAM = [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()"]
DAY = 86400.0
FULL_ACCESS = "p-FullAWSAccess"
NAME = "rootsweep-quarantine"
SCP = "SERVICE_CONTROL_POLICY"
ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


def now() -> datetime:
    return datetime.now(UTC)


class Case:
    """An organization in which a plan deletes an active key and an inactive one, and holds one back that may be in use."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self.control = emulator.control
        self.organizations = client(emulator, "organizations", "management")
        self.management = emulator.world.named["management"][0]
        self.first, self.second, self.unused = list(emulator.world.accounts)[2:5]
        self.keys = {
            self.first: self.control.create_root_key(self.first, age=400 * DAY),
            self.second: self.control.create_root_key(self.second, age=400 * DAY),
            self.unused: self.control.create_root_key(self.unused, age=400 * DAY, status="Inactive"),
        }
        self.path = folder / "plan.json"
        self.journal = folder / "plan.json.journal.jsonl"
        deletions = (self.first, self.unused)
        actions = tuple(Action(ActionKind.DELETE_KEY, self.planned(account), tuple(Precondition)) for account in deletions)
        held = HeldBack(self.planned(self.second), HeldBackReason.LAST_USE_UNKNOWN, "may be in use", None)
        organization = next(iter(emulator.world.organizations))
        self.plan = Plan("0", now(), now(), organization, "aws", 45, Guards(), actions, (held,))
        self.save(self.plan)

    def planned(self, account: str) -> PlannedKey:
        (key,) = self.control.root_keys(account)
        status = KeyStatus.ACTIVE if key.status == "Active" else KeyStatus.INACTIVE
        created_at = datetime.fromtimestamp(int(key.created_at), UTC)
        return PlannedKey(Account(account, partition="aws"), key.id, None, status, created_at, None, NoLastUse.NEVER_RECORDED)

    def save(self, plan: Plan) -> None:
        with self.path.open("w", encoding="utf-8") as stream:
            write_plan(plan, stream)
        self.digest = digest_of(plan)

    def attached(self, account: str) -> list[str]:
        """The names of the policies of an account itself."""
        found = self.organizations.list_policies_for_target(TargetId=account, Filter=SCP)["Policies"]
        return [policy["Name"] for policy in found]

    def policy(self) -> str | None:
        """The id of the shared policy."""
        pages = self.organizations.get_paginator("list_policies").paginate(Filter=SCP)
        return next((policy["Id"] for page in pages for policy in page["Policies"] if policy["Name"] == NAME), None)

    def create(self, name: str, content: str = ALLOW_ALL, **more: Any) -> str:
        made = self.organizations.create_policy(Name=name, Description="", Type=SCP, Content=content, **more)
        policy_id: str = made["Policy"]["PolicySummary"]["Id"]
        return policy_id

    def is_denied(self, account: str) -> bool:
        """Whether the root key of an account is denied."""
        self.emulator.world.named["root"] = (account, "root")
        iam = client(self.emulator, "iam", "root")
        try:
            return error_of(iam.list_account_aliases)[0] == "AccessDenied"
        except AssertionError:
            return False

    def entries(self) -> list[Entry]:
        return list(read_journal(self.journal))

    def outcomes(self, action: str = "quarantine") -> dict[str, str]:
        payloads = [entry.payload for entry in self.entries()]
        return {
            payload.account_id: payload.outcome
            for payload in payloads
            if isinstance(payload, Outcome) and payload.action == action
        }


def call_as(caller: str, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in emulator.environment(caller).items():
        monkeypatch.setenv(variable, value)


def nothing_is_changed(case: Case) -> bool:
    return case.policy() is None and not case.is_denied(case.first)


Quarantine = Callable[..., Ended]
