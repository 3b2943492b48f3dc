"""Time the sweep of an organization against what AWS allows, and its CPU and memory against bare botocore.

1. A whole sweep of 10,000 accounts behind the quotas of AWS, whose floor is the listing: pages of 20 accounts, 8 a second
   after a burst of 12, and never faster than one page after the other, because the token of a page comes with the one before.
2. The same calls without the listing, beside a script that makes them with botocore and does nothing else: both are whole
   processes, run in turn, and what counts is the ratio of their CPU for an account.

The organization answers from a process of its own, on the same machine.
"""

import argparse
import math
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from apparatus.organization import ADMINISTRATORS, Organization, running
from apparatus.processes import Usage, clean_environment, run
from apparatus.rootsweep_command import audit, check
from rootsweep_emulator import Latency, Rule, Throttle

PAGE = 20
PAGES_A_SECOND = 8
PAGES_AT_ONCE = 12
STS_A_SECOND = 600
LATENCIES = (0.03, 0.25)
FLOOR_TARGET = 1.1
CPU_TARGET = 1.3
GROWTH_TARGET = 4.0
FEW = 500
BARE = Path(__file__).parent / "workloads" / "bare_botocore.py"
BASELINES = {"bare botocore": (), "bare botocore, parameters not validated": ("--tuned",)}


def quotas(latency: float) -> tuple[Rule, ...]:
    """Give the quotas of AWS that a sweep meets, and a latency in seconds for every answer."""
    return (
        Rule(Latency(latency)),
        Rule(Throttle(PAGES_A_SECOND, PAGES_AT_ONCE), "organizations", "ListAccounts"),
        Rule(Throttle(STS_A_SECOND, STS_A_SECOND, shared=True), "sts"),
    )


def show_floor(organization: Organization, latency: float, folder: Path) -> None:
    """Sweep the whole organization and compare with the time that listing it takes at least."""
    organization.set_faults(*quotas(latency))
    accounts = len(organization.members) + ADMINISTRATORS
    usage, report = audit(folder, clean_environment(folder, organization.environment), "--organization")
    check(report, accounts=accounts, keyed=organization.keyed)
    calls = sum(organization.calls().values())
    pages = math.ceil(accounts / PAGE)
    quota, chain = max(0.0, (pages - PAGES_AT_ONCE) / PAGES_A_SECOND), pages * latency
    floor = max(quota, chain)
    print(f"{accounts:,} accounts, {latency * 1000:.0f} ms latency: {usage.seconds:.1f} s, {calls:,} calls")
    print(f"  listing takes {quota:.1f} s by AWS's quota and {chain:.1f} s as {pages} pages one after the other")
    print(f"  ratio {usage.seconds / floor:.2f} to the longer of them (at most {FLOOR_TARGET}), ", end="")
    print(f"{usage.seconds / quota:.2f} to the quota alone" if quota else "no quota was met")
    print(f"  CPU {usage.cpu_seconds:.1f} s, peak memory {usage.peak:.0f} MiB", flush=True)


def show_cpu(organization: Organization, accounts: int, rounds: int, folder: Path) -> None:
    """Read named accounts by root sessions, in turn with bare botocore, and print the CPU and the memory of each account."""
    organization.set_faults(Rule(Latency(LATENCIES[0])))
    environment = clean_environment(folder, organization.environment)
    fewer = min(FEW, accounts // 2)
    few, many = (account_file(folder, organization.members[:number]) for number in (fewer, accounts))

    def sweep(file: Path) -> Usage:
        usage, report = audit(folder, environment, "--account", str(file), "--access", "root-session")
        check(report, accounts=len(file.read_text(encoding="utf-8").split()))
        return usage

    def bare(*options: str) -> Usage:
        return run([sys.executable, str(BARE), str(many), *options], environment, log=folder / "bare.log")

    measured: dict[str, list[Usage]] = {name: [] for name in ("few", "rootsweep", *BASELINES)}
    for _ in range(rounds):
        measured["few"].append(sweep(few))
        measured["rootsweep"].append(sweep(many))
        for name, options in BASELINES.items():
            measured[name].append(bare(*options))
    print(f"{accounts:,} named accounts by root sessions, {LATENCIES[0] * 1000:.0f} ms latency, medians of {rounds}")
    for name in ("rootsweep", *BASELINES):
        print(f"  {name}: {described(measured[name], accounts)}")
    mine = median(measured["rootsweep"], lambda usage: usage.cpu_seconds)
    for name, options in BASELINES.items():
        ratio = mine / median(measured[name], lambda usage: usage.cpu_seconds)
        print(f"  CPU ratio to {name}: {ratio:.2f}" + ("" if options else f" (at most {CPU_TARGET})"))
    peaks = [median(measured[name], lambda usage: usage.peak) for name in ("few", "rootsweep")]
    growth = (peaks[1] - peaks[0]) * 1024 / (accounts - fewer)
    print(f"  memory {peaks[0]:.0f} MiB with {fewer:,} accounts, {peaks[1]:.0f} MiB with {accounts:,}: ", end="")
    print(f"{growth:.1f} KiB an account (at most {GROWTH_TARGET:.0f})", flush=True)


def median(usages: Sequence[Usage], of: Callable[[Usage], float]) -> float:
    """Give the median of one figure."""
    return statistics.median(of(usage) for usage in usages)


def described(usages: Sequence[Usage], accounts: int) -> str:
    """Put the medians of several runs into words."""
    seconds, cpu, peak = (
        median(usages, of) for of in (lambda one: one.seconds, lambda one: one.cpu_seconds, lambda one: one.peak)
    )
    return f"{accounts / seconds:.0f} accounts/s, {cpu * 1000 / accounts:.2f} ms CPU an account, peak memory {peak:.0f} MiB"


def account_file(folder: Path, account_ids: Sequence[str]) -> Path:
    """Write account ids to a file, one a line."""
    file = folder / f"{len(account_ids)}-accounts.txt"
    file.write_text("\n".join(account_ids), encoding="utf-8")
    return file


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=10_000, help="accounts of the whole sweep")
    parser.add_argument("--named", type=int, default=4_000, help="accounts of the comparison with bare botocore")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of that comparison")
    parser.add_argument("--skip-floor", action="store_true", help="compare with bare botocore alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if not options.skip_floor:
            with running(options.accounts) as organization:
                for latency in LATENCIES:
                    show_floor(organization, latency, Path(scratch))
        with running(options.named + ADMINISTRATORS) as organization:
            show_cpu(organization, options.named, options.rounds, Path(scratch))


if __name__ == "__main__":
    main()
