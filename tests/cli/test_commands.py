"""The program as a whole: version, help, demo, explain, and what an unforeseen failure looks like."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from rootsweep.cli import run_command_line
from rootsweep.cli.commands import COMMANDS, GROUPS, rootsweep
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


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_import_nothing_heavy_and_no_command(argument: str) -> None:
    code = (
        f"import sys; from rootsweep.cli import run_command_line; run_command_line([{argument!r}]);"
        f"heavy = {{'rich', 'msgspec', 'botocore', 'csv', 'sqlite3', *{list(COMMANDS.values())}}};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line([name, "--help"]) == 0
    assert name in capsys.readouterr().out


def test_the_help_lists_every_command_in_a_line_of_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run_command_line(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [title for title in ("Examples:", *(f"{group}:" for group in GROUPS), "Options:") if title not in lines] == []
    for group in GROUPS.values():
        for name, listed in group.items():
            assert [line.split() for line in lines if line.split()[:1] == [name]] == [[name, *listed.summary.split()]]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["aduit"], "there is no command 'aduit'; did you mean audit? See `rootsweep --help`."),
        (["nothing-like-it"], "there is no command 'nothing-like-it'; `rootsweep --help` lists them. See `rootsweep --help`."),
        (["audit", "--orgnization"], "no such option '--orgnization'. (Did you mean one of: '--organization'"),
        (["audit", "--format", "pdf"], "invalid value for '--format' / '-f': 'pdf' is not one of 'asff'"),
        (
            ["audit", "--output", "json"],
            "--output names a file, and json is a format: write --format json, or",
        ),
        (["audit", "-f", "html", "-o", "x.json"], "x.json ends as json does, and --format is html"),
        (["history", "show"], "missing argument 'ACCOUNT'. See `rootsweep history show --help`."),
    ],
)
def test_what_is_typed_wrongly_ends_in_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(arguments) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"rootsweep: {sentence}")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands_options_and_profiles(
    shell: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert run_command_line(["completion", shell]) == 0
    assert "_ROOTSWEEP_COMPLETE" in capsys.readouterr().out
    (tmp_path / "config").write_text("[profile audit-prod]\n[profile other]\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    complete = ShellComplete(rootsweep, {}, "rootsweep", "_ROOTSWEEP_COMPLETE")
    assert [one.value for one in complete.get_completions(["audit", "--profile"], "audit")] == ["audit-prod"]
    assert [one.value for one in complete.get_completions([], "self")] == ["self-remove"]
    assert "--organization" in [one.value for one in complete.get_completions(["audit"], "--org")]


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
