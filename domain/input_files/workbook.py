"""Read a workbook (Excel or LibreOffice) as rows of text, as its cells would stand in a CSV file."""

import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from schemas.errors import BadInput, Problem

_MAX_BYTES = 50_000_000
# The reader keeps a place for every cell up to the last one, so two cells in far corners would fill any memory.
_MAX_CELLS = 500_000
# Sheets of LibreOffice and of Excel's binary kind: in these, one number says how often a cell is repeated.
_OTHER_KINDS = frozenset({"content.xml", "xl/workbook.bin"})
_PACKED, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# A cell of a sheet whose value is an error: the reader would take it for empty, which nobody could see.
_ERROR_CELL = re.compile(rb"(<c\b[^<>]*?\st=)([\"'])e\2")
_PLACE = re.compile(r"([A-Za-z]{1,6})([0-9]{1,9})")
_OLD_FORMAT = "is a workbook of an old kind; open it and save it as .xlsx or as “CSV UTF-8”"
_OTHER_FORMAT = "is a workbook of another kind; open it and save it as .xlsx or as “CSV UTF-8”"
_UNREADABLE = "is a workbook that cannot be opened, or a packed file; save it again as .xlsx or as “CSV UTF-8”"
_TOO_LARGE = "is far too large for a list of people; check that the right file was saved"
_SPREAD_OUT = "has something as far down as row {row} and as far right as column {column}; delete what is no answer"
_SEVERAL = "has more than one sheet with something in it ({names}); keep one, or save the right one as “CSV UTF-8”"
_NOTHING = "is empty; check that the right file was saved"

# All that damaged, encrypted or oddly packed files raise, by the reader, by zipfile and by the XML parser.
_DAMAGED = (
    CalamineError,
    OSError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    expat.ExpatError,
)

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
        sheets = _filled_sheets(CalamineWorkbook.from_filelike(BytesIO(_repacked(file_name, content))))
    except _DAMAGED:
        raise BadInput([Problem(file_name, _UNREADABLE)]) from None
    if not sheets:
        raise BadInput([Problem(file_name, _NOTHING)])
    if len(sheets) > 1:
        raise BadInput([Problem(file_name, _SEVERAL.format(names=", ".join(sheets)))])
    return [[_text(cell) for cell in row] for row in next(iter(sheets.values()))]


def _repacked(file_name: str, content: bytes) -> bytes:
    """Return a workbook whose errors, such as #REF!, are text; refuse one that would fill the memory when read.

    It is packed anew, so that the reader sees the parts that were looked at here, in the sizes that they have.
    """
    packed = zipfile.ZipFile(BytesIO(content))
    if sum(part.file_size for part in packed.infolist()) > _MAX_BYTES:
        raise BadInput([Problem(file_name, _TOO_LARGE)])
    parts = {name: packed.read(name) for name in packed.namelist()}
    if not _OTHER_KINDS.isdisjoint(name.replace("\\", "/").lower() for name in parts):
        raise BadInput([Problem(file_name, _OTHER_FORMAT)])
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as changed:
        for name, part in parts.items():
            is_sheet = b"sheetData" in part
            if is_sheet:
                _check_extent(file_name, part)
            changed.writestr(name, _ERROR_CELL.sub(rb"\1\2str\2", part) if is_sheet else part)
    return written.getvalue()


def _check_extent(file_name: str, sheet: bytes) -> None:
    """Raise BadInput where the cells of a sheet with something in them are so far apart that it cannot be read."""
    row = column = last_row = last_column = 0

    def begin(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal row, column, last_row, last_column
        element, place = name.rpartition(":")[2], attributes.get("r", "")
        if element == "row":
            row, column = int(place or row + 1), 0
        elif element == "c":
            row, column = _place(place) if place else (row, column + 1)
        elif element in {"v", "is"}:
            last_row, last_column = max(last_row, row), max(last_column, column)
            if last_row * last_column > _MAX_CELLS:
                raise BadInput([Problem(file_name, _SPREAD_OUT.format(row=last_row, column=last_column))])

    # The reader takes every part for UTF-8, too, whatever it says of itself.
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = begin
    parser.Parse(sheet, True)


def _place(reference: str) -> tuple[int, int]:
    """Return row and column, from 1 on, of a cell such as AB12; raises ValueError where it is none."""
    found = _PLACE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    column = 0
    for letter in found[1].upper():
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(found[2]), column


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
