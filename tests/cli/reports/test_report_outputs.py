"""Several reports of one run: each --output belongs to the --format before it, and none harms another."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from rootsweep_emulator import Change, Emulator, Rule
from tests.auditing.sources.files import saved_files
from tests.cli.command_line import CommandLine

PROGRAM = [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()"]
CLEAN = saved_files.lines([saved_files.HEADER, saved_files.root()])
KEYED = saved_files.lines(
    [saved_files.HEADER, saved_files.root(access_key_1_active="true", access_key_1_last_rotated="2021-05-17T14:03:27Z")]
)
KINDS = {"json": '{\n  "schema"', "jsonl": '{"type"', "table": "NON_COMPLIANT"}


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def kind_of(text: str) -> str:
    return next(name for name, beginning in KINDS.items() if text.startswith(beginning))


@pytest.fixture(name="report")
def saved_report(rootsweep: CommandLine) -> str:
    return rootsweep.save("in/report.csv", KEYED)


@pytest.mark.parametrize(
    ("arguments", "files", "printed"),
    [
        (["--format", "json", "--output", "a", "--format", "jsonl", "--output", "b"], {"a": "json", "b": "jsonl"}, None),
        (["--format", "table", "--format", "json", "--output", "a"], {"a": "json"}, "table"),
        (["--format", "json", "--output", "a", "--format", "table"], {"a": "json"}, "table"),
        (["--format", "json", "--output", "a", "--format", "jsonl", "--output", "-"], {"a": "json"}, "jsonl"),
        (["--output", "a", "--format", "json"], {"a": "json"}, None),
        (["--output", "a"], {"a": "table"}, None),
        (["--format", "jsonl"], {}, "jsonl"),
        ([], {}, "table"),
        (["--format", "json", "--output", "a", "--format", "json", "--output", "b"], {"a": "json", "b": "json"}, None),
    ],
)
def test_each_format_goes_to_its_place(  # noqa: PLR0913, PLR0917  one parameter a fixture or a value
    rootsweep: CommandLine,
    report: str,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    files: dict[str, str],
    printed: str | None,
) -> None:
    monkeypatch.chdir(rootsweep.folder)
    outcome = rootsweep("audit", "--from", report, *arguments)
    assert outcome.code == 1
    assert {name: kind_of(Path(name).read_text("utf-8")) for name in files} == files
    assert (kind_of(outcome.out) if printed else outcome.out) == (printed or "")
    assert names_in(Path()) == sorted([*files, "in"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--format", "json", "--format", "jsonl"], "json and jsonl both go to standard output"),
        (["--format", "json", "--output", "-", "--format", "table"], "both go to standard output"),
        (["--format", "json", "--output", "a", "--format", "jsonl", "--output", "./a"], "json and jsonl both go to ./a"),
        (["--format", "json", "--output", "a", "--format", "jsonl", "--output", "link"], "both go to link"),
        (["--format", "json", "--output", "a", "--output", "b"], "--output b has no --format of its own"),
        (["--output", "a", "--format", "json", "--format", "table"], "--output a has no --format of its own"),
        (["--format", "xls"], "'xls' is not one of"),
        (["--format", "json", "--summary-only"], "--summary-only is of the table"),
        (["--format", "json", "--group-by", "ou"], "--group-by is of the table"),
        (["--framework", "HIPAA"], "known are CIS AWS Foundations 1.0.0"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_read(
    rootsweep: CommandLine, report: str, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(rootsweep.folder)
    Path("link").symlink_to("a")
    outcome = rootsweep("audit", "--from", report, *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert sentence in outcome.err
    assert names_in(Path()) == ["in", "link"]


def test_a_report_that_fails_keeps_no_other_from_being_written(rootsweep: CommandLine, report: str) -> None:
    whole = rootsweep.folder / "whole.json"
    outcome = rootsweep(
        "audit", "--from", report, "--format", "table", "--output", "/dev/full", "--format", "json", "--output", str(whole)
    )
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (4, "", 1)
    assert "cannot write /dev/full: No space left on device" in outcome.err
    assert json.loads(whole.read_text("utf-8"))["summary"]["non_compliant"] == 1


@pytest.mark.parametrize("name", ["json", "jsonl", "table"])
def test_a_disk_that_fills_up_leaves_the_old_file_and_no_half_of_a_new_one(
    rootsweep: CommandLine, report: str, name: str
) -> None:
    target = rootsweep.folder / "out"
    target.write_text("old", encoding="utf-8")
    # bash counts the size limit of a file in blocks of 1024 bytes.
    words = ["bash", "-c", 'ulimit -f 1; exec "$@"', "bash", *PROGRAM, "audit", "--from", report]
    accounts = rootsweep.save("in/accounts", "".join(f"{number:012}\n" for number in range(100)))
    ran = subprocess.run(
        [*words, "--account", accounts, "--format", name, "--output", str(target)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (4, "")
    assert f"cannot write {target}: File too large" in ran.stderr.splitlines()[-1]
    assert target.read_text("utf-8") == "old"
    assert names_in(rootsweep.folder) == ["in", "out"]


@pytest.mark.parametrize("name", ["json", "jsonl", "table"])
def test_a_reader_that_leaves_early_changes_nothing(rootsweep: CommandLine, report: str, name: str) -> None:
    other = rootsweep.folder / "other.json"
    arguments = ["audit", "--from", report, "--format", name, "--format", "json", "--output", str(other)]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        ran = subprocess.run([*PROGRAM, *arguments], stdout=pipe, stderr=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert json.loads(other.read_text("utf-8"))["summary"]["non_compliant"] == 1


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_a_full_standard_output_is_told_once(report: str, name: str) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = subprocess.run(
            [*PROGRAM, "audit", "--from", report, "--format", name], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ran.returncode, ran.stderr.count("\n")) == (4, 1)


def test_a_document_is_utf_8_wherever_it_goes(rootsweep: CommandLine) -> None:
    report = rootsweep.save("in/report.csv", CLEAN)
    words = [*PROGRAM, "audit", "--from", report, "--format", "jsonl"]
    ran = subprocess.run(words, capture_output=True, check=False, env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert [json.loads(line)["type"] for line in ran.stdout.splitlines()] == ["account", "run"]


def test_json_lines_come_while_the_sweep_goes_on(organization: Emulator, call_as: Callable[[Emulator, str], None]) -> None:
    call_as(organization, "management")
    organization.control.make_report("management")
    limiter = Event()

    def wait() -> None:
        limiter.wait(60)

    organization.control.add_fault(Rule(Change(wait), "sts", "AssumeRoot", skip=30))
    words = [*PROGRAM, "audit", "--organization", "--quiet", "--format", "jsonl"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        early = [json.loads(process.stdout.readline()) for _ in range(20)]
        assert process.poll() is None
        limiter.set()
        late = [json.loads(line) for line in process.stdout]
    assert process.returncode == 0
    assert {line["type"] for line in (*early, *late[:-1])} == {"account"}
    assert len({line["account_id"] for line in (*early, *late[:-1])}) == 45
    assert (late[-1]["type"], late[-1]["summary"]["proven"]) == ("run", 45)


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("run.json", '{\n  "schema": "rootsweep.audit/1"'),
        ("run.jsonl", '{"type"'),
        ("run.HTML", "<!doctype html>"),
        ("run.csv", '"account_id"'),
        ("run.md", "## Root user access keys"),
        ("run.sarif", '{\n  "$schema": "https://json.schemastore.org/sarif-2.1.0.json"'),
        ("run.xml", '<?xml version="1.0"'),
        ("run.txt", ""),
        ("run.unknown", ""),
        ("run", ""),
    ],
)
def test_the_ending_of_a_file_tells_its_format(
    rootsweep: CommandLine, name: str, beginning: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rootsweep.folder)
    rootsweep.save("report.csv", CLEAN)
    assert rootsweep("audit", "--from", "report.csv", "-o", name).code == 0
    text = (rootsweep.folder / name).read_text("utf-8")
    assert text.startswith(beginning)
    assert beginning or "COMPLIANT" in text


def test_an_ending_goes_before_the_settings_and_an_option_before_both(
    rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rootsweep.folder)
    rootsweep.save("report.csv", CLEAN)
    rootsweep.save("rootsweep.toml", '[audit]\nformat = "markdown"\n')
    assert rootsweep("audit", "--from", "report.csv", "-o", "run.html").code == 0
    assert (rootsweep.folder / "run.html").read_text().startswith("<!doctype html>")
    assert rootsweep("audit", "--from", "report.csv", "-o", "run").code == 0
    assert (rootsweep.folder / "run").read_text().startswith("## Root")
    assert rootsweep("audit", "--from", "report.csv", "-o", "run.json", "-f", "ocsf").code == 0
    assert json.loads((rootsweep.folder / "run.json").read_text())[0]["class_name"]
