from pathlib import Path

import pytest

from rootsweep_emulator import Emulator
from tests.cli.command_line import CommandLine
from tests.cli.command_line import Outcome as Ended
from tests.cli.removal.case import Apply, Case


@pytest.fixture(name="case")
def organization_with_keys(organization: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    for variable, value in organization.environment("management").items():
        monkeypatch.setenv(variable, value)
    return Case(organization, tmp_path)


@pytest.fixture(name="apply")
def application(case: Case, rootsweep: CommandLine) -> Apply:
    def apply(*arguments: str) -> Ended:
        return rootsweep("apply", str(case.path), "--confirm", case.digest, "--timeout", "5s", *arguments)

    return apply
