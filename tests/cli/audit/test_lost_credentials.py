"""``rootsweep audit`` where what gives the caller's credentials fails: before the first call, and midway."""

from pathlib import Path

import pytest

from rootsweep_emulator import Emulator
from tests.cli.command_line import CommandLine
from tests.cli.credential_process import call_by_a_process_that_goes_away


def test_a_sweep_goes_on_without_the_program_that_gives_credentials(
    organization: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rootsweep: CommandLine
) -> None:
    call_by_a_process_that_goes_away(organization, "management", tmp_path, monkeypatch, after=15)
    outcome = rootsweep("audit", "--organization", "--format", "json", "--quiet", "--timeout", "5s")
    assert outcome.code == 3
    unread = [one for one in outcome.audit["accounts"] if one["verdict"] == "INSUFFICIENT_DATA"]
    assert {reason["code"] for one in unread for reason in one["reasons"]} == {"credentials_invalid"}
    assert 0 < len(unread) < len(outcome.audit["accounts"])
    assert outcome.audit["scope"]["complete"] is (len(outcome.audit["accounts"]) == 45)


@pytest.mark.parametrize("arguments", [(), ("--organization",)], ids=str)
def test_credentials_that_are_lost_before_anything_is_known_are_one_sentence(
    organization: Emulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rootsweep: CommandLine,
    arguments: tuple[str, ...],
) -> None:
    call_by_a_process_that_goes_away(organization, "management", tmp_path, monkeypatch, after=1)
    (tmp_path / "give-credentials").unlink()
    outcome = rootsweep("audit", *arguments)
    assert (outcome.code, outcome.out) == (4, "")
    assert outcome.err.count("\n") == 1
    assert "aws sts get-caller-identity" in outcome.err
    assert "space" not in outcome.err


def test_a_web_identity_token_that_is_missing_is_one_sentence(
    demo: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rootsweep: CommandLine
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", demo.endpoint)
    monkeypatch.setenv("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/Audit")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(tmp_path / "missing"))
    outcome = rootsweep("audit")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (4, "", 1)
    assert "aws sts get-caller-identity" in outcome.err
