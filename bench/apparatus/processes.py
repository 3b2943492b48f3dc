"""Whole processes, and what they took."""

import os
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_MIB = 1024 * 1024 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process and its children took. ``peak`` is the resident memory of the largest of them, in MiB."""

    seconds: float
    cpu_seconds: float
    peak: float
    exit_code: int


def clean_environment(home: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Give this process's environment with nothing of AWS in it but these variables, and an empty home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "XDG_", "C7N_"))}
    # A source tree whose bytecode may not be kept would be compiled in every run, which no installation does.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | dict(variables) | {"HOME": str(home)}


def run(command: Sequence[str], environment: Mapping[str, str], *, log: Path, good: Collection[int] = (0,)) -> Usage:
    """Run a process to its end, in its home; what it prints goes to ``log``, and is shown when it ends with a bad exit code."""
    with log.open("wb") as output:
        begin = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  the commands are the benchmarks' own
            command, env=dict(environment), cwd=environment["HOME"], stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise ChildProcessError(f"{' '.join(command[:4])} ... failed with exit code {process.returncode}:\n{tail}")
    return Usage(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _MIB, process.returncode)
