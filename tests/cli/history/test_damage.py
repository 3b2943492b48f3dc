"""A damaged history: it is told in one sentence, it changes no audit's exit code, and no byte of it is a bug."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.auditing.sources.files import saved_files
from tests.cli.command_line import CommandLine, Outcome

SINCE = "2021-05-17T14:03:27Z"
CLEAN = saved_files.lines([saved_files.HEADER, saved_files.root()])
KEYED = saved_files.lines([saved_files.HEADER, saved_files.root(access_key_1_active="true", access_key_1_last_rotated=SINCE)])
HISTORY = ("--history", "sqlite:///damaged.sqlite3")
AUDIT = ("audit", "--from", "report.csv", "--format", "html", "--output", "page.html", *HISTORY)
READERS = (("list",), ("diff",), ("show", "111122223333"), ("prune", "--keep", "1", "--yes"))
DOCUMENTED = {0, 1, 2, 3, 4}


@pytest.fixture(name="content")
def content_of_a_history(rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Give the bytes of a history of three runs, in the last of which the account has a key."""
    monkeypatch.chdir(rootsweep.folder)
    for report in (CLEAN, KEYED, CLEAN, KEYED):
        rootsweep.save("report.csv", report)
        assert rootsweep(*AUDIT).code == (1 if report == KEYED else 0)
    execute()
    return Path("damaged.sqlite3").read_bytes()


def execute(*statements: str) -> None:
    """Execute statements, and leave all of the database in its one file."""
    connection = sqlite3.connect("damaged.sqlite3", isolation_level=None)
    for statement in (*statements, "PRAGMA wal_checkpoint(TRUNCATE)"):
        connection.execute(statement).fetchall()
    connection.close()


def write(content: bytes) -> None:
    for path in Path().glob("damaged.sqlite3*"):
        path.unlink()
    Path("damaged.sqlite3").write_bytes(content)


def check(rootsweep: CommandLine, outcome_of_audit: Callable[[Outcome], bool] = lambda outcome: outcome.code == 1) -> None:
    content = Path("damaged.sqlite3").read_bytes()
    for words in READERS:
        write(content)
        outcome = rootsweep("history", *words, *HISTORY)
        assert outcome.code in DOCUMENTED, (words, outcome)
        assert outcome.err.count("\n") <= 1, (words, outcome)
    write(content)
    assert outcome_of_audit(rootsweep(*AUDIT))


def flipped(content: bytes, seed: int) -> bytes:
    """Flip a bit of a byte, of one that holds something nine times of ten: most of a small database is empty."""
    chance = random.Random(seed)  # noqa: S311  no secret
    used = [position for position, byte in enumerate(content) if byte]
    position = chance.choice(used) if chance.random() < 0.9 else chance.randrange(len(content))
    changed = bytearray(content)
    changed[position] ^= 1 << chance.randrange(8)
    return bytes(changed)


@pytest.mark.parametrize(
    "seeds", [range(25), pytest.param(range(25, 1500), marks=[pytest.mark.soak, pytest.mark.timeout(900)])]
)
def test_no_byte_of_a_history_changes_an_audit(rootsweep: CommandLine, content: bytes, seeds: range) -> None:
    for seed in seeds:
        write(flipped(content, seed))
        check(rootsweep)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[: len(content) // 2], id="cut off"),
        pytest.param(lambda content: content[:4096] + bytes(4096) + content[8192:], id="an empty page"),
        pytest.param(lambda content: b"\xff" * len(content), id="other bytes"),
        pytest.param(lambda content: content[:100], id="a header alone"),
    ],
)
def test_a_file_that_is_no_longer_a_database_is_told(
    rootsweep: CommandLine, content: bytes, damage: Callable[[bytes], bytes]
) -> None:
    write(damage(content))
    check(rootsweep)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rootsweep_runs SET proven = 'many'",
        "UPDATE rootsweep_runs SET proven = -1",
        "UPDATE rootsweep_runs SET applicable = 1.5",
        "UPDATE rootsweep_runs SET finished_at = 'yesterday'",
        "UPDATE rootsweep_runs SET started_at = x'00ff'",
        "UPDATE rootsweep_runs SET tool_version = x'ff'",
        "UPDATE rootsweep_scopes SET kind = 'galaxy'",
        "UPDATE rootsweep_accounts SET verdict = 'FINE'",
        "UPDATE rootsweep_accounts SET reasons = CAST(x'ff' AS TEXT)",
        "UPDATE rootsweep_accounts SET account_id = 7",
        "UPDATE rootsweep_accounts SET name = x'00'",
        "UPDATE rootsweep_keys SET status = 'SLEEPING'",
        "UPDATE rootsweep_keys SET slot = 'first'",
        "UPDATE rootsweep_keys SET created_at = 5, last_rotated_at = 'x'",
        "UPDATE rootsweep_keys SET last_use = 'recorded', last_used_at = NULL",
        "UPDATE rootsweep_version SET version_num = x'ff'",
        "UPDATE rootsweep_version SET version_num = '9999'",
        "INSERT INTO rootsweep_version VALUES ('0002')",
        "DELETE FROM rootsweep_version",
        "DROP TABLE rootsweep_accounts",
        "DROP TABLE rootsweep_keys",
        "ALTER TABLE rootsweep_runs DROP COLUMN proven",
    ],
)
def test_values_that_rootsweep_never_wrote_are_told(rootsweep: CommandLine, content: bytes, statement: str) -> None:
    write(content)
    execute("PRAGMA ignore_check_constraints = ON", statement)
    check(rootsweep)


def test_the_sentence_says_what_to_do(rootsweep: CommandLine, content: bytes) -> None:
    write(b"\xff" * len(content))
    outcome = rootsweep(*AUDIT)
    assert outcome.code == 1
    assert "this run is not recorded: the history damaged.sqlite3 is no history: it is not a database" in outcome.err
    assert "move the file away to begin a new history" in outcome.err
    assert rootsweep("history", *HISTORY).code == 4
