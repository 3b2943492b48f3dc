"""Time ``rootsweep --version`` against a bare import of click in the same Python.

Both are whole processes that run in turn, so that a busy machine slows both alike; what counts is the ratio of their medians.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

TARGET = 3
UNCOUNTED_ROUNDS = 2
VERSION = [str(Path(sys.executable).with_name("rootsweep")), "--version"]
BARE_IMPORT = [sys.executable, "-c", "import click"]


def seconds_of(command: Sequence[str], environment: dict[str, str]) -> float:
    """Run a process to its end, its output thrown away; raises CalledProcessError when it fails."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)  # noqa: S603  the commands are above
    return time.perf_counter() - begin


def main() -> None:
    """Run both commands in turn and print the ratio of their medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    # A source tree whose bytecode may not be kept would be compiled in every run, which no installation does.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    version, bare = [], []
    for _ in range(options.rounds + UNCOUNTED_ROUNDS):
        version.append(seconds_of(VERSION, environment))
        bare.append(seconds_of(BARE_IMPORT, environment))
    ours, baseline = (statistics.median(times[UNCOUNTED_ROUNDS:]) for times in (version, bare))
    print(f"rootsweep --version {ours * 1000:.0f} ms, import click {baseline * 1000:.0f} ms")
    print(f"ratio {ours / baseline:.2f} (at most {TARGET})")


if __name__ == "__main__":
    main()
