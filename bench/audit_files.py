"""Time the audit of 10,000 saved reports of 50 users each against reading and csv-parsing the same files in plain Python.

Both are whole processes, run in turn on the same files; what counts is the ratio of their fastest runs and the audit's
peak memory.
"""

import argparse
import csv
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COLUMNS = [
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "password_next_rotation",
    "mfa_active",
    *(
        f"access_key_{number}_{part}"
        for number in (1, 2)
        for part in ("active", "last_rotated", "last_used_date", "last_used_region", "last_used_service")
    ),
    "cert_1_active",
    "cert_1_last_rotated",
    "cert_2_active",
    "cert_2_last_rotated",
]
PLAIN = """
import csv, os, sys
for name in sorted(os.listdir(sys.argv[1])):
    with open(os.path.join(sys.argv[1], name), newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            pass
"""
READER = """
import sys
from rootsweep.auditing.sources.files import read_evidence
for evidence in read_evidence([sys.argv[1]], account_ids=[], stdin=sys.stdin.buffer):
    pass
"""
AUDIT = "from rootsweep.cli import main; main()"


def write_reports(folder: Path, reports: int, users: int) -> None:
    """Write one report per account: every tenth has an inactive root key, no other has one."""
    for index in range(reports):
        account = f"{100_000_000_000 + index}"
        with (folder / f"{account}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            dates = ["2019-05-06T07:08:09Z", "N/A", "N/A", "N/A"] if index % 10 == 0 else ["N/A"] * 4
            identity = ["<root_account>", f"arn:aws:iam::{account}:root", "2018-01-02T03:04:05Z"]
            password = ["true", "no_information", "2026-01-02T03:04:05Z", "not_supported", "true"]
            writer.writerow([*identity, *password, "false", *dates, "false", *["N/A"] * 4, "false", "N/A", "false", "N/A"])
            for user in range(users - 1):
                name = f"user-{user:04d}@example.com"
                identity = [name, f"arn:aws:iam::{account}:user/division/{name}", "2023-04-05T06:07:08Z"]
                password = ["true", "2026-09-01T10:11:12Z", "2026-06-01T10:11:12Z", "2026-12-01T10:11:12Z", "true"]
                key = ["true", "2025-02-03T04:05:06Z", "2026-09-10T11:12:00Z", "eu-central-1", "s3"]
                writer.writerow([*identity, *password, *key, "false", *["N/A"] * 4, "false", "N/A", "false", "N/A"])


def run(command: list[str], data: str) -> tuple[float, float]:
    """Run a process to its end, with its data in this folder; returns seconds and peak resident memory in MiB."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | {"XDG_DATA_HOME": data})  # noqa: S603  the command is this file's own
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    # An audit that finds a key exits with 1.
    if process.returncode not in {0, 1}:
        sys.exit(f"{command} failed with exit code {process.returncode}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_maxrss / unit


def audit_command(folder: Path, output: Path) -> list[str]:
    """Build the command that is measured: the whole audit, or the reader alone where there is no command line yet."""
    if importlib.util.find_spec("rootsweep.cli") is None:
        return [sys.executable, "-c", READER, str(folder)]
    return [sys.executable, "-c", AUDIT, "audit", "--from", str(folder), "--format", "json", "--output", str(output)]


def main() -> None:
    """Write the reports, run both commands in turn, print the ratio and the peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "reports")
        folder.mkdir()
        write_reports(folder, options.reports, options.users)
        plain, audit = [], []
        for _ in range(options.rounds):
            plain.append(run([sys.executable, "-c", PLAIN, str(folder)], scratch))
            audit.append(run(audit_command(folder, Path(scratch, "audit.json")), scratch))
    plain_seconds, audit_seconds = min(plain)[0], min(audit)[0]
    peak = max(memory for _, memory in audit)
    sys.stdout.write(
        f"{options.reports} reports of {options.users} users: plain {plain_seconds:.2f} s, audit {audit_seconds:.2f} s\n"
    )
    sys.stdout.write(f"ratio {audit_seconds / plain_seconds:.2f} (at most 2), peak memory {peak:.0f} MiB (at most 120)\n")


if __name__ == "__main__":
    main()
