"""A credential report that was saved as an Excel workbook (.xlsx); needs the extra ``xlsx``."""

import datetime as dt
import io
from collections.abc import Iterator

from rootsweep.documents.credential_report import RootRow, columns_of, read_credential_report
from rootsweep.errors import InputRefusedError
from rootsweep.sources.files.workbook_archive import SAVE_AS_CSV, refuse_oversized

_Cell = float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def read_workbook(data: bytes) -> RootRow:
    """Read the only sheet that is a credential report.

    Raises ``InputRefusedError`` without the extra, for a broken workbook, and when no sheet or several are a report.
    """
    refuse_oversized(data)
    reports = [rows for rows in _sheets(data) if _is_report(rows)]
    if len(reports) != 1:
        count = "no sheet" if not reports else "more than one sheet"
        raise InputRefusedError(f"{count} of this Excel workbook is a credential report", SAVE_AS_CSV)
    return read_credential_report(_numbered_rows(reports[0]), generated_at=None)


def _sheets(data: bytes) -> list[list[list[_Cell]]]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum  # noqa: PLC0415  an optional extra
    except ImportError as error:
        raise InputRefusedError(
            "reading .xlsx needs an extra that is not installed", "pip install 'rootsweep[xlsx]'"
        ) from error
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        return [workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in sheets]
    except (CalamineError, ValueError) as error:
        raise InputRefusedError("this Excel workbook is broken or protected by a password", SAVE_AS_CSV) from error


def _is_report(rows: list[list[_Cell]]) -> bool:
    first = next((row for _, row in _numbered_rows(rows) if any(row)), [])
    return columns_of(tuple(first)).are_a_report


def _numbered_rows(rows: list[list[_Cell]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, start=1):
        yield number, [_text(cell) for cell in row]


def _text(cell: _Cell) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case str():
            return cell
        case dt.datetime():
            # Excel knows no time zone; every time in a credential report is UTC (IAM User Guide, "Get credential reports").
            return f"{cell.isoformat()}Z"
        case _:
            return str(cell)
