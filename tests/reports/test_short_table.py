"""The table of many accounts on a screen: a line each, what needs nobody counted, and what to run next."""

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion

from rootsweep.core.finding import Finding, Verdict
from rootsweep.core.run import Run
from rootsweep.reports.registry import Presentation, RenderOptions
from tests.reports.example_runs import EVERY_KIND, MANY, NAMES, UNREAD_ACCOUNTS, run
from tests.reports.shown import TextFile, shown

SHORT = Presentation(details=False, lists_all=False, scope=("--organization", "--profile", "audit"))
UNIQUE = [one for example in (EVERY_KIND, UNREAD_ACCOUNTS) for one in example.findings]
FINDINGS = tuple(
    replace(one, account=replace(one.account, id=f"{number:012}"))
    for number, one in enumerate([*UNIQUE, *MANY.findings[:40]], 1)
)


def options(width: int, presentation: Presentation = SHORT) -> RenderOptions:
    return RenderOptions(width=width, colour=False, unicode=True, presentation=presentation)


@pytest.mark.parametrize("width", [80, 100, 160])
def test_it_is_golden(width: int, snapshot: SnapshotAssertion) -> None:
    of = replace(run(*FINDINGS), coverage_gaps=UNREAD_ACCOUNTS.coverage_gaps, rejected_inputs=EVERY_KIND.rejected_inputs)
    assert shown("table", of, options(width)) == snapshot(extension_class=TextFile)


@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize(
    "of",
    [run(FINDINGS[0]), replace(run(*MANY.findings[400:402]), rejected_inputs=EVERY_KIND.rejected_inputs)],
    ids=["one account", "refused files"],
)
def test_few_accounts_are_golden(of: Run, width: int, snapshot: SnapshotAssertion) -> None:
    assert shown("table", of, options(width)) == snapshot(extension_class=TextFile)


def keyed(findings: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in findings if one.verdict is Verdict.NON_COMPLIANT]


@pytest.mark.parametrize("width", [40, 80, 100, 160, 300])
@pytest.mark.parametrize("example", [MANY, NAMES, run(*FINDINGS)], ids=["many", "names", "every kind"])
def test_every_account_with_a_key_has_its_line_and_no_id_is_cut(example: Run, width: int) -> None:
    lines = shown("table", example, options(width)).splitlines()
    for finding in keyed(example.findings):
        (line,) = [one for one in lines if one.startswith(finding.account.id)]
        keys = [key.id for key in finding.keys if key.id]
        if width >= 80 and keys:
            assert keys[0] in line
        assert cell_len(line) <= max(width, 60)


def test_one_account_is_a_block_and_details_make_all_of_them_blocks() -> None:
    assert shown("table", run(*keyed(FINDINGS)[:1]), options(100)).count("  why  ") == 1
    assert "  why  " not in shown("table", run(*keyed(FINDINGS)[:2]), options(100))
    many = run(*keyed(MANY.findings))
    assert "  why  " not in shown("table", many, options(100))
    detailed = shown("table", many, options(100, replace(SHORT, details=True)))
    assert detailed.count("  why  ") == len(many.findings)


def test_what_needs_nobody_is_counted_unless_all_is_asked_for() -> None:
    folded = shown("table", MANY, options(100))
    assert "COMPLIANT         no_root_key (490 accounts)" in folded
    assert len(re.findall(r"^  \d{12}  report", folded, re.MULTILINE)) == 0
    listed = shown("table", MANY, options(100, replace(SHORT, lists_all=True)))
    assert len(re.findall(r"^  \d{12}  report", listed, re.MULTILINE)) == 490


def test_the_commands_to_run_next_are_last_and_whole() -> None:
    scope = ("--organization", "--account", ",".join(f"{number:012}" for number in range(40)))
    text = shown("table", MANY, options(80, replace(SHORT, scope=scope)))
    _, _, after = text.partition("\nNext:\n")
    commands = [line for line in after.splitlines() if line.startswith("  rootsweep ")]
    assert commands
    assert all(" ".join(scope) in line for line in commands if " audit " in line)
    assert "Next:" not in shown("table", MANY, options(80, replace(SHORT, scope=None)))


def test_what_opens_unread_accounts_is_never_cut() -> None:
    for width in (80, 100):
        words = " ".join(shown("table", UNREAD_ACCOUNTS, options(width)).split())
        for group in UNREAD_ACCOUNTS.coverage_gaps:
            assert " ".join(group.remedy.split()) in words


def test_three_hundred_accounts_fit_a_screen() -> None:
    """Of 300 accounts 18 with keys: at most 50 lines at 100 columns; of 60 two: at most 30."""
    clean = [one for one in MANY.findings if one.verdict is Verdict.COMPLIANT][:282]
    found = [
        replace(one, account=replace(one.account, id=f"9{number:011}")) for number, one in enumerate(keyed(MANY.findings) * 2)
    ]
    assert len(shown("table", run(*clean, *found[:18]), options(100)).splitlines()) <= 50
    assert len(shown("table", run(*clean[:58], *found[:2]), options(100)).splitlines()) <= 30
