"""The report on paper: a PDF for screen readers too, which says what the report's page says, word for word."""

import json
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path

import typst

from domain.calendar import months_after
from domain.safe_text import one_line
from schemas.cohort.settings import CohortSettings
from schemas.report.figures import Report
from web.documents.page_blocks import blocks
from web.documents.report import interim_words, report_page

TEMPLATE = Path(__file__).parents[1] / "templates" / "report.typ"


def report_pdf(report: Report, settings: CohortSettings) -> bytes:
    """Set a cohort's report as a PDF; the same report gives the same bytes.

    It is tagged to PDF/UA-1 with fonts of its own. A quote in a script they lack is set with a font of this machine; if
    none has it either, the standard, which forbids missing letters, is given up rather than the report.
    """
    words = _words(report, settings)
    dated = datetime.combine(report.interim_on or months_after(settings.kickoff, settings.timeline.months), time(), UTC)
    for own_fonts in (True, False):
        try:
            return _set(words, dated, own_fonts=own_fonts, accessible=True)
        except typst.TypstError:
            continue
    return _set(words, dated, own_fonts=False, accessible=False)


def _set(words: dict[str, str], dated: datetime, *, own_fonts: bool, accessible: bool) -> bytes:
    return typst.compile(
        _template(),
        sys_inputs=words,
        pdf_standards="ua-1" if accessible else None,
        ignore_system_fonts=own_fonts,
        timestamp=dated,
    )


def _words(report: Report, settings: CohortSettings) -> dict[str, str]:
    kind = "Interim report" if report.interim_on else "Closing report"
    return {
        "title": one_line(f"{kind}: {settings.title}"),
        "association": one_line(settings.program.association),
        "program": one_line(f"{settings.program.name}, {settings.title}"),
        "contact": one_line(f"Questions? Ask the {settings.contact.role}: {settings.contact.email}"),
        "interim": interim_words(report, settings.locale),
        "blocks": json.dumps(blocks(report_page(report, settings))),
    }


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()
