"""The closing report as a page: what mentors, participants and the association gained (promise B6)."""

from collections.abc import Mapping
from datetime import date

from domain.calendar import months_after
from domain.report import SMALLEST_CELL
from schemas.cohort import CohortSettings
from schemas.report import Report
from web.documents import document


def report_page(report: Report, settings: CohortSettings) -> str:
    """Return a cohort's closing report as one HTML page that needs nothing but itself."""
    return document("report.html", settings, **report_words(report, settings))


def report_words(report: Report, settings: CohortSettings) -> Mapping[str, object]:
    """Return what report_figures.html needs to know, for whichever page includes it."""
    return {
        "report": report,
        "window_ends": {window.number: _end_of_window(window.number, settings) for window in report.windows},
        "ends_on": months_after(settings.kickoff, settings.timeline.months),
        "smallest_cell": SMALLEST_CELL,
    }


def _end_of_window(number: int, settings: CohortSettings) -> date:
    return months_after(settings.kickoff, number * settings.timeline.check_in_every_months)
