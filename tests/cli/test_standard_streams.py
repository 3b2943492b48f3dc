"""What becomes of a command whose standard streams are closed, full, or read by nobody."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from tests.auditing.sources.files import saved_files
from tests.cli.command_line import CommandLine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell of Windows closes no stream")

PROGRAM: Final = f'"{sys.executable}" -c "import rootsweep.cli; rootsweep.cli.main()"'
KEYED: Final = saved_files.lines([saved_files.HEADER, saved_files.root(access_key_1_active="true")])
FULL: Final = pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")


@pytest.fixture(autouse=True)
def folder_of_the_user(rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    rootsweep.save("report.csv", KEYED)
    monkeypatch.chdir(rootsweep.folder)


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell, in which ``rootsweep`` is the program."""
    words = line.replace("rootsweep ", f"{PROGRAM} ", 1)
    result = subprocess.run(["/bin/bash", "-o", "pipefail", "-c", words], capture_output=True, text=True, check=False)
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr
    assert "internal error" not in result.stderr
    return result


@pytest.mark.parametrize(
    "line",
    [
        "rootsweep audit --from report.csv >&-",
        "rootsweep audit --from report.csv --format jsonl >&-",
        "rootsweep audit --from report.csv --format json --output run.json --format table >&-",
        "rootsweep audit --from report.csv >&- 2>&- <&-",
        "rootsweep explain >&-",
        "rootsweep --version >&-",
        "rootsweep audit --help >&-",
        pytest.param("rootsweep audit --from report.csv >/dev/full", marks=FULL),
        pytest.param("rootsweep audit --from report.csv --format jsonl >/dev/full", marks=FULL),
        pytest.param("rootsweep explain >/dev/full", marks=FULL),
    ],
)
def test_a_result_that_cannot_be_written_exits_4(line: str) -> None:
    result = shell(line)
    assert result.returncode == 4
    assert result.stderr.count("\n") <= 1


@pytest.mark.parametrize(
    "line",
    [
        "rootsweep audit --from report.csv --format json --output run.json >&-",
        "rootsweep audit --from report.csv --format json --output run.json >&- 2>&- <&-",
        pytest.param("rootsweep audit --from report.csv --format json --output run.json >/dev/full 2>/dev/full", marks=FULL),
    ],
)
def test_a_run_whose_every_output_is_a_file_needs_no_standard_output(line: str) -> None:
    assert shell(line).returncode == 1
    assert json.loads(Path("run.json").read_text())["summary"]["non_compliant"] == 1


@pytest.mark.parametrize("stream", ["2>&-", pytest.param("2>/dev/full", marks=FULL), "2> >(exec 0<&-; sleep 0.1)"])
def test_messages_that_nobody_reads_change_nothing(stream: str) -> None:
    result = shell(f"rootsweep audit --from report.csv --from nothing --format json {stream}")
    assert result.returncode == 1
    assert json.loads(result.stdout)["rejected_inputs"]
    assert shell(f"rootsweep audit --frm {stream}").returncode == 2
    assert shell(f"rootsweep audit --from nothing {stream}").returncode == 2


def test_a_reader_that_has_read_enough_is_no_error() -> None:
    assert shell("rootsweep audit --from report.csv | head -1").returncode == 1
    assert shell("rootsweep audit --from report.csv --format json | true").returncode == 1


@pytest.mark.parametrize("line", ["rootsweep audit --from - <&-", "rootsweep whose - <&-", "rootsweep report - <&-"])
def test_standard_input_that_is_closed_is_empty(line: str) -> None:
    result = shell(line)
    assert result.returncode == 2
    assert result.stderr


def test_names_that_a_stream_cannot_show_are_escaped() -> None:
    Path("Ä東京.csv").write_text(KEYED)
    result = shell("PYTHONIOENCODING=ascii LC_ALL=C rootsweep audit --from Ä東京.csv --from nichts-東京.csv")
    assert result.returncode == 1
    assert "nichts" in result.stderr


def on_a_terminal(*arguments: str) -> tuple[int, str]:
    """Run a command whose standard output and standard error are one terminal."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "import rootsweep.cli; rootsweep.cli.main()", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # Linux ends a terminal that nobody holds any more with an error
        while read := os.read(ours, 4096):
            shown += read
    os.close(ours)
    return process.wait(timeout=30), shown.decode()


def test_a_page_is_not_written_to_a_terminal() -> None:
    code, shown = on_a_terminal("audit", "--from", "report.csv", "--format", "html")
    assert code == 2
    assert "name a file with --output" in shown
    assert "<html" not in shown
    assert shell("rootsweep audit --from report.csv --format html | cat").returncode == 1


def test_a_refusal_is_told_once_where_the_table_tells_it() -> None:
    Path("notes.txt").write_text("nothing")
    _, shown = on_a_terminal("audit", "--from", "report.csv", "--from", "notes.txt")
    assert shown.count("notes.txt: ") == 1
    result = shell("rootsweep audit --from report.csv --from notes.txt")
    assert (result.stdout.count("notes.txt: "), result.stderr.count("notes.txt: ")) == (1, 1)
    _, shown = on_a_terminal("audit", "--from", "report.csv", "--from", "notes.txt", "--format", "json")
    assert "refused notes.txt: " in shown
