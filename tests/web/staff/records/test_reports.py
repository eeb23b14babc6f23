"""Reports on a page: an interim one until the closing report is written, and as files, for readers too."""

import csv
import io
from collections.abc import Awaitable, Callable

import httpx
import pytest
from python_calamine import CalamineWorkbook

from tests.web.staff.conftest import READER, SignIn
from tests.web.staff.pages import words

Ask = Callable[[httpx.AsyncClient, str], Awaitable[str | None]]
REPORTS = "/staff/classes/mile-2019/reports"


async def test_reader_sees_an_interim_report_before_the_closing_one_is_written(
    client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    await sign_in(client, READER)
    page = words(await client.get(REPORTS))
    assert "The closing report is written when the last closure survey has closed." in page
    assert "Interim report: 2019 Mentorship Program" in page
    assert "1 mentorship began on Friday, May 10, 2019" in page
    # Figures only: a reader learns nobody's name.
    assert "Person M" not in page


@pytest.mark.parametrize(
    ("file", "media_type", "begins"),
    [
        ("interim.pdf", "application/pdf", b"%PDF-"),
        ("interim.csv", "text/csv", b"\xef\xbb\xbfpart,"),
        ("interim.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("interim.html", "text/html", b"<!DOCTYPE html>"),
    ],
)
async def test_report_comes_as_a_file(
    client: httpx.AsyncClient, sign_in: SignIn, file: str, media_type: str, begins: bytes
) -> None:
    await sign_in(client, READER)
    answer = await client.get(f"{REPORTS}/{file}")
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["content-disposition"].startswith('attachment; filename="mile-2019-interim-report.')
    assert answer.content.startswith(begins)


async def test_workbook_has_the_figures_of_the_table(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, READER)
    content = (await client.get(f"{REPORTS}/interim.csv")).content.decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(content)))
    book = CalamineWorkbook.from_filelike(io.BytesIO((await client.get(f"{REPORTS}/interim.xlsx")).content))
    sheet = book.get_sheet_by_name("Figures").to_python()
    assert len(table) > 10
    assert [[f"{cell:g}" if isinstance(cell, float) else cell for cell in row] for row in sheet] == table


@pytest.mark.parametrize("file", ["closing.pdf", "interim.exe", "interim", "else.pdf"])
async def test_file_that_is_not_there_is_none(client: httpx.AsyncClient, sign_in: SignIn, file: str) -> None:
    await sign_in(client, READER)
    assert (await client.get(f"{REPORTS}/{file}")).status_code == (409 if file == "closing.pdf" else 404)
