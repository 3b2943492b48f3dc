"""``rootsweep apply`` that cannot go on: what was done so far is told, and counted, and the rerun ends the work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rootsweep.storage.journal import inspect_journal
from rootsweep_emulator import Change, Rule
from tests.cli.command_line import CommandLine
from tests.cli.credential_process import call_by_a_process_that_goes_away
from tests.cli.removal.case import Apply, Case

PROGRAM = "import rootsweep.cli; rootsweep.cli.main()"
LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size})); " + PROGRAM


@pytest.mark.parametrize("counts", [(3, 0), (5, 1), (6, 1), (7, 2)])
def test_credentials_that_are_lost_midway_are_a_refusal(
    case: Case, apply: Apply, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counts: tuple[int, int]
) -> None:
    """The program is asked once at first, for two calls before the first key, and for two more for each key."""
    after, deleted = counts
    call_by_a_process_that_goes_away(case.emulator, "management", tmp_path, monkeypatch, after=after)
    outcome = apply("--timeout", "1s")
    assert (outcome.code, outcome.err) == (5, "")
    assert f"{deleted} of 3 keys deleted" in outcome.out
    assert str(case.journal) in outcome.out
    assert "aws sts get-caller-identity" in outcome.out
    assert inspect_journal(case.journal).verification.intact
    assert inspect_journal(case.journal).unfinished == ()
    for variable, value in case.emulator.environment("management").items():
        monkeypatch.setenv(variable, value)
    assert apply().code == 0
    assert case.left == {case.kept_id}


def test_a_deletion_whose_verification_lost_its_credentials_is_not_verified(
    case: Case, apply: Apply, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_by_a_process_that_goes_away(case.emulator, "management", tmp_path, monkeypatch, after=4)
    outcome = apply("--timeout", "1s")
    assert (outcome.code, "0 of 3 keys deleted" in outcome.out) == (5, True)
    assert case.outcomes()[case.keys[case.first][0]] == "not_verified"


def test_credentials_that_are_lost_before_any_key_are_one_sentence(
    case: Case, apply: Apply, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_by_a_process_that_goes_away(case.emulator, "management", tmp_path, monkeypatch, after=1)
    outcome = apply()
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (4, "", 1)
    assert not case.journal.exists()


def test_a_journal_that_is_lost_midway_ends_it_and_says_what_was_done(case: Case, apply: Apply) -> None:
    case.control.add_fault(Rule(Change(case.journal.unlink), "iam", "DeleteAccessKey", skip=1, times=1))
    outcome = apply()
    assert outcome.code == 5
    assert outcome.out.count("\nDELETED") + outcome.out.startswith("DELETED") == 2
    assert "2 of 3 keys deleted" in outcome.out
    assert "removed or changed" in outcome.err
    assert case.control.calls("iam", "DeleteAccessKey") == 2


def test_a_journal_that_is_lost_before_any_deletion_ends_it_as_before(case: Case, apply: Apply) -> None:
    case.control.add_fault(Rule(Change(case.journal.unlink), "sts", "AssumeRoot", times=1))
    case.control.set_root_key_status(case.first, case.keys[case.first][0], "Active")
    outcome = apply()
    assert (outcome.code, case.control.calls("iam", "DeleteAccessKey")) == (4, 0)
    assert "removed or changed" in outcome.err


@pytest.mark.parametrize("size", [1100, 1500])
@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size there")
def test_a_full_disk_ends_it_and_the_rerun_ends_the_work(case: Case, apply: Apply, size: int) -> None:
    arguments = ["apply", str(case.path), "--confirm", case.digest, "--timeout", "5s"]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED.replace("{size}", str(size)), *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 5, ended.stderr
    assert "free some space" in ended.stderr
    assert "1 of 3 keys deleted" in ended.stdout
    assert case.control.calls("iam", "DeleteAccessKey") == 1
    assert apply().code == 0
    assert (case.left, inspect_journal(case.journal).unfinished) == ({case.kept_id}, ())


def test_closed_standard_output_ends_it_as_incomplete(case: Case, rootsweep: CommandLine) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        ended = subprocess.run(
            [sys.executable, "-c", PROGRAM, "apply", str(case.path), "--confirm", case.digest],
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert ended.returncode == 5, ended.stderr
    assert "rootsweep journal" in ended.stderr
    assert len(case.left) == len(case.planned_ids)
    assert rootsweep("journal", str(case.journal)).code == 0
