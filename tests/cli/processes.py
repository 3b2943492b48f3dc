"""rootsweep in processes of its own, to be killed: forked from one that has imported all, so that they start at once."""

import os
import sys
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

import pytest

from rootsweep.cli import run_command_line

# The other process has to find this module too, wherever a test has gone.
sys.path.append(str(Path(__file__).parents[2]))

_SERVER: Final = get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.cli.processes", "rootsweep.aws.session", "rootsweep.cli.apply"])


def start(*arguments: str) -> ForkServerProcess:
    """Start a command in the environment of the test; what it writes goes nowhere."""
    process = _SERVER.Process(target=_run, args=(arguments, dict(os.environ)), daemon=True)
    process.start()
    return process


def code_of(process: ForkServerProcess) -> int:
    """Wait for the end of a process, half a minute at most, and give its exit code; it is negative for one that was killed."""
    process.join(30)
    assert process.exitcode is not None
    return process.exitcode


def _run(arguments: tuple[str, ...], environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    sys.exit(run_command_line(list(arguments)))


EVERY_FEW_CALLS = pytest.mark.parametrize(
    "stride", [pytest.param(3, id="every-third-call"), pytest.param(1, id="every-call", marks=pytest.mark.soak)]
)
"""At which calls a process is killed that is to be killed between any two: all of them in the long run."""
