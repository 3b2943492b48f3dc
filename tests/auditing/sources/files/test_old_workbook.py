"""Credential reports in workbooks of an old Excel; ``workbooks/`` holds some that xlwt 1.3.0 wrote."""

from io import BytesIO
from pathlib import Path
from random import Random
from typing import Final

import pytest

from rootsweep.auditing.sources.files import FileEvidence, read_evidence
from rootsweep.core.run import RejectedInput
from tests.auditing.sources.files.saved_files import CLEAN, Refused, Report, Summary, outcome, read

WORKBOOKS: Final = Path(__file__).parent / "workbooks"
SAVE_AS_CSV: Final = "save the sheet that holds the report as CSV and give that"
BROKEN: Final = f"this Excel workbook is broken or protected by a password; {SAVE_AS_CSV}"


def workbook(name: str) -> bytes:
    return (WORKBOOKS / f"{name}.xls").read_bytes()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("clean", [Report("NO_KEY NO_KEY")]),
        ("active", [Report("ACTIVE NO_KEY")]),
        ("many", [Report("NO_KEY NO_KEY"), Report("INACTIVE NO_KEY", line=3, account="aws 222233334444")]),
        ("no_report", [Refused(None, f"no sheet of this Excel workbook is a credential report; {SAVE_AS_CSV}")]),
    ],
)
def test_a_workbook_becomes_exactly(name: str, expected: list[Report | Summary | Refused]) -> None:
    assert list(map(outcome, read(workbook(name)))) == expected


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    for name, content in (("report.xls", CLEAN.encode()), ("report.csv", workbook("clean"))):
        (tmp_path / name).write_bytes(content)
    results = list(read_evidence([str(tmp_path)], account_ids=(), stdin=BytesIO()))
    assert list(map(outcome, results)) == [Report("NO_KEY NO_KEY")] * 2


def test_damage_is_told_and_never_hides_a_key() -> None:
    """Whatever is read of damaged bytes as a report still shows the key, or what is unread."""
    whole = workbook("active")
    refused = 0
    for seed in range(400):
        draw = Random(seed)  # noqa: S311  it draws damage
        damaged = bytearray(whole)
        for _ in range(draw.choice([1, 2, 5, 20])):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        for result in read(bytes(damaged[: draw.randrange(len(damaged)) if seed % 5 == 0 else len(damaged)])):
            if isinstance(result, RejectedInput):
                refused += 1
                continue
            assert isinstance(result, FileEvidence)
            seen = outcome(result)
            assert isinstance(seen, Report)
            assert seen.slots != "NO_KEY NO_KEY", seed
    assert refused > 200


@pytest.mark.parametrize("size", [8, 512, 600, 4096])
def test_a_workbook_that_is_cut_off_is_refused(size: int) -> None:
    assert list(map(outcome, read(workbook("clean")[:size]))) == [Refused(None, BROKEN)]
