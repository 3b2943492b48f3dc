"""``rootsweep journal``: what a person and a program see of it, and the exit codes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rootsweep.core.removal.journal import NO_PREVIOUS, Note, Payload
from tests.cli.command_line import CommandLine, Outcome
from tests.remediation.journals import KEY_ID, SETTLED, intent, outcome, written

ANOTHER = "f" * 64


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path / "journal.jsonl"


def words(done: Outcome) -> str:
    """Give the text as one line, however it was wrapped."""
    return " ".join(done.out.split())


def test_a_settled_journal(rootsweep: CommandLine, path: Path) -> None:
    head = written(path, *SETTLED)[-1].hash
    done = rootsweep("journal", str(path))
    assert (done.code, done.err) == (0, "")
    assert words(done).endswith(f"6 entries, chain intact, head {head}")
    assert "NO OUTCOME" not in done.out
    assert done.out.startswith("2026-11-24 UTC\n   1  08:30:15  plan opened: apply, by rootsweep 0.4.0\n")
    assert f"   3  08:30:17  000000000001  {KEY_ID}  delete_access_key: deleted\n" in done.out
    assert "note: Zweigstelle Ä fertig, 東京 auch\n" in done.out


def test_an_intent_without_an_outcome_is_marked(rootsweep: CommandLine, path: Path) -> None:
    head = written(path, *SETTLED, intent(3), replace(intent(4), key_id=None), outcome(3), intent(5))[-1].hash
    done = rootsweep("journal", str(path))
    assert done.code == 5
    marked = [line.split()[2] for line in done.out.splitlines() if line.endswith("NO OUTCOME")]
    assert marked == ["000000000004", "000000000005"]
    assert "2 intents without an outcome (line 8, 10): whether AWS has acted is not known. Look at the account." in words(done)
    assert words(done).endswith(f"10 entries, chain intact, head {head}")


LONG: tuple[Payload, ...] = (
    replace(intent(1), action="attach_service_control_policy"),
    replace(outcome(1), action="attach_service_control_policy", outcome="refused_by_policy", detail="word " * 60),
    replace(intent(2), account_id="x" * 300, action="y" * 300),
    Note("z" * 300),
)


def test_it_fits_80_columns(rootsweep: CommandLine, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    written(path, *SETTLED, *LONG, intent(7))
    path.write_bytes(path.read_bytes() + b"torn")
    done = rootsweep("journal", str(path), "--expect-head", ANOTHER)
    assert [line for line in done.out.splitlines() if len(line) > 80] == []
    assert done.out.replace(" ", "").replace("\n", "").count("word") == 60


def test_nothing_in_it_acts_on_a_terminal(rootsweep: CommandLine, path: Path) -> None:
    bad = "\x1b[2J\u202e\n"
    written(path, *(replace(intent(1), account_id=bad, action=bad), replace(outcome(1), outcome=bad, detail=bad), Note(bad)))
    for name in ("text", "json"):
        done = rootsweep("journal", str(path), "--format", name)
        assert all(line.isprintable() for line in done.out.splitlines())


def test_json(rootsweep: CommandLine, path: Path) -> None:
    entries = written(path, *SETTLED, intent(3))
    done = rootsweep("journal", str(path), "--format", "json", "--expect-head", entries[2].hash)
    assert done.code == 5
    assert done.out.isascii()
    shown = json.loads(done.out)
    assert list(shown) == ["schema", "entries", "unfinished", "verification", "expected_head"]
    assert shown["schema"] == "rootsweep.journal/1"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [{**line, "hash": entry.hash} for line, entry in zip(lines, entries, strict=True)] == shown["entries"]
    assert shown["unfinished"] == [6]
    assert shown["verification"] == {
        "entries": 7,
        "intact": True,
        "broken_line": None,
        "problem": None,
        "head": entries[-1].hash,
        "torn_bytes": 0,
    }
    assert shown["expected_head"] == {"hash": entries[2].hash, "line": 3}


@pytest.mark.parametrize("name", ["text", "json"])
def test_a_broken_chain(rootsweep: CommandLine, path: Path, name: str) -> None:
    entries = written(path, *SETTLED, intent(3))
    path.write_bytes(path.read_bytes().replace(b"000000000002", b"000000000009", 1))
    done = rootsweep("journal", str(path), "--format", name)
    assert done.code == 3
    assert "line 5 does not follow from line 4: the journal was changed" in words(done)
    if name == "text":
        assert words(done).endswith("4 entries, then the chain is broken")
        assert "chain intact" not in done.out
    else:
        assert json.loads(done.out)["verification"]["broken_line"] == 5
    assert entries[4].hash not in done.out


def test_cutting_off_the_end_shows_by_a_noted_head_alone(rootsweep: CommandLine, path: Path) -> None:
    entries = written(path, *SETTLED)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3]))
    assert rootsweep("journal", str(path)).code == 0
    done = rootsweep("journal", str(path), "--expect-head", entries[-1].hash)
    assert done.code == 3
    assert f"No entry has the expected head {entries[-1].hash}: the end was cut off, or the journal was changed." in words(done)


def test_a_change_of_the_last_entry_shows_by_a_noted_head_alone(rootsweep: CommandLine, path: Path) -> None:
    entries = written(path, *SETTLED[:3])
    path.write_bytes(path.read_bytes().replace(b'"deleted"', b'"spared"'))
    assert rootsweep("journal", str(path)).code == 0
    assert rootsweep("journal", str(path), "--expect-head", entries[-1].hash).code == 3


def test_a_noted_head_is_there(rootsweep: CommandLine, path: Path) -> None:
    noted = written(path, *SETTLED[:3])[-1].hash
    done = rootsweep("journal", str(path), "--expect-head", noted.upper())
    assert (done.code, "The head is the expected one." in done.out) == (0, True)
    written(path, *SETTLED[3:])
    done = rootsweep("journal", str(path), "--expect-head", noted)
    assert done.code == 0
    assert "The expected head is that of line 3; 3 entries came after it." in words(done)


def test_a_last_line_that_was_cut_off(rootsweep: CommandLine, path: Path) -> None:
    written(path, *SETTLED)
    content = path.read_bytes() + b'{"kind":"intent"'
    path.write_bytes(content)
    done = rootsweep("journal", str(path))
    assert done.code == 3
    assert "The last line is not whole, 16 bytes: a crash has cut it off" in words(done)
    assert path.read_bytes() == content
    written(path)
    done = rootsweep("journal", str(path))
    assert (done.code, "a line that a crash had cut off was replaced: 16 bytes" in done.out) == (0, True)


def test_a_journal_without_an_entry_proves_nothing(rootsweep: CommandLine, path: Path) -> None:
    written(path)
    done = rootsweep("journal", str(path))
    assert (done.code, words(done)) == (3, f"0 entries, chain intact, head {NO_PREVIOUS}")
    assert rootsweep("journal", str(path), "--expect-head", NO_PREVIOUS).code == 3


@pytest.mark.parametrize("content", ["hello\n", "{}\n", "hello"])
def test_what_is_no_journal(rootsweep: CommandLine, content: str) -> None:
    done = rootsweep("journal", rootsweep.save("other", content))
    assert (done.code, done.out) == (2, "")
    assert "is not a journal of rootsweep" in done.err


@pytest.mark.parametrize("name", ["", "missing"])
def test_what_cannot_be_read(rootsweep: CommandLine, tmp_path: Path, name: str) -> None:
    done = rootsweep("journal", str(tmp_path / name))
    assert (done.code, done.out) == (2, "")
    assert "cannot read" in done.err


@pytest.mark.parametrize("given", ["", "cc02", "g" * 64, "0" * 65])
def test_what_is_no_hash(rootsweep: CommandLine, path: Path, given: str) -> None:
    written(path, *SETTLED)
    done = rootsweep("journal", str(path), "--expect-head", given)
    assert (done.code, done.out) == (2, "")
    assert "is not a hash" in done.err
