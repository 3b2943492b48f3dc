import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rootsweep_emulator import Emulator
from tests.cli.command_line import CommandLine


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let no setting of this machine's user, nor its metadata service, play a part."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(name="call_as")
def environment_of_a_caller(monkeypatch: pytest.MonkeyPatch) -> Callable[[Emulator, str], None]:
    def call_as(emulator: Emulator, name: str) -> None:
        for variable, value in emulator.environment(name).items():
            monkeypatch.setenv(variable, value)

    return call_as


@pytest.fixture(name="rootsweep")
def command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, capsys)
