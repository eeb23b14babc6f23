"""A workbook that we write, as another program reads it."""

import zipfile
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from web.documents.workbook import Cell, workbook


@pytest.mark.parametrize("cell", ["=1+1", '<b> & "c"', "ü 漢", 7, 2.5, -0.125, "", "two\nlines\x00"])
def test_cell_is_read_as_it_was_written(cell: Cell) -> None:
    ((read, _),) = (
        CalamineWorkbook.from_filelike(BytesIO(workbook("A & B", [(cell, "end")]))).get_sheet_by_index(0).to_python()
    )
    assert read == (cell if cell != "two\nlines\x00" else "two lines")


def test_missing_figure_is_an_empty_cell() -> None:
    rows: list[tuple[Cell, ...]] = [("n", "value"), (3, None), (4, 1.5)]
    book = CalamineWorkbook.from_filelike(BytesIO(workbook("Figures", rows)))
    assert book.sheet_names == ["Figures"]
    assert book.get_sheet_by_index(0).to_python() == [["n", "value"], [3, ""], [4, 1.5]]


def test_file_says_nothing_of_when_it_was_written() -> None:
    parts = zipfile.ZipFile(BytesIO(workbook("Figures", [("n", "value")]))).infolist()
    assert {part.date_time for part in parts} == {(1980, 1, 1, 0, 0, 0)}
    assert not [part.filename for part in parts if part.filename.startswith("docProps/")]
