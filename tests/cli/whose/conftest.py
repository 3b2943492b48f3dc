import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rootsweep.emulator import Emulator, Shares, generate
from tests.cli.whose.asking import CallAs


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(name="call_as")
def environment_of_a_caller(monkeypatch: pytest.MonkeyPatch) -> CallAs:
    def call_as(emulator: Emulator, name: str) -> None:
        for variable, value in emulator.environment(name).items():
            monkeypatch.setenv(variable, value)

    return call_as


@pytest.fixture(name="keyed")
def organization_with_keys() -> Iterator[Emulator]:
    with Emulator(generate(12, shares=Shares(active_key=0.1, inactive_key=0.1))) as emulator:
        emulator.control.make_report("management")
        yield emulator
