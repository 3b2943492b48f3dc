"""A sweep that was broken off is continued: what was read is not asked for again, and runs are never mixed."""

import json
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rootsweep_emulator import Emulator, Latency, Refuse, Rule
from tests.cli.command_line import CommandLine, Outcome

SWEEP = ("audit", "--format", "json", "--quiet", "--organization", "--timeout", "20s")
PROGRAM = [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()"]


@pytest.fixture(autouse=True)
def environment_of_the_caller(organization: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    organization.control.make_report("management")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for variable, value in organization.environment("management").items():
        monkeypatch.setenv(variable, value)


def kill_when(arguments: tuple[str, ...], has_come: Callable[[], bool]) -> None:
    """Start a sweep and kill it, as a machine that fails does."""
    with subprocess.Popen([*PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not has_come():
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()


def break_off(organization: Emulator, *arguments: str) -> int:
    """Let a sweep be killed once some accounts are read, and tell how many root sessions were opened."""
    handle = organization.control.add_fault(Rule(Latency(60.0), "iam", "GetAccountSummary", skip=30))
    kill_when((*SWEEP, *arguments, "--workers", "4"), lambda: organization.control.calls("iam", "GetAccountSummary") > 33)
    organization.control.remove_fault(handle)
    return organization.control.calls("sts", "AssumeRoot")


def assert_whole(outcome: Outcome) -> None:
    assert (outcome.code, outcome.audit["summary"]["proven"], outcome.audit["scope"]["complete"]) == (0, 45, True)


def test_what_was_read_is_not_asked_for_again(organization: Emulator, rootsweep: CommandLine, tmp_path: Path) -> None:
    before = break_off(organization)
    (kept,) = (tmp_path / "state").rglob("*.jsonl")
    finished = len(kept.read_text("utf-8").splitlines()) - 1
    assert finished >= 25
    outcome = rootsweep(*SWEEP, "--resume")
    assert_whole(outcome)
    assert organization.control.calls("sts", "AssumeRoot") - before <= 45 - finished + 1
    assert not list((tmp_path / "state").rglob("*.jsonl"))


def test_without_resume_a_sweep_begins_anew(organization: Emulator, rootsweep: CommandLine) -> None:
    before = break_off(organization)
    assert_whole(rootsweep(*SWEEP))
    assert organization.control.calls("sts", "AssumeRoot") - before == 44


def test_a_named_checkpoint(organization: Emulator, rootsweep: CommandLine) -> None:
    path = str(rootsweep.folder / "sweep.jsonl")
    break_off(organization, "--checkpoint", path)
    outcome = rootsweep(*SWEEP, "--checkpoint", path)
    assert (outcome.code, outcome.out) == (2, "")
    assert "--resume" in outcome.err
    assert_whole(rootsweep(*SWEEP, "--checkpoint", path, "--resume"))
    assert not Path(path).exists()


def test_runs_are_never_mixed(organization: Emulator, rootsweep: CommandLine) -> None:
    path = str(rootsweep.folder / "sweep.jsonl")
    break_off(organization, "--checkpoint", path)
    outcome = rootsweep(*SWEEP, "--checkpoint", path, "--resume", "--role-name", "RootAudit")
    assert (outcome.code, outcome.out) == (2, "")


def test_with_nothing_to_resume_a_sweep_begins_anew_and_says_so(rootsweep: CommandLine) -> None:
    outcome = rootsweep(*SWEEP, "--resume")
    assert_whole(outcome)
    assert "there is no sweep to resume in" in outcome.err
    path = rootsweep.save("sweep.jsonl", "")
    outcome = rootsweep(*SWEEP, "--resume", "--checkpoint", path)
    assert_whole(outcome)
    assert f"there is no sweep to resume in {path}; a new one begins" in outcome.err


def test_accounts_of_damaged_lines_are_read_again(organization: Emulator, rootsweep: CommandLine) -> None:
    path = Path(rootsweep.folder / "sweep.jsonl")
    before = break_off(organization, "--checkpoint", str(path))
    lines = path.read_bytes().splitlines(keepends=True)
    digit = lines[3].index(b'"id":"') + 17
    lines[3] = lines[3][:digit] + (b"1" if lines[3][digit : digit + 1] != b"1" else b"2") + lines[3][digit + 1 :]
    path.write_bytes(b"".join(lines))
    outcome = rootsweep(*SWEEP, "--checkpoint", str(path), "--resume")
    assert_whole(outcome)
    assert f"1 line of {path} cannot be used; the accounts there are read again" in outcome.err
    assert organization.control.calls("sts", "AssumeRoot") - before <= 45 - (len(lines) - 2) + 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size")
@pytest.mark.parametrize("named", [False, True])
def test_a_disk_that_fills_up_under_the_checkpoint_changes_nothing(rootsweep: CommandLine, named: bool) -> None:
    checkpoint = ("--checkpoint", str(rootsweep.folder / "sweep.jsonl")) if named else ()
    program = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)); import rootsweep.cli; rootsweep.cli.main()"
    )
    result = subprocess.run([sys.executable, "-c", program, *SWEEP, *checkpoint], capture_output=True, text=True, check=False)
    assert (result.returncode, json.loads(result.stdout)["summary"]["proven"]) == (0, 45)
    assert result.stderr.count("what is read from here on is not kept for --resume") == 1
    assert not list(rootsweep.folder.rglob("*.jsonl"))


def test_what_could_not_be_read_is_asked_for_again(organization: Emulator, rootsweep: CommandLine) -> None:
    path = str(rootsweep.folder / "sweep.jsonl")
    handles = [
        organization.control.add_fault(Rule(Refuse("AccessDenied"), "organizations", "ListAccounts", skip=2)),
        organization.control.add_fault(Rule(Refuse("AccessDenied"), "sts", "AssumeRoot", times=5)),
    ]
    outcome = rootsweep(*SWEEP, "--checkpoint", path)
    assert (outcome.code, outcome.audit["scope"]["complete"]) == (3, False)
    continued = shlex.split(outcome.err.splitlines()[-1])
    assert (continued[0], continued[-3:]) == ("rootsweep", ["--checkpoint", path, "--resume"])
    for handle in handles:
        organization.control.remove_fault(handle)
    before = organization.control.calls("sts", "AssumeRoot")
    assert_whole(rootsweep(*SWEEP, "--checkpoint", path, "--resume"))
    assert organization.control.calls("sts", "AssumeRoot") - before == 5 + 5


def test_a_sweep_goes_on_where_no_checkpoint_can_be_kept(rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    outcome = rootsweep(*SWEEP)
    assert_whole(outcome)
    assert "cannot be continued" in outcome.err
    outcome = rootsweep(*SWEEP, "--checkpoint", "/dev/null/sweep.jsonl")
    assert (outcome.code, outcome.out) == (4, "")
