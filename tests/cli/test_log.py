"""``--debug`` and ``ROOTSWEEP_LOG``: a line for each call, for people; and no secret in any of them."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from rootsweep_emulator import Emulator, Refuse, Rule
from tests.cli.command_line import CommandLine

SWEEP = ("audit", "--organization", "--quiet", "--format", "json")
CallAs = Callable[[Emulator, str], None]
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [a-z]+:[A-Za-z]+ in [a-z0-9-]+ (?:\d{12}|caller) \([a-z_-]+\): "
    r"(?:HTTP \d{3}|no answer).*, request \S+, \d+ (?:try|tries), \d+ ms"
)


@pytest.fixture(name="caller")
def management(organization: Emulator, call_as: CallAs) -> Emulator:
    call_as(organization, "management")
    organization.control.keep_answers()
    return organization


def secrets_of(emulator: Emulator) -> set[str]:
    """Return every secret that the emulator knows or issued: of keys, of sessions, and their tokens."""
    credentials = [(one.answer or {}).get("Credentials", {}) for one in emulator.control.answered()]
    issued = [str(one[name]) for one in credentials for name in ("SecretAccessKey", "SessionToken") if name in one]
    key_id, secret, token = emulator.credentials("management")
    assert key_id
    return {secret, *issued, *([token] if token else [])}


def test_debug_shows_every_call_and_no_secret(caller: Emulator, rootsweep: CommandLine) -> None:
    outcome = rootsweep(*SWEEP, "--debug")
    lines = outcome.err.splitlines()
    calls = [line for line in lines if LINE.fullmatch(line)]
    assert len(calls) == len(lines)
    assert len(calls) >= caller.control.calls() * 0.9
    member = list(caller.world.accounts)[3]
    assert any(f"iam:GetAccountSummary in us-east-1 {member} (root-session): HTTP 200" in line for line in calls)
    assert len(secrets_of(caller)) > 40
    assert not [secret for secret in secrets_of(caller) if secret in outcome.err]
    again = rootsweep(*SWEEP)
    assert again.err == ""


def test_a_refusal_is_shown_with_its_code_and_text_and_its_controls_escaped(caller: Emulator, rootsweep: CommandLine) -> None:
    key_id, secret, _ = caller.credentials("management")
    text = f"no \u202eaccess for {secret}\nX-Amz-Security-Token:abc"
    caller.control.add_fault(Rule(Refuse("AccessDenied", text), "sts", "AssumeRoot"))
    err = rootsweep(*SWEEP, "--debug").err
    assert key_id
    assert "HTTP 403 AccessDenied 'no" in err
    assert "\u202e" not in err
    assert secret not in err
    assert "X-Amz-Security-Token" not in err


def test_the_log_is_a_file_for_its_owner_that_is_added_to(
    caller: Emulator, rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "calls.log"
    monkeypatch.setenv("ROOTSWEEP_LOG", str(log))
    assert rootsweep(*SWEEP).err == ""
    first = log.read_text()
    assert all(LINE.fullmatch(line) for line in first.splitlines())
    rootsweep(*SWEEP)
    assert log.read_text().startswith(first)
    assert len(log.read_text()) > len(first)
    if os.name == "posix":
        assert log.stat().st_mode & 0o777 == 0o600
    assert not [secret for secret in secrets_of(caller) if secret in log.read_text()]


@pytest.mark.parametrize("path", ["missing/calls.log", "."])
def test_a_log_that_cannot_be_written_is_told_before_anything_is_done(
    rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("ROOTSWEEP_LOG", path)
    outcome = rootsweep("audit")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (4, "", 1)
    assert "cannot write the log" in outcome.err
    assert "ROOTSWEEP_LOG" in outcome.err
