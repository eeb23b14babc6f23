"""What an import would do, row by row: cells that cannot be used are corrected here, or downloaded with the reasons."""

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.applications.csv.columns import JOIN_SEPARATOR
from domain.applications.csv.parsed_file import ParsedFile, ParsedRow
from domain.applications.import_comparison import ImportComparison, refused_rows
from schemas.applications.imports import ImportResult
from schemas.base import FrozenModel
from schemas.enums import Side, StaffAccess
from schemas.errors import BadInput, Refusal
from services.applications.imports import count_rows, preview_import
from services.applications.uploads import correct, kept_uploads, sheets_of
from web.form import read_form
from web.staff.console import Console, StaffVisit
from web.staff.downloads import csv_file
from web.staff.imports.upload_page import FILES, IMPORT, MAPPING, ROWS

# More would make a page that nobody reads; the rest is in the file to download.
MOST_ROWS = 100


class CellField(FrozenModel):
    """A cell that may be corrected; its ``name`` has the side, the row and the place."""

    name: str
    heading: str
    words: str


class RefusedLine(FrozenModel):
    """A row that cannot be used: why, and the cells that it is about; its ``name`` has the side and the row."""

    name: str
    title: str
    problems: tuple[str, ...]
    cells: tuple[CellField, ...]


class RowsPage:
    """Shows the rows, keeps corrections, and sends the bad ones as a file."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        route, needed = self._console.route, StaffAccess.COORDINATOR
        return [
            route(ROWS, self.show, name="staff_import_rows", needed=needed),
            route(ROWS, self.correct, name="staff_import_rows_sent", needed=needed, method="POST"),
            route(f"{IMPORT}/bad-rows/{{side}}", self.bad_rows, name="staff_import_bad_rows", needed=needed),
        ]

    async def show(self, visit: StaffVisit) -> Response:
        """Show what would be added and changed, and what is wrong."""
        uploads = await kept_uploads(visit.services, visit.member, visit.cohort.id)
        try:
            sheets = await sheets_of(uploads)
            result, comparison = await preview_import(visit.services, visit.cohort.id, sheets)
        except BadInput as bad:
            return await self._show(visit, problem=str(bad))
        return await self._show(visit, result=result, comparison=comparison, sheets=sheets)

    async def correct(self, visit: StaffVisit) -> Response:
        """Keep the corrected cells, and show the rows again."""
        uploads = await kept_uploads(visit.services, visit.member, visit.cohort.id)
        posted = read_form(visit.request, ())
        for side, upload in uploads.items():
            if corrections := dict(_corrections(side, posted)):
                await correct(visit.services, visit.member, visit.cohort.id, upload, corrections)
        return RedirectResponse(visit.path(ROWS), status_code=303)

    async def bad_rows(self, visit: StaffVisit) -> Response:
        """Send a file with the rows that cannot be used, and why."""
        side = next((side for side in Side if side == visit.params["side"]), None)
        sheets = await sheets_of(await kept_uploads(visit.services, visit.member, visit.cohort.id))
        _, comparison = await preview_import(visit.services, visit.cohort.id, sheets)
        if side is None or not comparison.refused.get(side):
            raise Refusal("No row of this file is refused.")
        header, rows = refused_rows(sheets[side], comparison.refused[side])
        return csv_file(f"{visit.cohort.id}-bad-{side}s.csv", [header, *rows])

    async def _show(
        self,
        visit: StaffVisit,
        *,
        problem: str = "",
        result: ImportResult | None = None,
        comparison: ImportComparison | None = None,
        sheets: Mapping[Side, ParsedFile[Any]] | None = None,
    ) -> Response:
        lines = list(_lines(sheets, comparison)) if sheets and comparison else []
        return await self._console.show(
            visit,
            "staff_import_rows.html",
            problem=problem,
            result=result,
            counts=count_rows(result) if result else {},
            notes=comparison.notes if comparison else (),
            lines=lines[:MOST_ROWS],
            more=max(0, len(lines) - MOST_ROWS),
            bad_files=[(FILES[side], side) for side in Side if comparison and comparison.refused.get(side)],
            mapped=visit.path(MAPPING),
            base=visit.path(IMPORT),
        )


def _lines(sheets: Mapping[Side, ParsedFile[Any]], comparison: ImportComparison) -> Iterator[RefusedLine]:
    for side, refused in comparison.refused.items():
        for line in refused:
            yield RefusedLine(
                name=f"{side}.{line.row.number}",
                title=f"{sheets[side].file}, row {line.row.number}",
                problems=tuple(dict.fromkeys(_sentence(problem.column, problem.message) for problem in line.problems)),
                cells=tuple(_cells(side, sheets[side], line)),
            )


def _sentence(column: str | None, message: str) -> str:
    return f"{column}: {message}." if column else f"{message}."


def _cells(side: Side, sheet: ParsedFile[Any], line: ParsedRow[Any]) -> Iterator[CellField]:
    if len(line.row.cells) != len(sheet.header):
        return
    named = {part.strip() for problem in line.problems for part in (problem.column or "").split(JOIN_SEPARATOR)}
    for place, heading in enumerate(sheet.header):
        if heading.strip() in named:
            yield CellField(name=f"{side}.{line.row.number}.{place}", heading=heading, words=line.row.cells[place])


def _corrections(side: Side, posted: Mapping[str, str]) -> Iterator[tuple[tuple[int, int], str]]:
    for name, words in posted.items():
        start, row, place = (*name.split("."), "", "")[:3]
        if start == side and row.isdecimal() and place.isdecimal() and len(row + place) < 12:
            yield (int(row), int(place)), words
