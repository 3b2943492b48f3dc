"""Whole processes, and what they took."""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_MEASURED = [sys.executable, "-I", "-S", str(Path(__file__).with_name("measured.py"))]


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
    """Run a process to its end, in its home; what it prints goes to ``log``.

    Raises ``ChildProcessError`` with the end of the log for an exit code that is not among the good ones.
    """
    result = log.with_suffix(".json")
    subprocess.run(  # noqa: S603  the commands are the benchmarks' own
        [*_MEASURED, str(result), str(log), *command], env=dict(environment), cwd=environment["HOME"], check=True
    )
    usage = Usage(**json.loads(result.read_text(encoding="utf-8")))
    if usage.exit_code not in good:
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise ChildProcessError(f"{' '.join(command[:4])} ... failed with exit code {usage.exit_code}:\n{tail}")
    return usage
