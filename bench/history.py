"""Record many runs of many accounts, and time saving, and every question that is asked of the history.

Of every hundred accounts three have a root key; a third of the keys are used every day, and of every thousand accounts three
change their verdict from one run to the next. Each question is asked in this process, with the database opened anew.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rootsweep.core.evidence import KeyStatus, LastUsed, NoLastUse
from rootsweep.core.finding import KeyRow, Severity, Verdict
from rootsweep.core.history.drift import compare
from rootsweep.core.history.recorded import RecordedAccount, RecordedRun, RecordedScope, RunRecord
from rootsweep.core.history.timeline import tell_life
from rootsweep.core.organization import AccountState, ScopeKind
from rootsweep.core.run import Summary
from rootsweep.storage.history.location import Location, parse_location
from rootsweep.storage.history.store import History, open_history

TARGET_MS = 200
ROUNDS = 7
BEGIN = datetime(2026, 1, 1, 6, tzinfo=UTC)
SCOPE = RecordedScope(ScopeKind.ORGANIZATION, "aws", "o-a1b2c3d4e5", "")
PATH = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/"


def _account(number: int) -> RecordedAccount:
    account = RecordedAccount(
        id=f"{100_000_000_000 + number}",
        name=f"workload-{number:05d}-production",
        partition="aws",
        state=AccountState.ACTIVE,
        is_management_account=number == 0,
        path=PATH,
        verdict=Verdict.COMPLIANT,
        severity=None,
        reasons=("no_root_key",),
        excepted=False,
        keys=(),
    )
    return _keyed(account) if number % 33 == 1 else account


def _keyed(account: RecordedAccount) -> RecordedAccount:
    key = KeyRow(f"AKIA{account.id}ABCD", 1, KeyStatus.ACTIVE, BEGIN, BEGIN, NoLastUse.NEVER_RECORDED)
    return replace(
        account, verdict=Verdict.NON_COMPLIANT, severity=Severity.CRITICAL, reasons=("active_root_key",), keys=(key,)
    )


def _cleaned(account: RecordedAccount) -> RecordedAccount:
    return replace(account, verdict=Verdict.COMPLIANT, severity=None, reasons=("no_root_key",), keys=())


def runs(number: int, accounts: int) -> Iterator[RecordedRun]:
    """Give the runs, a day apart, each of all accounts."""
    draw = random.Random(1)  # noqa: S311  no secret
    state = [_account(index) for index in range(accounts)]
    for day in range(number):
        at = BEGIN + timedelta(days=day)
        for index in draw.sample(range(accounts), max(3 * accounts // 1000, 1)):
            account = state[index]
            state[index] = _cleaned(account) if account.keys else _keyed(account)
        for index in range(1, accounts, 99):
            account = state[index]
            used = LastUsed(at - timedelta(hours=1), "eu-west-1", "s3")
            state[index] = replace(account, keys=tuple(replace(key, last_use=used) for key in account.keys))
        found = sum(bool(account.keys) for account in state)
        summary = Summary(accounts, accounts, accounts - found, accounts - found, found, 0, 0, 0)
        record = RunRecord(
            None,
            SCOPE,
            at,
            at + timedelta(minutes=4),
            "1.0.0",
            complete=True,
            incomplete_because=None,
            summary=summary,
            rejected_inputs=0,
        )
        yield RecordedRun(record, tuple(state))


def _diff(history: History) -> None:
    now = history.last_complete()
    if now is None:
        raise AssertionError("nothing was recorded")
    before = history.last_complete(now.scope, before=now.number)
    if before is None:
        raise AssertionError("one run was recorded")
    compare(history.load(before), history.load(now), history.earlier_verdicts(before))


QUESTIONS: dict[str, Callable[[History], object]] = {
    "list of 20 runs": lambda history: history.runs(20),
    "list of all runs": lambda history: history.runs(),
    "diff of the last two": _diff,
    "show an account": lambda history: tell_life("100000000001", history.timeline("100000000001")),
    "last complete run": lambda history: history.last_complete(SCOPE),
    "load the first run": lambda history: history.load(history.run(1)),
    "load the newest run": lambda history: history.load(history.newest_run()),
}


def milliseconds_of(ask: Callable[[History], object], location: Location) -> float:
    """Open the history, ask, and give the time that it took."""
    begin = time.perf_counter()
    with open_history(location, creates=False) as history:
        ask(history)
    return (time.perf_counter() - begin) * 1000


def save_all(location: Location, number: int, accounts: int) -> list[float]:
    """Save every run, each with the database opened anew; gives the milliseconds of each."""
    taken = []
    for run in runs(number, accounts):
        begin = time.perf_counter()
        with open_history(location, creates=True) as history:
            history.save(run, compare)
        taken.append((time.perf_counter() - begin) * 1000)
    return taken


def main() -> None:
    """Record the runs, ask every question, print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--history", metavar="URL", help="an empty database; by default a SQLite file that is thrown away")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "history.sqlite3")
        location = parse_location(options.history or f"sqlite:///{file}")
        taken = save_all(location, options.runs, options.accounts)
        size = f", {file.stat().st_size / 1e6:.1f} MB" if file.exists() else ""
        print(f"{options.runs} runs of {options.accounts} accounts{size}")
        print(f"save {statistics.median(taken):.0f} ms (the first {taken[0]:.0f} ms, the last {taken[-1]:.0f} ms)")
        for name, ask in QUESTIONS.items():
            median = statistics.median(milliseconds_of(ask, location) for _ in range(ROUNDS))
            print(f"{name} {median:.0f} ms (at most {TARGET_MS})")


if __name__ == "__main__":
    main()
