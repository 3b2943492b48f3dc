"""CPU for an account of other ways to ask about root access keys, beside rootsweep, on the same organization in the same run.

Each is installed by pip, in its pinned version, into an environment of its own in a cache folder (``--venvs``); one that cannot
be installed or does not run is named with the reason and left out. All enter the accounts by the same role. Whole processes are
measured, with their start and their children, so that CPU is what a whole audit takes, divided by its accounts. rootsweep is
quick enough to be measured several times.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from apparatus.organization import ADMINISTRATORS, Organization, running
from apparatus.processes import Usage, clean_environment, run
from apparatus.rootsweep_command import audit, check
from rootsweep.version import __version__
from rootsweep_emulator import DenyAccess, Latency, Rule

ROLE = "RootAudit"
LATENCY = 0.03
TARGET = 30
ROUNDS = 5
WORKLOADS = Path(__file__).parent / "workloads"
CUSTODIAN_POLICY = {
    "name": "root-access-key",
    "resource": "aws.account",
    "filters": [{"type": "iam-summary", "key": "AccountAccessKeysPresent", "op": "gt", "value": 0}],
}
Commands = list[list[str]]


@dataclass(frozen=True, slots=True)
class Rival:
    """Another way.

    Attributes:
        name: what the table calls it.
        packages: what pip installs; the first is the one whose version counts.
        commands: makes the processes from the folder of its programs, a scratch folder and the account ids.
        most: how many accounts are enough for it.
        good: the exit codes of success.
        remark: what it leaves out, as AWS's calls that the emulator does not have.
        faults: what it needs to go wrong.
    """

    name: str
    packages: tuple[str, ...]
    commands: Callable[[Path, Path, Sequence[str]], Commands]
    most: int | None = None
    good: tuple[int, ...] = (0,)
    remark: str = ""
    faults: tuple[Rule, ...] = ()

    @property
    def version(self) -> str:
        """The pinned version."""
        return self.packages[0].partition("==")[2]


def by_script(script: str) -> Callable[[Path, Path, Sequence[str]], Commands]:
    """Run a script of the benchmark for all accounts."""

    def commands(programs: Path, folder: Path, account_ids: Sequence[str]) -> Commands:
        return [[str(programs / "python"), str(WORKLOADS / script), str(account_file(folder, account_ids)), ROLE]]

    return commands


def by_custodian(programs: Path, folder: Path, account_ids: Sequence[str]) -> Commands:
    """Run one policy in all accounts; its files are YAML, of which JSON is a part."""
    accounts = [{"account_id": one, "name": one, "role": role_arn(one), "regions": ["us-east-1"]} for one in account_ids]
    (folder / "accounts.yml").write_text(json.dumps({"accounts": accounts}), encoding="utf-8")
    (folder / "policy.yml").write_text(json.dumps({"policies": [CUSTODIAN_POLICY]}), encoding="utf-8")
    files = ["--config", "accounts.yml", "--use", "policy.yml", "--output-dir", "custodian"]
    return [[str(programs / "c7n-org"), "run", *files, "--region", "us-east-1", "--cache-period", "0"]]


def by_prowler(programs: Path, folder: Path, account_ids: Sequence[str]) -> Commands:
    """Run one check, a process for each account, which is how Prowler sees several."""
    options = ["--checks", "iam_no_root_access_key", "--region", "us-east-1", "--no-banner", "--output-formats", "csv"]
    prowler = [str(programs / "prowler"), "aws", *options, "--output-directory", str(folder / "prowler")]
    return [[*prowler, "--role", role_arn(account_id)] for account_id in account_ids]


RIVALS = (
    Rival("boto3 session an account, in threads", ("boto3==1.44.5",), by_script("session_each.py")),
    Rival("c7n-org, iam-summary", ("c7n-org==0.6.52", "c7n==0.9.53"), by_custodian),
    Rival(
        "botocove, GetAccountSummary",
        ("botocove==1.7.4", "boto3==1.44.5"),
        by_script("cove_each.py"),
        remark="ListAccounts is denied to it, because it relies on Status, which AWS retired on 2026-09-09",
        faults=(Rule(DenyAccess(), "organizations", "ListAccounts"),),
    ),
    Rival(
        "Prowler, iam_no_root_access_key",
        ("prowler==5.46.0",),
        by_prowler,
        most=2,
        good=(0, 3),
        remark="most calls of EC2 and IAM beyond the report and the summary are refused, so that it does less than on AWS",
    ),
)


def role_arn(account_id: str) -> str:
    """Name the role of an account."""
    return f"arn:aws:iam::{account_id}:role/{ROLE}"


def account_file(folder: Path, account_ids: Sequence[str]) -> Path:
    """Write account ids to a file, one a line."""
    file = folder / "accounts.txt"
    file.write_text("\n".join(account_ids), encoding="utf-8")
    return file


def installed(rival: Rival, venvs: Path) -> Path:
    """Give the folder of a rival's programs, installing it where it is not yet; OSError or CalledProcessError otherwise."""
    venv = venvs / rival.packages[0].replace("==", "-")
    stamp, programs = venv / ".installed", venv / "bin"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == "\n".join(rival.packages):
        return programs
    print(f"installing {', '.join(rival.packages)} into {venv}", flush=True)
    venvs.mkdir(parents=True, exist_ok=True)
    pip = [str(programs / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "install", *rival.packages]
    for command in ([sys.executable, "-m", "venv", str(venv)], pip):
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  pinned above
    stamp.write_text("\n".join(rival.packages), encoding="utf-8")
    return programs


def measured(rival: Rival, organization: Organization, account_ids: Sequence[str], venvs: Path, folder: Path) -> Usage:
    """Run a rival for these accounts; raises OSError (ChildProcessError) or CalledProcessError when it cannot be."""
    programs = installed(rival, venvs)
    environment = clean_environment(folder, organization.environment)
    organization.set_faults(Rule(Latency(LATENCY)), *rival.faults)
    usages = [
        run(command, environment, log=folder / "rival.log", good=rival.good)
        for command in rival.commands(programs, folder, account_ids)
    ]
    calls = organization.calls()
    asked = max(calls.get(("iam", name), 0) for name in ("GetAccountSummary", "GetCredentialReport"))
    if asked < len(account_ids):
        raise ChildProcessError(f"it asked about {asked} of {len(account_ids)} accounts; the calls were {calls}")
    seconds, cpu_seconds = (sum(getattr(one, name) for one in usages) for name in ("seconds", "cpu_seconds"))
    return Usage(seconds, cpu_seconds, max(one.peak for one in usages), 0)


def ours(organization: Organization, account_ids: Sequence[str], folder: Path) -> Usage:
    """Run rootsweep for these accounts, by the same role and by both of the benchmark's procedures; gives the median run."""
    organization.set_faults(Rule(Latency(LATENCY)))
    environment = clean_environment(folder, organization.environment)
    file = account_file(folder, account_ids)
    usages = []
    for _ in range(ROUNDS):
        usage, report = audit(folder, environment, "--account", str(file), "--access", "role", "--role-name", ROLE)
        check(report, accounts=len(account_ids))
        usages.append(usage)
    return sorted(usages, key=lambda usage: usage.cpu_seconds)[ROUNDS // 2]


def show(name: str, version: str, accounts: int, usage: Usage, mine: float) -> float:
    """Print a row of the table; gives the ratio to rootsweep's CPU for an account, in ms."""
    cpu = usage.cpu_seconds * 1000 / accounts
    print(
        f"{name:<38} {version:<9} {accounts:>5,} {usage.seconds:>8.1f} {usage.cpu_seconds:>8.1f} {cpu:>10,.1f} "
        f"{usage.peak:>6,.0f} {cpu / mine:>8,.1f}",
        flush=True,
    )
    return cpu / mine


def reason(error: Exception) -> str:
    """Say in a line or two why a rival could not be measured."""
    text = str(getattr(error, "stderr", None) or error).strip()
    return text[-600:]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=200)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    parser.add_argument("--venvs", type=Path, default=cache / "rootsweep-bench", help="where rivals are installed")
    options = parser.parse_args()
    ratios, notes = [], []
    with tempfile.TemporaryDirectory() as scratch, running(options.accounts + ADMINISTRATORS) as organization:
        folder = Path(scratch)
        mine = ours(organization, organization.members, folder)
        each = mine.cpu_seconds * 1000 / options.accounts
        print(f"{'':<38} {'version':<9} {'accts':>5} {'wall s':>8} {'CPU s':>8} {'ms/account':>10} {'MiB':>6} {'x ours':>8}")
        show("rootsweep, both procedures", __version__, options.accounts, mine, each)
        for rival in RIVALS:
            account_ids = organization.members[: rival.most]
            try:
                usage = measured(rival, organization, account_ids, options.venvs, folder)
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"{rival.name:<38} {rival.version:<9} not measured: {reason(error)}", flush=True)
                continue
            ratios.append(show(rival.name, rival.version, len(account_ids), usage, each))
            notes += [f"{rival.name}: {rival.remark}"] if rival.remark else []
    for note in notes:
        print(note)
    if ratios:
        print(f"the best of them takes {min(ratios):.0f} x the CPU of rootsweep (at least {TARGET})")


if __name__ == "__main__":
    main()
