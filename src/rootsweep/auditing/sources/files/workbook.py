"""A credential report saved as an Excel workbook (.xlsx), measured before it is read; needs the extra ``xlsx``."""

import datetime as dt
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from rootsweep.core.parsing.credential_report import RootRow, columns_of, read_root_rows
from rootsweep.errors import InputRefusedError

_Cell = float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def read_workbook(data: bytes) -> tuple[RootRow, ...]:
    """Read the only sheet that is a credential report.

    Raises ``InputRefusedError`` without the extra, for a broken workbook, and when no sheet or several are a report.
    """
    refuse_oversized(data)
    return read_sheets([[[_text(cell) for cell in row] for row in rows] for rows in _sheets(data)])


def read_sheets(sheets: Iterable[Sequence[Sequence[str]]]) -> tuple[RootRow, ...]:
    """Read the only sheet that is a credential report, given as rows of texts; raises ``InputRefusedError`` as above."""
    reports = [rows for rows in sheets if _is_report(rows)]
    if len(reports) != 1:
        count = "no sheet" if not reports else "more than one sheet"
        raise InputRefusedError(f"{count} of this Excel workbook is a credential report", SAVE_AS_CSV)
    return read_root_rows(enumerate(reports[0], start=1), generated_at=None)


def _sheets(data: bytes) -> list[list[list[_Cell]]]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum  # noqa: PLC0415  an optional extra
    except ImportError as error:
        raise InputRefusedError("reading .xlsx needs an extra that is not installed", INSTALL) from error
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        return [workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in sheets]
    except (CalamineError, ValueError) as error:
        raise InputRefusedError("this Excel workbook is broken or protected by a password", SAVE_AS_CSV) from error


def _is_report(rows: Sequence[Sequence[str]]) -> bool:
    first = next((row for row in rows if any(row)), [])
    return columns_of(tuple(first)).are_a_report


def _text(cell: _Cell) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case str():
            return cell
        case dt.datetime():
            return text_of_time(cell)
        case _:
            return str(cell)


def text_of_time(time: dt.datetime) -> str:
    """Return a time as AWS writes it.

    Excel knows no time zone; every time in a report is UTC (IAM User Guide, "Get credential reports").
    """
    return f"{time.isoformat()}Z"


# The zip archive that an Excel workbook is, measured before a reader lays its sheets out in memory.
#
# A sheet is laid out from its first to its last cell: one stray cell in the last row and column of a sheet of a few kilobytes
# takes half a terabyte, and the process ends without a word.

INSTALL: Final = "pip install 'rootsweep[xlsx]'"
SAVE_AS_CSV: Final = "save the sheet that holds the report as CSV and give that"
UNPACKED_BYTES: Final = 128 * 1024 * 1024
CELLS: Final = 4_000_000

# What zipfile, its decompressors and the XML parser raise on damaged bytes; RuntimeError is an encrypted member.
_BROKEN_ARCHIVE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    expat.ExpatError,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
_REFERENCE: Final = re.compile(r"([A-Z]*)(\d*)", re.ASCII | re.IGNORECASE)
_LETTERS: Final = 26
_CHUNK_BYTES: Final = 256 * 1024


@dataclass(slots=True)
class _Extent:
    """The highest row and column that a part names, and how many rows, and cells in a row, it holds without naming them."""

    row: int = 0
    column: int = 0
    rows: int = 0
    cells: int = 0
    most_cells: int = 0

    def count(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self.rows += 1
                self.cells = 0
            case "c":
                self.cells += 1
                self.most_cells = max(self.most_cells, self.cells)
            case _:
                return
        reference = _REFERENCE.match(attributes.get("r", ""))
        if reference is not None:
            self.column = max(self.column, _column_number(reference[1]))
            self.row = max(self.row, int(reference[2] or 0))

    @property
    def area(self) -> int:
        return (self.row + self.rows) * (self.column + self.most_cells)


def is_workbook(data: bytes) -> bool:
    """Return whether a zip archive is an Excel workbook; False also when the archive is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except _BROKEN_ARCHIVE:
        return False


def refuse_oversized(data: bytes) -> None:
    """Raise ``InputRefusedError`` for a workbook that unpacks to more than 128 MiB or has a sheet of more than 4 million cells.

    Raises it for a broken workbook as well.
    """
    try:
        if _is_oversized(data):
            raise InputRefusedError("this Excel workbook is too large: it spans more than four million cells", SAVE_AS_CSV)
    except _BROKEN_ARCHIVE as error:
        raise InputRefusedError("this Excel workbook is broken or protected by a password", SAVE_AS_CSV) from error


def _is_oversized(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > UNPACKED_BYTES:
            return True
        sheets = [member for member in members if member.filename.lower().lstrip("/").startswith("xl/worksheets/sheet")]
        return any(_extent(archive, sheet).area > CELLS for sheet in sheets)


def _extent(archive: zipfile.ZipFile, sheet: zipfile.ZipInfo) -> _Extent:
    extent = _Extent()
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.count
    with archive.open(sheet) as part:
        while chunk := part.read(_CHUNK_BYTES):
            parser.Parse(chunk, False)  # noqa: FBT003  the parser takes it by position only
    parser.Parse(b"", True)  # noqa: FBT003  the same
    return extent


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number
