"""The import rules in pyproject.toml hold, and each of them catches what it forbids."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def lint_imports(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=project,
        env={"PYTHONPATH": str(project / "src"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def copied_project(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_import_follows_the_rules() -> None:
    result = lint_imports(PROJECT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "statement", "broken_rule"),
    [
        ("model/run.py", "import rootsweep.errors", "Data flows one way"),
        ("documents/timestamps.py", "import rootsweep.sources", "Data flows one way"),
        ("sources/files/text.py", "import rootsweep.verdict", "Data flows one way"),
        ("unplaced.py", "import json", "Data flows one way"),
        ("verdict.py", "import rootsweep.documents", "Judging never fetches"),
        ("findings.py", "import rootsweep.sources", "Judging never fetches"),
        ("sources/files/text.py", "import rootsweep.reports", "Data flows one way"),
        ("sweep/judging.py", "import rootsweep.reports", "Data flows one way"),
        ("reports/formats/table/table.py", "import rootsweep.verdict", "Showing never computes"),
        ("reports/formats/table/table.py", "import rootsweep.sweep", "Data flows one way"),
        ("reports/formats/table/table.py", "import rootsweep.documents", "Showing never computes"),
        ("reports/journal_text.py", "import rootsweep.remediation", "Showing never computes"),
        ("remediation/journal/file.py", "import rootsweep.aws", "Data flows one way"),
        ("remediation/journal/file.py", "import rootsweep.checkpoint", "Data flows one way"),
        ("locking.py", "import msgspec", "standard library alone"),
        ("sources/files/text.py", "import botocore.session", "The SDK stays"),
        ("cli/audit/command.py", "import boto3", "The SDK stays"),
        ("sources/another.py", "import rootsweep.sources.files", "Sources never import each other"),
        ("emulator/another.py", "import rootsweep.model.run", "The emulator shares nothing"),
        ("sweep/judging.py", "import click", "command line library stays"),
        ("cli/demo/command.py", "import rich.table", "Rendering and encoding stay"),
        ("cli/history/command.py", "import sqlalchemy", "SQL stays in the history"),
        ("timeline.py", "import rootsweep.history", "Judging never fetches"),
        ("reports/history_table.py", "import rootsweep.drift", "Showing never computes"),
        ("history/store.py", "import rootsweep.drift", "Data flows one way"),
        ("model/run.py", "import botocore", "standard library alone"),
        ("verdict.py", "import msgspec", "standard library alone"),
        ("documents/timestamps.py", "import rich.console", "standard library alone"),
    ],
)
def test_a_forbidden_import_is_caught(copied_project: Path, module: str, statement: str, broken_rule: str) -> None:
    changed = copied_project / "src" / "rootsweep" / module
    changed.parent.mkdir(exist_ok=True)
    (changed.parent / "__init__.py").touch()
    with changed.open("a", encoding="utf-8") as file:
        file.write(f"\n{statement}\n")
    result = lint_imports(copied_project)
    assert result.returncode == 1, result.stdout + result.stderr
    assert any(broken_rule in line and " BROKEN" in line for line in result.stdout.splitlines()), result.stdout
