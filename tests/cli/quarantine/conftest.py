from pathlib import Path

import pytest

from rootsweep_emulator import Emulator
from tests.cli.command_line import CommandLine
from tests.cli.command_line import Outcome as Ended
from tests.cli.quarantine.case import Case, Quarantine, call_as


@pytest.fixture(name="case")
def organization_with_keys(organization: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    call_as("management", organization, monkeypatch)
    organization.control.set_service_control_policies("management", enabled=True)
    return Case(organization, tmp_path)


@pytest.fixture(name="quarantine")
def the_command(case: Case, rootsweep: CommandLine) -> Quarantine:
    def quarantine(what: str, *arguments: str) -> Ended:
        confirmed = () if what == "status" else ("--confirm", case.digest)
        return rootsweep("quarantine", what, str(case.path), *confirmed, "--timeout", "5s", *arguments)

    return quarantine
