"""Runs a command and writes what it took as JSON: python measured.py RESULT LOG COMMAND...

A process of its own, because Linux counts the memory of whoever starts a process as that process's peak. It imports
nothing that would make it large.
"""

import json
import os
import sys
import time

_UNITS_A_MIB = 1024 * 1024 if sys.platform == "darwin" else 1024


def main() -> None:
    """Run the command to its end, with all it prints in the log."""
    result, log, *command = sys.argv[1:]
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    streams = [(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)]
    begin = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=streams)
    _, status, usage = os.wait4(process, 0)
    taken = {
        "seconds": time.perf_counter() - begin,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss / _UNITS_A_MIB,
        "exit_code": os.waitstatus_to_exitcode(status),
    }
    with open(result, "w", encoding="utf-8") as file:  # noqa: PTH123  pathlib is large
        json.dump(taken, file)


if __name__ == "__main__":
    main()
