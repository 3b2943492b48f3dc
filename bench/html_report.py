"""Time the HTML report of 10,000 accounts: written, opened in Chromium from its file, searched, narrowed and sorted.

Every round opens the page in a new tab. *Opened* is from the start of the navigation to the end of the load event, *usable* to
the second frame after it, by which a click is answered. Searching, narrowing and sorting count until the frame that shows the
result.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from rootsweep.core.coverage.gaps import coverage_gaps
from rootsweep.core.evidence import (
    Access,
    AccessKey,
    AccountSummary,
    Evidence,
    KeyStatus,
    LastUsed,
    Observed,
    Origin,
    RootAccessKeys,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep.core.finding import Finding
from rootsweep.core.judging.assess import find
from rootsweep.core.judging.verdict import JudgingRules
from rootsweep.core.organization import Account, AccountState, Scope, ScopeKind
from rootsweep.core.run import Run
from rootsweep.reports.registry import RenderOptions, render

CHROMIUM = Path("/usr/bin/chromium")
LOAD_TARGET = 1.0
ANSWER_TARGET = 0.3
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEYED_EACH, REFUSED_EACH = 17, 61
TIMES = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  await frame();
  await frame();
  const usable = performance.now();
  const form = document.getElementById("account-filters");
  const headings = document.querySelectorAll("#account-table thead button");
  document.getElementById("accounts").scrollIntoView();
  await frame();
  const fill = (name, value) => {
    form.elements[name].value = value;
    form.dispatchEvent(new Event("input"));
  };
  const answered = async (act) => {
    const begin = performance.now();
    act();
    await frame();
    return (performance.now() - begin) / 1000;
  };
  return {
    opened: performance.getEntriesByType("navigation")[0].loadEventEnd / 1000,
    usable: usable / 1000,
    searched: await answered(() => fill("search", "workload-7")),
    cleared: await answered(() => fill("search", "")),
    narrowed: await answered(() => fill("verdict", "COMPLIANT")),
    widened: await answered(() => fill("verdict", "*")),
    sorted: await answered(() => headings[1].click()),
    reversed: await answered(() => headings[1].click()),
  };
}"""


def evidence_of(number: int) -> Iterator[Evidence]:
    """Give what two calls in a root session tell of an account: some have a key, and some refuse."""
    keys = (AccessKey("AKIAQNZGKIQY56JQ7WML", KeyStatus.ACTIVE, NOW - timedelta(days=number), LastUsed(NOW)),)
    for name, source, fact in (
        ("iam:ListAccessKeys", Source.ROOT_ACCESS_KEYS, RootAccessKeys(keys if number % KEYED_EACH == 0 else ())),
        ("iam:GetAccountSummary", Source.ACCOUNT_SUMMARY, AccountSummary(number % KEYED_EACH == 0)),
    ):
        origin = Origin(Access.ROOT_SESSION, NOW, name, f"3f2b7c1e-0000-4000-8000-{number:012}")
        if number % REFUSED_EACH == 0:
            advice = "let the statement that denies the root user spare root sessions"
            yield Unavailable(source, UnavailableReason.DENIED_BY_SERVICE_CONTROL_POLICY, advice, origin, "AccessDenied")
        else:
            yield Observed(fact, origin)


def run_of(accounts: int) -> Run:
    """Make a run of an organization."""
    findings: list[Finding] = []
    for number in range(accounts):
        account = Account(f"{100_000_000_000 + 7919 * number}", f"workload-{number:05}", "aws", AccountState.ACTIVE)
        found = find(replace(account, path="o-a1b2c3d4e5/r-ab12/"), tuple(evidence_of(number)), JudgingRules(), NOW)
        findings.append(found)
    scope = Scope(ScopeKind.ORGANIZATION, "aws", "o-a1b2c3d4e5")
    return Run(NOW - timedelta(minutes=2), NOW, "0.1.0", scope, tuple(findings), (), coverage_gaps(findings))


def write(run: Run, path: Path) -> float:
    """Write the page; returns seconds."""
    begin = time.perf_counter()
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        render("html", run, stream, RenderOptions(width=120, colour=False, unicode=True))
    return time.perf_counter() - begin


def open_once(browser: Browser, address: str) -> dict[str, float]:
    """Open the page in a new tab and work with it; returns seconds by what was done."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    times: dict[str, Any] = page.evaluate(TIMES)
    page.close()
    return times


def main() -> None:
    """Write the page, open it in turn, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if not CHROMIUM.exists():
        print(f"{CHROMIUM} is missing, so that how the HTML report opens is not measured: install Debian's chromium")
        return
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        path = Path(scratch, "report.html")
        run = run_of(options.accounts)
        seconds = min(write(run, path) for _ in range(options.rounds))
        print(f"{options.accounts} accounts: written in {seconds:.2f} s, {path.stat().st_size / 1e6:.1f} MB")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        rounds = [open_once(browser, path.as_uri()) for _ in range(options.rounds)]
        browser.close()
    medians = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    print(f"opened in {medians.pop('opened'):.2f} s, usable after {medians.pop('usable'):.2f} s (at most {LOAD_TARGET:.0f})")
    answers = ", ".join(f"{name} {one * 1000:.0f} ms" for name, one in medians.items())
    print(f"{answers} (at most {ANSWER_TARGET * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
