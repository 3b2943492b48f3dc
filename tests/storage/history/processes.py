"""A process that saves runs, and may be killed at a statement: python -m tests.storage.history.processes URL NAME RUNS [N]."""

import os
import signal
import sys
from types import FrameType
from typing import Any

from rootsweep.core.history.drift import compare
from rootsweep.storage.history.database import Database
from rootsweep.storage.history.location import parse_location
from rootsweep.storage.history.store import open_history
from tests.storage.history.values import COMPLIANT, KEY, NON_COMPLIANT, A, B, account, run


def kill_at(statement: int) -> None:
    """Let this process be killed right before it asks its database for the n-th time."""
    asking = {Database.execute.__code__, Database.execute_each.__code__, Database.insert.__code__}
    asked = 0

    def count(frame: FrameType, event: str, _: Any) -> None:
        nonlocal asked
        if event == "call" and frame.f_code in asking:
            asked += 1
            if asked == statement:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def main() -> None:
    """Save the runs, each with an account that names it, and say how far it has come."""
    url, name, number, *statement = sys.argv[1:]
    if statement:
        kill_at(int(statement[0]))
    for index in range(int(number)):
        one = run(
            account(A, NON_COMPLIANT, KEY) if index % 2 else account(A, COMPLIANT),
            account(B, COMPLIANT, name=f"{name}-{index}"),
            day=index,
        )
        with open_history(parse_location(url), creates=True) as history:
            history.save(one, compare)
        print(index, flush=True)  # noqa: T201  the test reads it


if __name__ == "__main__":
    main()
