"""The examples for continuous integration do what they say: their commands are run as they stand, but for installations."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from rootsweep_emulator import Emulator, Shares, generate
from tests.auditing.sources.files import saved_files
from tests.markdown_page import MarkdownPage

PAGE = Path(__file__).parents[1] / "docs" / "ci.md"
GITHUB, GITLAB, PRE_COMMIT = map(yaml.safe_load, MarkdownPage.read(PAGE).blocks("yaml"))
INSTALLATION = "pip install rootsweep"
CLEAN = saved_files.lines([saved_files.HEADER, saved_files.root()])
KEYED = saved_files.lines([saved_files.HEADER, saved_files.root(access_key_1_active="true")])


@pytest.fixture(name="emulator", params=[0.0, 0.2], ids=["clean", "keyed"])
def organization_with_or_without_keys(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    with Emulator(generate(30, shares=Shares(active_key=request.param))) as emulator:
        emulator.control.set_service_control_policies("management", enabled=False)
        emulator.control.set_report_seconds("management", 0.0)
        yield emulator


def run(commands: str, folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run commands as a runner does: by bash, which stops at the first that fails."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(
        ["/bin/bash", "-e", "-c", commands],
        cwd=folder,
        env=environment | variables | {"PATH": path, "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def has_keys(emulator: Emulator) -> bool:
    return any(account.root.keys.truth for account in emulator.world.accounts.values())


def test_github(emulator: Emulator, tmp_path: Path) -> None:
    steps: dict[str, dict[str, Any]] = {step["name"]: step for step in GITHUB["jobs"]["audit"]["steps"] if "run" in step}
    assert steps.pop("Install")["run"] == INSTALLATION
    variables = emulator.environment("management") | {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    assert run(steps.pop("Audit")["run"], tmp_path, variables).returncode == int(has_keys(emulator))
    shown = steps.pop("Show")
    assert shown["if"] == "${{ !cancelled() }}"
    assert run(shown["run"], tmp_path, variables).returncode == 0
    assert not steps
    uploaded = [
        step["with"].get("path", step["with"].get("sarif_file"))
        for step in GITHUB["jobs"]["audit"]["steps"]
        if "if" in step and "with" in step
    ]
    assert {path for paths in uploaded for path in paths.split()} | {"summary.md"} == {
        path.name for path in tmp_path.iterdir() if path.is_file()
    }


def test_gitlab(emulator: Emulator, tmp_path: Path) -> None:
    job = GITLAB["rootsweep"]
    assert job["before_script"][-1] == INSTALLATION
    ended = run("\n".join(job["script"]), tmp_path, emulator.environment("management"))
    assert ended.returncode == int(has_keys(emulator))
    assert "proven" in ended.stdout
    artifacts = {*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]}
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == artifacts


@pytest.mark.parametrize(("files", "code"), [({"clean.csv": CLEAN}, 0), ({"clean.csv": CLEAN, "keyed.csv": KEYED}, 1)])
def test_pre_commit(tmp_path: Path, files: dict[str, str], code: int) -> None:
    (hook,) = PRE_COMMIT["repos"][0]["hooks"]
    folder = tmp_path / "evidence"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    names = " ".join(f"evidence/{name}" for name in files)
    assert run(f"{hook['entry']} {names}", tmp_path, {}).returncode == code
