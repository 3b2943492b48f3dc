"""Time ``rootsweep audit --format json`` on one account against ``aws iam get-account-summary``, the benchmark's own command.

The embedded organization answers both from another process on loopback. Both are whole processes, run in turn, so that a busy
machine slows both alike; what counts is the ratio of their medians. rootsweep carries out both audit procedures, the other one.
The audit is timed without the history, and once more with it: a run is recorded after its report was written, and the prompt
waits for that.
"""

import argparse
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

TARGET = 1.0
PEAK_MIB = 60
UNCOUNTED_ROUNDS = 2
BIN = Path(sys.executable).parent
RECORDED = [str(BIN / "rootsweep"), "audit", "--format", "json"]
AUDIT = [*RECORDED, "--history", "none"]
SUMMARY = [str(BIN / "aws"), "iam", "get-account-summary"]


def serve(pipe: Connection) -> None:
    """Serve the scenario of one account of each kind until the process is ended."""
    from rootsweep_emulator import Emulator, load_scenario  # noqa: PLC0415  in the process that serves alone

    emulator = Emulator(load_scenario("demo"))
    emulator.start()
    pipe.send(emulator.environment("active"))
    pipe.recv()


def run(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Run a process to its end; returns seconds and peak resident memory in MiB."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603  the commands are above
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    # An audit that finds a key exits with 1.
    if process.returncode not in {0, 1}:
        sys.exit(f"{command} failed with exit code {process.returncode}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_maxrss / unit


def main() -> None:
    """Run both commands in turn and print the ratio of their medians, and the audit's peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    ours, its = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(its,), daemon=True)
    server.start()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | ours.recv()
    # A source tree whose bytecode may not be kept would be compiled in every run, which no installation does.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    audit, recorded, summary = [], [], []
    with TemporaryDirectory() as data:
        environment["XDG_DATA_HOME"] = data
        for _ in range(options.rounds + UNCOUNTED_ROUNDS):
            audit.append(run(AUDIT, environment))
            recorded.append(run(RECORDED, environment))
            summary.append(run(SUMMARY, environment))
    server.terminate()
    mine, kept, baseline = (
        statistics.median(seconds for seconds, _ in runs[UNCOUNTED_ROUNDS:]) for runs in (audit, recorded, summary)
    )
    peak, peak_kept = (max(memory for _, memory in runs) for runs in (audit, recorded))
    print(f"rootsweep audit, both procedures {mine * 1000:.0f} ms, aws iam get-account-summary {baseline * 1000:.0f} ms")
    print(f"ratio {mine / baseline:.2f} (at most {TARGET}), peak memory {peak:.0f} MiB (at most {PEAK_MIB})")
    print(f"recorded in the history too: {kept * 1000:.0f} ms, ratio {kept / baseline:.2f}, peak memory {peak_kept:.0f} MiB")


if __name__ == "__main__":
    main()
