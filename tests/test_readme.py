"""The README's example is what the tool prints."""

import re
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from rootsweep.cli import run_command_line

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
AGE = re.compile(r"\d+\.\d y +|age +")
"""An age grows, and with it its column."""


def test_the_example_output_is_what_the_tool_prints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = re.search(r"^\$ rootsweep (audit .*)\n```\n\n<!--", README, re.MULTILINE)
    example = re.search(r"^```text\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert command
    assert example
    monkeypatch.setenv("COLUMNS", "100")
    with as_file(files("rootsweep.cli") / "example_evidence") as folder:
        monkeypatch.chdir(folder)
        run_command_line(command[1].split())
    printed = capsys.readouterr().out
    assert AGE.sub("age ", printed) == AGE.sub("age ", example[1])
