"""The program as a whole: version, help, demo, explain, and what an unforeseen failure looks like."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from rootsweep.cli import run_command_line
from rootsweep.cli.commands import COMMANDS, rootsweep
from rootsweep.core.controls import ROOT_ACCESS_KEY
from rootsweep.version import __version__


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["--version"]) == 0
    assert capsys.readouterr().out == f"rootsweep {__version__}\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("argument", ["--version", "demo", "explain"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_ends_in_one_sentence(argument: str, unbuffered: str) -> None:
    command = [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()", argument]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment, text=True, check=False)
    assert (ran.returncode, ran.stderr.count("\n")) == (4, 1), ran.stderr


def test_the_version_imports_nothing_heavy() -> None:
    code = (
        "import sys; from rootsweep.cli import run_command_line; run_command_line(['--version']);"
        "print(sorted({'rich', 'msgspec', 'botocore', 'csv', 'sqlite3'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line([name, "--help"]) == 0
    assert name in capsys.readouterr().out


def test_no_command_shows_help_and_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line([]) == 2
    assert "audit" in capsys.readouterr().err


def test_the_demo_of_saved_evidence_works_and_shows_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["demo", "--saved"]) == 0
    out = capsys.readouterr().out
    kinds = ["active_root_key", "inactive_root_key", "root_key_status_unknown", "no_root_key", "report_incomplete"]
    assert [kind for kind in [*kinds, "partition_has_no_root_user", "GovCloud", "Refused inputs"] if kind not in out] == []


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["explain"]) == 0
    out = capsys.readouterr().out
    for reference in ROOT_ACCESS_KEY.references:
        assert reference.version in out
        assert reference.requirement.split(",")[0] in out


def test_explain_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["explain", "--format", "json"]) == 0
    control = json.loads(capsys.readouterr().out)
    cis = {one["version"]: one["requirement"] for one in control["references"] if one["framework"] == "CIS AWS Foundations"}
    assert cis == {
        **dict.fromkeys(["1.0.0", "1.1.0", "1.2.0"], "1.12"),
        **dict.fromkeys(["1.3.0", "1.4.0", "1.5.0", "2.0.0", "3.0.0", "4.0.0", "4.0.1"], "1.4"),
        "5.0.0": "1.3",
        "6.0.0": "2.3",
        "7.0.0": "2.4",
    }


@pytest.mark.parametrize(
    ("raised", "code", "words"), [(KeyboardInterrupt(), 130, "interrupted"), (ValueError("AKIA"), 70, "internal error")]
)
def test_an_interruption_and_a_bug_end_in_one_sentence(
    raised: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise raised

    rootsweep.add_command(click.Command("fail", callback=fail))
    try:
        assert run_command_line(["fail"]) == code
    finally:
        rootsweep.commands.pop("fail")
    error = capsys.readouterr().err
    assert words in error
    assert "AKIA" not in error
    assert error.count("\n") <= 2
