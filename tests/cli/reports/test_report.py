"""A run that was saved is shown again, in any format, without AWS."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rootsweep.reports.registry import FORMATS
from tests.cli.command_line import CommandLine
from tests.reports.example_runs import EXAMPLES
from tests.reports.shown import OPTIONS, shown

PROGRAM = [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()"]
CODES = {"clean": 0, "every-kind": 1, "excepted": 0, "incomplete": 3, "empty": 3, "unread": 1, "organization": 1}


def saved(rootsweep: CommandLine, example: str) -> str:
    return rootsweep.save("run.json", shown("json", EXAMPLES[example]))


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"table"}))
def test_every_format_is_shown(rootsweep: CommandLine, name: str) -> None:
    outcome = rootsweep("report", saved(rootsweep, "organization"), "--format", name)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == shown(name, EXAMPLES["organization"], OPTIONS[0])


@pytest.mark.parametrize("example", CODES)
def test_the_exit_code_is_that_of_the_audit_where_it_is_asked_for(rootsweep: CommandLine, example: str) -> None:
    assert rootsweep("report", saved(rootsweep, example)).code == 0
    assert rootsweep("report", saved(rootsweep, example), "--exit-code").code == CODES[example]


def test_a_run_comes_from_standard_input(rootsweep: CommandLine) -> None:
    path = saved(rootsweep, "clean")
    with Path(path).open("rb") as content:
        ran = subprocess.run(
            [*PROGRAM, "report", "-", "--format", "json"], stdin=content, capture_output=True, text=True, check=False
        )
    assert (ran.returncode, ran.stderr, ran.stdout) == (0, "", Path(path).read_text("utf-8"))


def test_the_framework_that_is_asked_for_is_shown(rootsweep: CommandLine) -> None:
    run = saved(rootsweep, "clean")
    assert "1.4 in CIS 1.3 to 4.0.1, 1.3 in 5.0, 2.3 in 6.0, 2.4 in 7.0" in rootsweep("report", run).out
    assert "CIS AWS Foundations 7.0.0, 2.4" in rootsweep("report", run, "--framework", "cis aws foundations 7").out
    assert "PCI DSS 3.2.1, 2.1, 2.2, 7.2.1" in rootsweep("report", run, "--framework", "PCI DSS 3.2.1").out


def test_a_summary_has_counts_alone(rootsweep: CommandLine) -> None:
    out = rootsweep("report", saved(rootsweep, "every-kind"), "--summary-only").out
    assert "active_root_key 3" in out
    assert not [finding for finding in EXAMPLES["every-kind"].findings if finding.account.id in out]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "No such file or directory"),
        ("", "is not a run of this version"),
        ("{}", "is not a run of this version"),
        (json.dumps({"schema": "rootsweep.audit/2"}), "is not a run of this version"),
        ("[" * 100_000, "is not a run of this version"),
    ],
)
def test_what_is_no_run_is_refused(rootsweep: CommandLine, content: str | None, sentence: str) -> None:
    path = str(rootsweep.folder / "none") if content is None else rootsweep.save("run.json", content)
    outcome = rootsweep("report", path, "--format", "json", "--output", str(rootsweep.folder / "out"))
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert sentence in outcome.err
    assert not (rootsweep.folder / "out").exists()
