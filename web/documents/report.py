"""A cohort's report as a page and as a PDF; both render the same document and say the same, word for word."""

import json

from domain.calendar import months_after
from domain.safe_text import one_line
from schemas.cohort.settings import CohortSettings
from schemas.report.figures import Report
from web.documents.files import render_page
from web.documents.report_document import report_document, report_kind
from web.documents.typesetting import typeset


def report_page(report: Report, settings: CohortSettings) -> str:
    """Return a cohort's report as one HTML page that needs nothing but itself; an interim one says so on each sheet."""
    return render_page("report.html", settings, kind=report_kind(report), document=report_document(report, settings))


def report_pdf(report: Report, settings: CohortSettings) -> bytes:
    """Return a cohort's report as a PDF for screen readers too; the same report gives the same bytes."""
    content = report_document(report, settings)
    inputs = {
        "title": one_line(content.title),
        "association": one_line(settings.program.association),
        "program": one_line(f"{settings.program.name}, {settings.title}"),
        "contact": one_line(f"Questions? Ask the {settings.contact.role}: {settings.contact.email}"),
        "notice": content.notice,
        "blocks": json.dumps(
            [block.model_dump(mode="json") for section in content.sections for block in section.blocks]
        ),
    }
    # The time in the file is a date of the cohort, not of now: the same report gives the same bytes.
    dated = report.interim_on or months_after(settings.kickoff_day, settings.timeline.months)
    return typeset("report.typ", inputs, dated)
