"""The report on paper says what its page says, number for number, and can be read by a screen reader."""

from datetime import UTC, datetime
from io import BytesIO

import asyncpg
import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from schemas.cohort.settings import CohortSettings
from schemas.report.figures import Report
from tests.report.reading import Element, read
from tests.report.recount import numbers_in
from tests.report.test_recomputed import class_of
from web.documents.blocks import StackedBarChart
from web.documents.report import report_page, report_pdf
from web.documents.report_document import report_document

CLAIMS_TO_BE_ACCESSIBLE = b"<pdfuaid:part>1"


def sheets(pdf: bytes) -> list[str]:
    return [sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages]


def created_at(pdf: bytes) -> datetime | None:
    written = PdfReader(BytesIO(pdf)).metadata
    assert written
    return written.creation_date


def without_spaces(words: str) -> str:
    return "".join(words.split())


def assert_says_all(pdf: bytes, page: Element) -> None:
    """Check that every heading, sentence and row of a table stands on paper as a whole, in the page's order."""
    (main,) = page.every("main")
    body = (without_spaces(sheet).partition("MLAInstituteforLeadershipExcellence,2019")[0] for sheet in sheets(pdf))
    paper, at = "".join(body), 0
    for text in texts_of(main):
        position = paper.find(without_spaces(text), at)
        assert position >= 0, f"{text!r} is missing"
        at = position


def texts_of(main: Element) -> list[str]:
    return [element.text for element in in_order(main) if element.tag in {"h1", "h2", "h3", "p", "li", "caption", "tr"}]


def in_order(element: Element) -> list[Element]:
    inside = [one for one in element.children if isinstance(one, Element)]
    return [each for one in inside for each in (one, *in_order(one))]


@pytest.mark.parametrize("seed", [0, 4, 8, 10])
async def test_paper_says_what_the_page_says(pool: asyncpg.Pool, cohort: CohortSettings, seed: int) -> None:
    report, _ = await class_of(pool, cohort, seed)
    final = report.model_copy(update={"quotes": ()})
    pdf = report_pdf(final, cohort)
    assert_says_all(pdf, read(report_page(final, cohort)))
    words = set(" ".join(sheets(pdf)).split())
    shown = {number for number in numbers_in(final.model_dump(mode="json")).values() if number is not None}
    means = {f"{number:.2f}" for number in shown if isinstance(number, float)}
    assert {str(number) for number in shown if isinstance(number, int)} <= words
    assert all(mean in words or f"{float(mean):g}" in words for mean in means)


def test_it_is_tagged_and_has_a_title_and_a_language(report: Report, cohort: CohortSettings) -> None:
    pdf = report_pdf(report, cohort)
    assert CLAIMS_TO_BE_ACCESSIBLE in pdf
    reader = PdfReader(BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "Closing report: 2019 Mentorship Program"
    root = reader.root_object
    assert str(root["/Lang"]).startswith("en")
    assert str(root["/MarkInfo"]) == str({"/Marked": True, "/Suspects": False})
    assert "/StructTreeRoot" in root


def test_every_chart_is_described_in_the_words_of_the_page(report: Report, cohort: CohortSettings) -> None:
    charts = read(report_page(report, cohort)).every("svg", role="img")
    assert len(charts) > 5
    described = set(alternatives(PdfReader(BytesIO(report_pdf(report, cohort)))))
    assert {f"{chart.every('title')[0].text}. {chart.every('desc')[0].text}" for chart in charts} <= described


def alternatives(reader: PdfReader) -> list[str]:
    """Return the descriptions of the pictures in a PDF."""
    size = reader.trailer["/Size"]
    assert isinstance(size, int)
    objects = (reader.get_object(number) for number in range(1, size))
    return [str(one["/Alt"]) for one in objects if isinstance(one, DictionaryObject) and "/Alt" in one]


def test_every_sheet_of_an_interim_report_says_that_it_is_one(interim_report: Report, cohort: CohortSettings) -> None:
    written = sheets(report_pdf(interim_report, cohort))
    assert len(written) > 2
    assert all("Interim report of March 1, 2020: 1 mentorship still runs" in sheet for sheet in written)


def test_closing_report_never_says_interim(report: Report, cohort: CohortSettings) -> None:
    assert not any("nterim" in sheet for sheet in sheets(report_pdf(report, cohort)))


def test_the_same_report_gives_the_same_bytes(report: Report, cohort: CohortSettings) -> None:
    pdf = report_pdf(report, cohort)
    assert pdf == report_pdf(report, cohort)
    # Written within one second, two files with the time of now would be the same, too.
    assert created_at(pdf) == datetime(2020, 11, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "quote", ['#import "x.typ": *', "Tսrning \u202eletters", "Mahalo 🌺", "ᏣᎳᎩ", "\\ $x$ *b* _i_ @ref"]
)
def test_quotes_in_any_letters_are_words(report: Report, cohort: CohortSettings, quote: str) -> None:
    pdf = report_pdf(report.model_copy(update={"quotes": (quote,)}), cohort)
    assert "In their own words" in " ".join(sheets(pdf))
    if quote.isascii():
        assert without_spaces(quote) in without_spaces("".join(sheets(pdf)))


def test_report_of_nobody_is_a_sheet_too(empty_report: Report, cohort: CohortSettings) -> None:
    assert "No mentorship has begun, so there is nothing to report." in " ".join(
        sheets(report_pdf(empty_report, cohort))
    )


def test_bars_are_cut_as_on_the_page(report: Report, cohort: CohortSettings) -> None:
    sections = report_document(report, cohort).sections
    (windows,) = [block for section in sections for block in section.blocks if isinstance(block, StackedBarChart)]
    first, second, _ = windows.bars
    assert first.label == "Check-in 1, by August 10, 2019"
    assert [(segment.status, segment.count) for segment in first.segments] == [("met", 8), ("combined", 4)]
    assert [(segment.status, segment.count) for segment in second.segments] == [
        ("met", 12),
        ("planned", 0),
        ("not_yet", 0),
        ("unanswered", 0),
    ]
    (chart,) = [
        chart
        for chart in read(report_page(report, cohort)).every("svg", role="img")
        if chart.every("title")[0].text == windows.title
    ]
    drawn = [(rect.attributes["class"], rect.attributes["width"]) for rect in chart.every("rect")]
    assert drawn[:3] == [("met", "66.67%"), ("combined", "33.33%"), ("met", "100.00%")]
