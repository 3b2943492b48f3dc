"""rootsweep as it is installed beside the Python that runs the benchmark."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apparatus.processes import Usage, run

_COMMAND = str(Path(sys.executable).with_name("rootsweep"))


def audit(folder: Path, environment: Mapping[str, str], *arguments: str) -> tuple[Usage, dict[str, Any]]:
    """Run a whole audit that asks AWS; gives what it took, and the JSON report without the accounts' rows."""
    output = folder / "audit.json"
    command = [_COMMAND, "audit", *arguments, "--format", "json", "--quiet", "--output", str(output)]
    # An audit that finds a key exits with 1.
    usage = run(command, environment, log=folder / "process.log", good=(0, 1))
    report: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    del report["accounts"]
    return usage, report


def check(report: dict[str, Any], *, accounts: int, keyed: int | None = None) -> None:
    """Make sure that every account has its row and was proven, with a key or without; AssertionError otherwise."""
    summary = report["summary"]
    if summary["accounts"] != accounts or summary["insufficient_data"] or not report["scope"]["complete"]:
        raise AssertionError(f"of {accounts} accounts not all were proven: {summary}, {report['scope']}")
    if keyed is not None and summary["non_compliant"] != keyed:
        raise AssertionError(f"{keyed} accounts have root keys, but {summary['non_compliant']} are said to")
