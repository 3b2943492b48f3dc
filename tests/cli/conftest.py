from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine


@pytest.fixture(name="rootsweep")
def command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, capsys)
