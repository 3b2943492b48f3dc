"""What other processes do to a checkpoint: they write it, they are killed, their disk fills up."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rootsweep.errors import UsageError
from rootsweep.storage.checkpoint import Checkpoint
from tests.storage.values import IDENTITY, STARTED_AT

PROJECT = Path(__file__).parents[2]

WRITING = """
checkpoint = Checkpoint.begin(path, IDENTITY, STARTED_AT)
for number in range(1, 51):
    checkpoint.add(account(number), evidence(number))
print("written", flush=True)
sys.stdin.read()
"""

DISK_FULL = """
import resource
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
checkpoint = Checkpoint.begin(path, IDENTITY, STARTED_AT)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, unlimited[1]))
number = 0
try:
    while True:
        checkpoint.add(account(number + 1), evidence(number + 1))
        number += 1
except OutputError as error:
    print(number, error, error.advice, sep="|")
assert path.stat().st_size == 20_000, "a part of a line was left"
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
checkpoint.add(account(number + 1), ())
assert path.stat().st_size < 20_000, "the rest of the part was left"
"""

FULL_FROM_THE_START = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
try:
    Checkpoint.begin(path, IDENTITY, STARTED_AT)
except OutputError as error:
    print(error, error.advice, path.exists(), sep="|")
"""


def start(script: str, path: Path) -> subprocess.Popen[str]:
    preparation = (
        "import sys\n"
        "from pathlib import Path\n"
        "from rootsweep.storage.checkpoint import Checkpoint\n"
        "from rootsweep.errors import OutputError\n"
        "from tests.storage.values import IDENTITY, STARTED_AT, account, evidence\n"
        "path = Path(sys.argv[1])\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", preparation + script, path],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def written_by_another_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    with start(WRITING, path) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "written\n"
            yield process
        finally:
            process.kill()


def numbers_in(path: Path) -> list[int]:
    resumed = Checkpoint.resume(path, IDENTITY)
    assert resumed is not None
    checkpoint, started_at, accounts = resumed
    numbers = [int(account.id) for account, _ in accounts]
    checkpoint.close()
    assert started_at == STARTED_AT
    return numbers


def test_two_processes_cannot_write_the_same_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with written_by_another_process(path):
        before = path.read_bytes()
        with pytest.raises(UsageError, match=f"another rootsweep is writing {path}") as refused:
            Checkpoint.resume(path, IDENTITY)
        assert refused.value.advice == "wait until it has ended, or end it"
        with pytest.raises(UsageError, match="another rootsweep is writing"):
            Checkpoint.begin(path, IDENTITY, STARTED_AT)
        assert path.read_bytes() == before


def test_a_process_that_is_killed_loses_no_account_and_its_lock(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with written_by_another_process(path) as process:
        process.kill()
        process.wait()
        assert numbers_in(path) == list(range(1, 51))


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no file's size")
def test_a_full_disk_costs_the_account_that_did_not_fit_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with start(DISK_FULL, path) as process:
        shown, _ = process.communicate()
    assert process.returncode == 0
    number, message, advice = shown.split("|")
    assert message == f"cannot keep the progress of the run in {path}: File too large"
    assert advice.startswith("free some space there")
    assert numbers_in(path) == list(range(1, int(number) + 2))


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no file's size")
def test_a_disk_that_is_full_from_the_start_keeps_nothing(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with start(FULL_FROM_THE_START, path) as process:
        shown, _ = process.communicate()
    assert process.returncode == 0
    assert shown.startswith("cannot keep the progress of the run in")
    assert shown.endswith("|False\n")
