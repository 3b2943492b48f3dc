"""A credential report that was saved as an Excel workbook (.xlsx); needs the extra ``xlsx``."""

import datetime as dt
import io
import zipfile
from typing import Final

from rootsweep.documents.credential_report import RootRow, columns_of, read_credential_report
from rootsweep.errors import InputRefusedError

UNPACKED_BYTES: Final = 128 * 1024 * 1024

_SAVE_AS_CSV: Final = "save the sheet that holds the report as CSV and give that"

_Cell = float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def is_workbook(data: bytes) -> bool:
    """Tell whether a zip archive is an Excel workbook; False also when the archive is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def read_workbook(data: bytes) -> RootRow:
    """Read the only sheet that is a credential report.

    Raises ``InputRefusedError`` without the extra, for a broken workbook, and when no sheet or several are a report.
    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum  # noqa: PLC0415  an optional extra
    except ImportError as error:
        raise InputRefusedError(
            "reading .xlsx needs an extra that is not installed", "pip install 'rootsweep[xlsx]'"
        ) from error
    _refuse_bomb(data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            workbook.get_sheet_by_name(sheet.name) for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet
        ]
        reports = [sheet for sheet in sheets if columns_of(tuple(map(_text, next(sheet.iter_rows(), [])))).are_a_report]
    except (CalamineError, ValueError) as error:
        raise InputRefusedError("this Excel workbook is broken or protected by a password", _SAVE_AS_CSV) from error
    if len(reports) != 1:
        count = "no sheet" if not reports else "more than one sheet"
        raise InputRefusedError(f"{count} of this Excel workbook is a credential report", _SAVE_AS_CSV)
    [sheet] = reports
    first_row = sheet.start[0] + 1 if sheet.start else 1
    rows = ((number, [_text(cell) for cell in row]) for number, row in enumerate(sheet.iter_rows(), start=first_row))
    return read_credential_report(rows, generated_at=None)


def _refuse_bomb(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > UNPACKED_BYTES:
            raise InputRefusedError("this Excel workbook unpacks to more than 128 MiB", _SAVE_AS_CSV)


def _text(cell: _Cell) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case str():
            return cell
        case _:
            return str(cell)
