"""What rootsweep says while standard input or a named pipe sends nothing: real pipes and terminals, one process each."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.auditing.sources.files import saved_files
from tests.cli.whose.asking import ID, PROGRAM

REPORT: Final = saved_files.lines([saved_files.HEADER, saved_files.root()])
AUDIT: Final = ("audit", "--format", "json", "--history", "none", "--from")


def start(folder: Path, *arguments: str, stdin: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    return subprocess.Popen(command, cwd=folder, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def end_of(process: subprocess.Popen[bytes], sent: bytes | None = None) -> tuple[int, bytes, bytes]:
    out, err = process.communicate(sent, timeout=60)
    return process.returncode, out, err


def first_message(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr is not None
    return process.stderr.readline().decode()


@pytest.fixture(name="pipe")
def named_pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


@pytest.mark.parametrize(
    ("arguments", "sent", "code"),
    [
        ((*AUDIT, "-"), REPORT, 0),
        (("whose", "-"), ID, 0),
        (("plan", "--from", "-"), "{}", 2),
    ],
)
def test_silent_standard_input_is_announced_once(tmp_path: Path, arguments: tuple[str, ...], sent: str, code: int) -> None:
    process = start(tmp_path, *arguments)
    assert first_message(process) == "rootsweep: waiting for input from standard input\n"
    ended, _, err = end_of(process, sent.encode())
    assert ended == code
    assert b"waiting" not in err


def test_input_that_comes_at_once_is_read_without_a_word(tmp_path: Path) -> None:
    code, out, err = end_of(start(tmp_path, *AUDIT, "-"), REPORT.encode())
    assert (code, err) == (0, b"")
    assert b"COMPLIANT" in out


@pytest.mark.parametrize(
    "arguments_for",
    [
        pytest.param(lambda pipe: (*AUDIT, pipe), id="evidence"),
        pytest.param(lambda pipe: ("plan", "--from", pipe), id="a saved run"),
        pytest.param(lambda pipe: ("whose", ID, "--from", pipe), id="a saved run of whose"),
        pytest.param(lambda pipe: (*AUDIT, "r.csv", "--account", pipe), id="a list of accounts"),
    ],
)
def test_a_named_pipe_without_a_writer_is_announced(
    tmp_path: Path, pipe: Path, arguments_for: Callable[[str], tuple[str, ...]]
) -> None:
    (tmp_path / "r.csv").write_text(REPORT)
    process = start(tmp_path, *arguments_for(str(pipe)))
    assert first_message(process) == f"rootsweep: waiting for input from {pipe}\n"
    pipe.write_text(f"{saved_files.ACCOUNT}\n")
    code, _, err = end_of(process)
    assert code in {0, 2, 3}
    assert b"Traceback" not in err
    assert b"waiting" not in err


def test_evidence_that_a_named_pipe_sends_late_is_judged(tmp_path: Path, pipe: Path) -> None:
    process = start(tmp_path, *AUDIT, str(pipe))
    assert "waiting for input" in first_message(process)
    pipe.write_text(REPORT)
    code, out, _ = end_of(process)
    assert code == 0
    assert b"COMPLIANT" in out


def test_a_named_pipe_that_the_settings_name_is_read_once(tmp_path: Path, pipe: Path) -> None:
    (tmp_path / "r.csv").write_text(REPORT)
    (tmp_path / "rootsweep.toml").write_text(f'[audit]\naccount = "{pipe}"\n')
    process = start(tmp_path, *AUDIT, "r.csv")
    pipe.write_text(f"{saved_files.ACCOUNT}\n")
    code, _, err = end_of(process)
    assert (code, err.decode()) == (0, f"rootsweep: {pipe} names 1 account\n")


def test_a_terminal_is_told_how_its_input_ends(tmp_path: Path) -> None:
    terminal, stdin = pty.openpty()
    with start(tmp_path, "whose", "-", stdin=stdin) as process:
        message = first_message(process)
        os.write(terminal, f"{ID}\n\x04".encode())
        try:
            code, out, _ = end_of(process)
        finally:
            process.kill()
            os.close(terminal)
            os.close(stdin)
    assert message == "rootsweep: waiting for input from standard input; end it with Ctrl-D\n"
    assert code == 0
    assert ID.encode() in out
