"""Credential reports in Excel workbooks."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rootsweep.auditing.sources.files import FileEvidence, read_evidence
from rootsweep.core.evidence import CredentialReport, Observed, SlotState
from tests.auditing.sources.files.saved_files import ACTIVE, HEADER, INACTIVE, Refused, Report, outcome, read, root, user

SPREADSHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES: Final = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
MAIN_PART: Final = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
SAVE_AS_CSV: Final = "save the sheet that holds the report as CSV and give that"
TOO_LARGE: Final = Refused(None, f"this Excel workbook is too large: it spans more than four million cells; {SAVE_AS_CSV}")
BROKEN: Final = Refused(None, f"this Excel workbook is broken or protected by a password; {SAVE_AS_CSV}")

SECOND_STYLE_IS_A_DATE: Final = (
    f'<styleSheet xmlns="{SPREADSHEET}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>'
)
EXCEL_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001  Excel knows no time zone

Sheet = Sequence[Sequence[str | bool | datetime]]


def cell(value: str | bool | datetime) -> str:
    if isinstance(value, datetime):
        return f'<c s="1"><v>{(value - EXCEL_EPOCH) / timedelta(days=1)!r}</v></c>'
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def sheet_xml(rows: Sheet, first_row: int = 1) -> str:
    body = "".join(f'<row r="{number}">{"".join(map(cell, row))}</row>' for number, row in enumerate(rows, first_row))
    return f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{body}</sheetData></worksheet>'


def workbook(*sheets: str) -> bytes:
    numbers = range(1, len(sheets) + 1)
    names = "".join(f'<sheet name="Sheet{number}" sheetId="{number}" r:id="rId{number}"/>' for number in numbers)
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    links += f'<Relationship Id="rIdStyles" Type="{OFFICE}/styles" Target="styles.xml"/>'
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", CONTENT_TYPES)
        file.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}">{MAIN_PART}</Relationships>')
        file.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>'
        )
        file.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>')
        file.writestr("xl/styles.xml", SECOND_STYLE_IS_A_DATE)
        for number, sheet in zip(numbers, sheets, strict=True):
            file.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
    return archive.getvalue()


REPORT: Final = sheet_xml([HEADER, user("alice"), root(**ACTIVE)])
KEYED: Final = workbook(sheet_xml([HEADER, root(**INACTIVE)]))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (workbook(REPORT), Report("ACTIVE NO_KEY", line=3)),
        (workbook(sheet_xml([HEADER, root(**INACTIVE)], first_row=4)), Report("INACTIVE NO_KEY", line=5)),
        (workbook(sheet_xml([["Notes"]]), sheet_xml([]), REPORT), Report("ACTIVE NO_KEY", line=3)),
        (workbook(sheet_xml([HEADER, [True if text == "true" else text for text in root(**ACTIVE)]])), Report("ACTIVE NO_KEY")),
        (
            workbook(sheet_xml([HEADER, root(access_key_1_active="false", access_key_1_last_rotated="2019-05-06 07:08:09")])),
            Report("UNREAD NO_KEY"),
        ),
    ],
    ids=["plain", "rows above the header", "other sheets", "booleans", "a date that Excel rewrote"],
)
def test_the_report_is_read(data: bytes, expected: Report) -> None:
    assert list(map(outcome, read(data))) == [expected]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (workbook(), Refused(None, f"no sheet of this Excel workbook is a credential report; {SAVE_AS_CSV}")),
        (workbook(sheet_xml([["x"]])), Refused(None, f"no sheet of this Excel workbook is a credential report; {SAVE_AS_CSV}")),
        (
            workbook(REPORT, REPORT),
            Refused(None, f"more than one sheet of this Excel workbook is a credential report; {SAVE_AS_CSV}"),
        ),
        (
            workbook(sheet_xml([HEADER, user("alice")])),
            Refused(
                None,
                "no <root_account> row in this credential report; download the report again and keep the file as AWS wrote it",
            ),
        ),
        (workbook("<worksheet><sheetData>"), BROKEN),
        (workbook(REPORT)[:-40] + b"\0" * 18 + workbook(REPORT)[-22:], BROKEN),
    ],
    ids=["no sheets", "no report", "two reports", "no root row", "broken sheet", "damaged directory"],
)
def test_other_workbooks_are_refused(data: bytes, expected: Refused) -> None:
    assert list(map(outcome, read(data))) == [expected]


@pytest.mark.parametrize(
    "sheet",
    [
        REPORT.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576" t="b"><v>1</v></c></row></sheetData>'),
        REPORT.replace("</sheetData>", '<row r="400000"><c t="b"><v>1</v></c></row></sheetData>'),
        f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{"<row/>" * 150_000}<row>{"<c/>" * 30}</row></sheetData></worksheet>',
    ],
    ids=["a stray last cell", "a stray late row", "rows and cells without names"],
)
def test_a_sheet_that_would_fill_the_memory_is_refused(sheet: str) -> None:
    assert list(map(outcome, read(workbook(sheet)))) == [TOO_LARGE]


def test_a_workbook_that_unpacks_to_much_is_refused() -> None:
    assert list(map(outcome, read(workbook(REPORT + " " * 129 * 1024 * 1024)))) == [TOO_LARGE]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(KEYED) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_damage_never_hides_the_key(changes: list[tuple[int, int]]) -> None:
    data = bytearray(KEYED)
    for position, byte in changes:
        data[position] = byte
    [result] = map(outcome, read(bytes(data)))
    assert isinstance(result, Refused) or (isinstance(result, Report) and not result.slots.startswith("NO_KEY"))


def test_without_the_extra_one_sentence_says_how_to_install_it() -> None:
    code = f"""
import io, sys
sys.modules["python_calamine"] = None
from rootsweep.auditing.sources.files import read_evidence
print(*read_evidence(["-"], account_ids=[], stdin=io.BytesIO({workbook(REPORT)!r})))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "reading .xlsx needs an extra that is not installed; pip install 'rootsweep[xlsx]'" in done.stdout


def test_dates_that_excel_made_its_own_are_utc() -> None:
    rotated = datetime(2018, 11, 2, 10, 40)  # noqa: DTZ001  as Excel keeps it
    row: list[str | bool | datetime] = list(root())
    row[HEADER.index("access_key_1_last_rotated")] = rotated
    (read_file,) = read_evidence(["-"], account_ids=[], stdin=io.BytesIO(workbook(sheet_xml([HEADER, row]))))
    assert isinstance(read_file, FileEvidence)
    assert isinstance(read_file.evidence, Observed)
    assert isinstance(read_file.evidence.fact, CredentialReport)
    slot = read_file.evidence.fact.slots[0]
    assert (slot.state, slot.last_rotated_at) == (SlotState.INACTIVE, rotated.replace(tzinfo=UTC))
