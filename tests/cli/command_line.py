"""Runs rootsweep as its user does: arguments in, output, messages and exit code out."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rootsweep.cli import run_command_line
from rootsweep.reports.contracts.audit_v1 import json_schema
from tests.json_schema import validate


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def audit(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.out)
        validate(loaded, json_schema())
        return loaded

    @property
    def verdicts(self) -> dict[str, str]:
        return {account["account_id"]: account["verdict"] for account in self.audit["accounts"]}


@dataclass(frozen=True)
class CommandLine:
    """Runs rootsweep in this process, in a folder of its own."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> Outcome:
        code = run_command_line(list(arguments))
        out, err = self.capture.readouterr()
        assert "Traceback" not in out + err
        return Outcome(code, out, err)

    def save(self, name: str, text: str) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return str(path)
