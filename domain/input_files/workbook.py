"""Read a workbook (Excel or LibreOffice) as rows of text, as its cells would stand in a CSV file."""

import re
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from schemas.errors import BadInput, Problem

_MAX_BYTES = 50_000_000
_PACKED, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# A cell of a sheet whose value is an error: the reader would take it for empty, which nobody could see.
_ERROR_CELL = re.compile(rb"(<c\b[^>]*?\st=)([\"'])e\2")
_OLD_FORMAT = "is a workbook of an old kind; open it and save it as .xlsx or as “CSV UTF-8”"
_UNREADABLE = "is a workbook that cannot be opened, or a packed file; save it again as .xlsx or as “CSV UTF-8”"
_TOO_LARGE = "is far too large for a list of people; check that the right file was saved"
_SEVERAL = "has more than one sheet with something in it ({names}); keep one, or save the right one as “CSV UTF-8”"
_NOTHING = "is empty; check that the right file was saved"

Cell = int | float | str | bool | time | date | datetime | timedelta


def is_workbook(content: bytes) -> bool:
    """Tell whether a file is a workbook, or at least no text."""
    return content.startswith((_PACKED, _OLD))


def read_workbook(file_name: str, content: bytes) -> list[list[str]]:
    """Return the rows of a workbook's one filled sheet, from its first row and column on.

    Raises:
        BadInput: it cannot be opened, is empty, or has several sheets with something in them.
    """
    if content.startswith(_OLD):
        raise BadInput([Problem(file_name, _OLD_FORMAT)])
    try:
        readable = _with_errors_as_text(file_name, content)
        sheets = _filled_sheets(CalamineWorkbook.from_filelike(BytesIO(readable)))
    # All that damaged, encrypted or oddly packed files raise, by the reader and by zipfile.
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        raise BadInput([Problem(file_name, _UNREADABLE)]) from None
    if not sheets:
        raise BadInput([Problem(file_name, _NOTHING)])
    if len(sheets) > 1:
        raise BadInput([Problem(file_name, _SEVERAL.format(names=", ".join(sheets)))])
    return [[_text(cell) for cell in row] for row in next(iter(sheets.values()))]


def _with_errors_as_text(file_name: str, content: bytes) -> bytes:
    """Return a workbook whose errors, such as #REF!, are text; refuse one that would fill the memory when unpacked."""
    packed = zipfile.ZipFile(BytesIO(content))
    if sum(part.file_size for part in packed.infolist()) > _MAX_BYTES:
        raise BadInput([Problem(file_name, _TOO_LARGE)])
    parts = {name: packed.read(name) for name in packed.namelist()}
    if not any(_ERROR_CELL.search(part) for name, part in parts.items() if "/worksheets/" in name):
        return content
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as changed:
        for name, part in parts.items():
            changed.writestr(name, _ERROR_CELL.sub(rb"\1\2str\2", part) if "/worksheets/" in name else part)
    return written.getvalue()


def _filled_sheets(workbook: CalamineWorkbook) -> dict[str, list[list[Cell]]]:
    """Return the visible sheets that have something in them; a chart is none."""
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    rows = {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in visible}
    return {name: cells for name, cells in rows.items() if any(cell != "" for row in cells for cell in row)}


def _text(cell: Cell) -> str:
    """Return a cell as people see it: whole numbers without a point, days without a midnight."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return str(cell.date() if cell.time() == time() else cell)
    return str(cell).replace("\r\n", "\n").replace("\r", "\n")
