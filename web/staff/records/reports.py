"""What a class gained, with charts: the closing report or an interim one, and the same as files. Figures only."""

import asyncio
from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from schemas.enums import StaffAccess
from services.reports import CohortReport, closing_report, newest_report, report_of_today
from web.documents.report import report_page, report_pdf
from web.documents.report_csv import figures_csv, figures_workbook
from web.documents.report_document import report_document
from web.staff.console import CLASS, Console, StaffVisit
from web.staff.downloads import download

REPORTS = f"{CLASS}/reports"
INTERIM, CLOSING = "interim", "closing"

_FORMATS: dict[str, tuple[str, Callable[[CohortReport], bytes]]] = {
    "pdf": ("application/pdf", lambda found: report_pdf(found.report, found.settings)),
    "csv": ("text/csv", lambda found: figures_csv(found.report)),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda found: figures_workbook(found.report),
    ),
    "html": ("text/html", lambda found: report_page(found.report, found.settings).encode()),
}


class ReportPages:
    """Shows the reports of a class, and hands them out as files."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        needed = StaffAccess.READER
        return [
            self._console.route(REPORTS, self.show, name="staff_reports", needed=needed),
            self._console.route(f"{REPORTS}/{{file}}", self.hand_out, name="staff_report_file", needed=needed),
        ]

    async def show(self, visit: StaffVisit) -> Response:
        """Show the closing report, or before it is written an interim one of today."""
        asked = INTERIM in visit.request.query_params
        found = await (report_of_today if asked else newest_report)(visit.services, visit.cohort)
        return await self._console.show(
            visit,
            "staff_reports.html",
            document=report_document(found.report, found.settings),
            kind=INTERIM if found.report.interim_on else CLOSING,
            asked=asked,
            base=visit.path(REPORTS),
            formats=sorted(_FORMATS),
        )

    async def hand_out(self, visit: StaffVisit) -> Response:
        """Return a report as a file, such as ``interim.pdf``."""
        kind, _, extension = visit.params["file"].partition(".")
        if kind not in {INTERIM, CLOSING} or extension not in _FORMATS:
            return self._console.pages.not_found()
        media_type, make = _FORMATS[extension]
        # To set a PDF takes a second of a processor; other pages go on meanwhile.
        content = await asyncio.to_thread(make, await _report(visit, kind))
        return download(f"{visit.cohort.id}-{kind}-report.{extension}", content, media_type)


async def _report(visit: StaffVisit, kind: str) -> CohortReport:
    if kind == INTERIM:
        return await report_of_today(visit.services, visit.cohort)
    return await closing_report(visit.services, visit.cohort.id)
