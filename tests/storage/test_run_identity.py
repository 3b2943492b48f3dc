"""A run's checkpoint has a path of its own, in the user's state directory."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rootsweep.storage.run_identity import default_path
from tests.storage.values import IDENTITY


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep state elsewhere")
def test_the_path_is_in_the_state_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_path(IDENTITY).parent == tmp_path / "rootsweep" / "checkpoints"
    assert list(tmp_path.iterdir()) == []


def test_each_identity_has_a_path_of_its_own() -> None:
    others = [
        replace(IDENTITY, scope="another"),
        replace(IDENTITY, organization_id=None),
        replace(IDENTITY, organization_id="o-another"),
        replace(IDENTITY, caller_account_id="444455556666"),
    ]
    assert len({default_path(identity) for identity in [IDENTITY, *others]}) == len(others) + 1
    assert default_path(replace(IDENTITY)) == default_path(IDENTITY)


def test_an_identity_costs_no_heavy_import() -> None:
    heavy = "import sys, rootsweep.storage.run_identity; print(sorted({'msgspec', 'platformdirs'} & sys.modules.keys()))"
    shown = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"
