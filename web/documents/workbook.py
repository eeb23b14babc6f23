"""A table as a workbook (.xlsx, ECMA-376): one sheet of texts and numbers, and the same bytes each time."""

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from domain.safe_text import one_line

Cell = str | int | float | None

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The earliest moment that a ZIP archive can name.
_MADE_AT = (1980, 1, 1, 0, 0, 0)


def workbook(sheet: str, rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet; its name has at most 31 letters. A text is never taken for a formula."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in _parts(sheet, rows).items():
            packed.writestr(zipfile.ZipInfo(name, _MADE_AT), _XML + content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _parts(sheet: str, rows: Iterable[Sequence[Cell]]) -> dict[str, str]:
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name={quoteattr(sheet)} sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{_rows(rows)}</sheetData></worksheet>',
    }


def _relation(kind: str, target: str) -> str:
    relation = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{relation}</Relationships>'


def _rows(rows: Iterable[Sequence[Cell]]) -> str:
    return "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)


def _cell(cell: Cell) -> str:
    if cell is None:
        return "<c/>"
    if isinstance(cell, str):
        # XML has no place for control characters.
        return f'<c t="inlineStr"><is><t>{escape(one_line(cell))}</t></is></c>'
    return f"<c><v>{cell}</v></c>"
