"""What other processes do to a journal: they write it, they are killed in the midst of it, their disk fills up."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rootsweep.core.removal.journal import Intent, TornLine
from rootsweep.errors import UsageError
from rootsweep.storage.journal import Journal, read_journal, verify
from tests.remediation.journals import ticking, written

PROJECT = Path(__file__).parents[2]

WRITING = """
with Journal.open(path, ticking()) as journal:
    number = 0
    while True:
        journal.append(intent(number))
        os.write(1, f"{number}\\n".encode())
        number += 1
"""

DISK_FULL = """
import resource
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
journal = Journal.open(path, ticking())
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, unlimited[1]))
number = 0
try:
    while True:
        journal.append(intent(number))
        number += 1
except OutputError as error:
    print(number, error, error.advice, sep="|")
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
try:
    journal.append(intent(number))
except OutputError as error:
    print(error, error.advice, sep="|")
assert len(journal.entries()) == number
"""

FULL_FROM_THE_START = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
with Journal.open(path, ticking()) as journal:
    try:
        journal.append(intent(0))
    except OutputError as error:
        print(error)
"""


def start(script: str, path: Path) -> subprocess.Popen[str]:
    preparation = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from rootsweep.errors import OutputError\n"
        "from rootsweep.storage.journal import Journal\n"
        "from tests.remediation.journals import intent, ticking\n"
        "path = Path(sys.argv[1])\n"
    )
    return subprocess.Popen([sys.executable, "-c", preparation + script, path], cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def accounts_in(path: Path) -> list[int]:
    return [int(entry.payload.account_id) for entry in read_journal(path) if isinstance(entry.payload, Intent)]


@pytest.mark.parametrize("milliseconds", [0, 1, 3, 10, 30, 100])
def test_a_process_that_is_killed_keeps_every_entry_whose_append_returned(tmp_path: Path, milliseconds: int) -> None:
    path = tmp_path / "journal.jsonl"
    with start(WRITING, path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "0\n"
        time.sleep(milliseconds / 1000)
        process.kill()
        returned = [0, *map(int, process.stdout.read().split("\n")[:-1])]
    kept = accounts_in(path)
    assert kept[: len(returned)] == returned
    assert len(kept) - len(returned) in {0, 1}, "at most the entry that was being added is there besides"
    entries = written(path)
    assert sum(isinstance(entry.payload, TornLine) for entry in entries) in {0, 1}
    assert verify(path).entries == len(entries)


def test_a_second_process_is_locked_out_until_the_first_ends(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with start(WRITING, path) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "0\n"
            with pytest.raises(UsageError, match=f"another rootsweep is writing {path}") as refused:
                Journal.open(path, ticking())
            assert refused.value.advice == "wait until it has ended, or end it"
            assert verify(path).intact, "what is being written can be read"
        finally:
            process.kill()
    assert written(path)


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no file's size")
def test_a_full_disk_ends_the_journal_and_costs_no_entry(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with start(DISK_FULL, path) as process:
        shown, _ = process.communicate()
    assert process.returncode == 0
    failed, after = shown.splitlines()
    number, message, advice = failed.split("|")
    assert message == f"cannot write the journal {path}: File too large"
    assert advice.startswith("free some space there")
    assert after == f"an entry of {path} could not be written|free some space there, and run the command again"
    assert path.stat().st_size == 20_000, "a part of a line was left"
    assert accounts_in(path) == list(range(int(number)))
    assert isinstance(written(path)[-1].payload, TornLine)


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no file's size")
def test_a_disk_that_is_full_from_the_start_takes_no_intent(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with start(FULL_FROM_THE_START, path) as process:
        shown, _ = process.communicate()
    assert (process.returncode, shown) == (0, f"cannot write the journal {path}: File too large\n")
    assert verify(path).entries == 0
