"""Files that the first version of rootsweep wrote are read as they were, and continued.

``first_version/README.md`` says how they were made.
"""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from rootsweep.core.evidence import Evidence
from rootsweep.core.organization import Account
from rootsweep.core.removal.journal import Intent, Outcome, PlanOpened
from rootsweep.core.removal.plan import HeldBackReason
from rootsweep.storage.checkpoint import Checkpoint
from rootsweep.storage.journal import Journal, inspect_journal
from rootsweep.storage.plan_file import read_plan, write_plan
from rootsweep.storage.run_identity import RunIdentity
from tests.cli.command_line import CommandLine
from tests.storage.values import account, evidence

FOLDER: Final = Path(__file__).parent / "first_version"
DIGEST: Final = "45d2b5d7f01f478e09d64eaadc5badbc5f96e6b5b86c0a92ffa3f252dd4dcf86"
HEAD: Final = "a1b89c7f6f64a38f51639439d4e8d8933505813b87b18c449d572414c258234e"
MANAGEMENT, FIRST, SECOND, THIRD = "774768690549", "678326116801", "374621722426", "908618282673"
DELETED, IN_DOUBT = "AKIAZ333DEHA3GXGUDXQ", "AKIAZ333DEHAQX75VS2R"
NEXT: Final = "AKIAVOOJR245A56JGQWH"
EXCEPTED: Final = "AKIA5HDO6W2Y6BI73SL2"
IDENTITY: Final = RunIdentity("e9e50f53643d46a34e36882ba3e814b8b9444ff71c9eff0001a0b8ad00b77c74", "o-kaj9at8t6h", MANAGEMENT)


@pytest.fixture(name="rootsweep")
def command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, capsys)


def copied(name: str, folder: Path) -> Path:
    return Path(shutil.copyfile(FOLDER / name, folder / name))


def test_the_plan_is_read_and_written_as_it_was(tmp_path: Path) -> None:
    plan, digest = read_plan(FOLDER / "plan.json")
    assert digest == DIGEST
    assert [(action.key.account.id, action.key.id) for action in plan.actions] == [
        (FIRST, DELETED),
        (FIRST, IN_DOUBT),
        (SECOND, NEXT),
    ]
    assert [(held.key.id, held.reason) for held in plan.held_back] == [(EXCEPTED, HeldBackReason.RECENTLY_USED)]
    with (tmp_path / "again.json").open("w", encoding="utf-8") as stream:
        write_plan(plan, stream)
    assert (tmp_path / "again.json").read_text("utf-8") == (FOLDER / "plan.json").read_text("utf-8")


def test_the_journal_of_an_interrupted_removal_is_verified() -> None:
    inspection = inspect_journal(FOLDER / "interrupted.journal.jsonl", HEAD)
    assert (inspection.verification.intact, inspection.verification.entries, inspection.verification.head) == (True, 4, HEAD)
    opened, *rest = [entry.payload for entry in inspection.entries]
    assert isinstance(opened, PlanOpened)
    assert (opened.plan_digest, opened.organization_id) == (DIGEST, "o-kaj9at8t6h")
    assert [(type(payload), payload.key_id) for payload in rest if isinstance(payload, Intent | Outcome)] == [
        (Intent, DELETED),
        (Outcome, DELETED),
        (Intent, IN_DOUBT),
    ]
    assert [entry.payload for entry in inspection.unfinished] == [rest[-1]]


def test_the_journal_of_an_interrupted_removal_is_continued(rootsweep: CommandLine, tmp_path: Path) -> None:
    path = copied("interrupted.journal.jsonl", tmp_path)
    before = path.read_bytes()
    assert rootsweep("journal", str(path), "--expect-head", HEAD).code == 5
    with Journal.open(path, lambda: datetime.now(UTC)) as journal:
        added = journal.append(Outcome(DIGEST, FIRST, IN_DOUBT, "delete_key", "deleted", None, ()))
    assert added.previous == HEAD
    assert path.read_bytes().startswith(before)
    shown = rootsweep("journal", str(path), "--format", "json", "--expect-head", HEAD)
    loaded: dict[str, Any] = json.loads(shown.out)
    assert (shown.code, loaded["unfinished"], loaded["expected_head"]["line"]) == (0, [], 4)
    assert (loaded["verification"]["intact"], loaded["verification"]["entries"]) == (True, 5)


def resume(path: Path) -> tuple[Checkpoint, datetime, list[tuple[Account, tuple[Evidence, ...]]]]:
    resumed = Checkpoint.resume(path, IDENTITY)
    assert resumed is not None
    checkpoint, started_at, accounts = resumed
    return checkpoint, started_at, list(accounts)


def test_the_checkpoint_is_read_and_continued(tmp_path: Path) -> None:
    path = copied("checkpoint.jsonl", tmp_path)
    checkpoint, started_at, finished = resume(path)
    assert (started_at, checkpoint.damaged) == (datetime(2026, 12, 1, 11, 27, 39, 28012, tzinfo=UTC), 0)
    assert [one.id for one, _ in finished] == [FIRST, SECOND]
    assert all(pieces for _, pieces in finished)
    checkpoint.add(account(1), evidence(1))
    checkpoint.close()
    checkpoint, started_again, continued = resume(path)
    checkpoint.close()
    assert (started_again, continued) == (started_at, [*finished, (account(1), evidence(1))])


def test_the_saved_run_is_shown_as_it_was(rootsweep: CommandLine) -> None:
    saved = FOLDER / "run.json"
    shown = rootsweep("report", str(saved), "--format", "json")
    assert json.loads(shown.out) == json.loads(saved.read_text("utf-8"))
    excepted = {one["account_id"]: one["exception"] for one in shown.audit["accounts"]}
    assert excepted[THIRD]["ticket"] == "SEC-1204"
    assert [excepted[FIRST], excepted[SECOND]] == [None, None]


def test_the_settings_are_read(rootsweep: CommandLine) -> None:
    shown = rootsweep("exception", "list", "--config", str(FOLDER / "rootsweep.toml"), "--format", "json")
    (exception,) = json.loads(shown.out)["exceptions"]
    assert (exception["account_id"], exception["key_id"]) == (THIRD, EXCEPTED)
    assert exception["reason"] == "Rechenzentrum Süd, bis zum Umzug"
