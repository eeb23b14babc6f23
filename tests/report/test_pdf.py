"""The report on paper says what its page says, number for number, and can be read by a screen reader."""

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
from web.documents.page_blocks import blocks
from web.documents.report import report_page
from web.documents.report_pdf import report_pdf

CLAIMS_TO_BE_ACCESSIBLE = b"<pdfuaid:part>1"


def sheets(pdf: bytes) -> list[str]:
    return [sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages]


def without_spaces(words: str) -> str:
    return "".join(words.split())


def assert_says_all(pdf: bytes, page: Element) -> None:
    """Check that every row of every table, and every heading, stands on paper as a whole, in the page's order."""
    (main,) = page.every("main")
    body = (without_spaces(sheet).partition("MLAInstituteforLeadershipExcellence,2019")[0] for sheet in sheets(pdf))
    paper, at = "".join(body), 0
    for told in [one for block in blocks_of(main) for one in block]:
        found = paper.find(without_spaces(told), at)
        assert found >= 0, f"{told!r} is missing"
        at = found


def blocks_of(main: Element) -> list[list[str]]:
    every = [*main.every("h2"), *main.every("table")]
    order = [element for element in in_order(main) if any(element is one for one in every)]
    return [[row.text for row in one.every("tr")] if one.tag == "table" else [one.text] for one in order]


def in_order(element: Element) -> list[Element]:
    inside = [one for one in element.inside if isinstance(one, Element)]
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


def test_every_drawing_is_described_in_words(report: Report, cohort: CohortSettings) -> None:
    drawn = [one for one in blocks(report_page(report, cohort)) if one["kind"] == "drawing"]
    assert len(drawn) > 5
    described = set(alternatives(PdfReader(BytesIO(report_pdf(report, cohort)))))
    assert {f"{one['title']}. {one['description']}" for one in drawn} <= described


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
    assert report_pdf(report, cohort) == report_pdf(report, cohort)


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


def test_drawn_bars_are_as_long_as_on_the_page(report: Report, cohort: CohortSettings) -> None:
    (windows,) = [one for one in blocks(report_page(report, cohort)) if one.get("legend")]
    bars = windows["bars"]
    assert isinstance(bars, list)
    met, together = {"status": "met", "text": "8"}, {"status": "told_together", "text": "4"}
    assert bars[0] == {
        "label": "Check-in 1, by August 10, 2019",
        "words": "",
        "pieces": [{**met, "share": pytest.approx(2 / 3, 0.001)}, {**together, "share": pytest.approx(1 / 3, 0.001)}],
    }
    assert isinstance(bars[1], dict)
    assert bars[1]["pieces"] == [{"status": "met", "share": 1.0, "text": "12"}]
