"""The zip archive that an Excel workbook is, measured before a reader lays its sheets out in memory.

A sheet is laid out from its first to its last cell: one stray cell in the last row and column of a sheet of a few kilobytes
takes half a terabyte, and the process ends without a word.
"""

import io
import lzma
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from rootsweep.errors import InputRefusedError

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
    """Tell whether a zip archive is an Excel workbook; False also when the archive is broken."""
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
