"""A credential report saved as a workbook of an old Excel (.xls); needs the extra ``xlsx``.

The Rust library that reads .xlsx ends the process on damaged bytes of this format, so that another one reads it.
"""

import io
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from rootsweep.auditing.sources.files.workbook import INSTALL, SAVE_AS_CSV, read_sheets, text_of_time
from rootsweep.core.parsing.credential_report import RootRow
from rootsweep.errors import InputRefusedError

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet

# What xlrd raises on damaged bytes beside errors of its own.
_BROKEN: Final = (struct.error, AssertionError, IndexError, KeyError, LookupError, MemoryError, OverflowError, ValueError)


def read_old_workbook(data: bytes) -> tuple[RootRow, ...]:
    """Read the only sheet that is a credential report.

    Raises ``InputRefusedError`` without the extra, for another document of an old Office, a broken workbook or one behind a
    password, and when no sheet or several are a report.
    """
    try:
        import xlrd  # noqa: PLC0415  an optional extra
        from xlrd.biffh import XLRDError  # noqa: PLC0415  the same
        from xlrd.compdoc import CompDocError  # noqa: PLC0415  the same
    except ImportError as error:
        raise InputRefusedError("reading .xls needs an extra that is not installed", INSTALL) from error
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), ragged_rows=True)
        sheets = [list(_rows(sheet, book)) for sheet in book.sheets()]
    except XLRDError as error:
        if "find workbook" in str(error):
            raise InputRefusedError("this is a document of an old Office, but no Excel workbook", SAVE_AS_CSV) from error
        raise InputRefusedError("this Excel workbook is broken or protected by a password", SAVE_AS_CSV) from error
    except (CompDocError, *_BROKEN) as error:
        raise InputRefusedError("this Excel workbook is broken or protected by a password", SAVE_AS_CSV) from error
    return read_sheets(sheets)


def _rows(sheet: "Sheet", book: "Book") -> Iterator[list[str]]:
    """Return the rows as texts, all as wide as the first that holds something."""
    width = next((sheet.row_len(number) for number in range(sheet.nrows) if sheet.row_len(number)), 0)
    for number in range(sheet.nrows):
        texts = [_text(cell.ctype, cell.value, book) for cell in sheet.row(number)]
        yield texts + [""] * (width - len(texts))


def _text(kind: int, value: Any, book: "Book") -> str:
    from xlrd import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_NUMBER, XL_CELL_TEXT, xldate_as_datetime  # noqa: PLC0415  the same

    if kind == XL_CELL_BOOLEAN:
        return "true" if value else "false"
    if kind == XL_CELL_DATE:
        return text_of_time(xldate_as_datetime(value, book.datemode))
    return str(value) if kind in {XL_CELL_TEXT, XL_CELL_NUMBER} else ""
