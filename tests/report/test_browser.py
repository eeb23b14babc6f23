"""The report and the rehearsal in a real browser: no barrier axe-core knows of, at every width and color."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from playwright.async_api import Browser, Page
from pypdf import PdfReader

from rehearsal.page import rehearsal_page
from schemas.cohort.settings import CohortSettings
from schemas.rehearsal import RehearsalRecord
from schemas.report.figures import Report
from tests.web.browser import assert_without_barriers, open_browser_page
from web.documents.report import report_page

pytestmark = pytest.mark.browser
OPEN_DETAILS = "document.querySelectorAll('details').forEach(details => details.open = true)"


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with open_browser_page(browser) as page:
        yield page


async def assert_opened_without_barriers(page: Page, html: str) -> None:
    await page.set_content(html)
    await page.evaluate(OPEN_DETAILS)
    await assert_without_barriers(page)


async def test_report_is_without_barriers(page: Page, report: Report, cohort: CohortSettings) -> None:
    await assert_opened_without_barriers(page, report_page(report, cohort))


async def test_interim_report_is_without_barriers(page: Page, interim_report: Report, cohort: CohortSettings) -> None:
    await assert_opened_without_barriers(page, report_page(interim_report, cohort))


async def test_every_sheet_of_an_interim_report_says_that_it_is_one(
    page: Page, interim_report: Report, cohort: CohortSettings
) -> None:
    await page.set_content(report_page(interim_report, cohort))
    sheets = PdfReader(BytesIO(await page.pdf(format="Letter"))).pages
    assert len(sheets) > 3
    for sheet in sheets:
        assert "Interim report of March 1, 2020: 1 mentorship still runs" in sheet.extract_text()


async def test_report_without_answers_is_without_barriers(
    page: Page, empty_report: Report, cohort: CohortSettings
) -> None:
    await assert_opened_without_barriers(page, report_page(empty_report, cohort))


async def test_rehearsal_is_without_barriers(
    page: Page, record: RehearsalRecord, report: Report, cohort: CohortSettings
) -> None:
    await assert_opened_without_barriers(page, rehearsal_page(record, report, cohort))


async def test_labels_stand_clear_of_their_bars(page: Page, report: Report, cohort: CohortSettings) -> None:
    await page.set_content(report_page(report, cohort))
    drawn = page.locator("svg:has(rect.track)")
    assert await drawn.count() > 5
    for chart in await drawn.all():
        labels, bars = chart.locator("text:not(.number)"), chart.locator("rect.track")
        assert await labels.count() == await bars.count() > 0
        for row in range(await bars.count()):
            label, bar = await labels.nth(row).bounding_box(), await bars.nth(row).bounding_box()
            assert label is not None
            assert bar is not None
            assert label["x"] + label["width"] < bar["x"], await labels.nth(row).inner_text()


async def test_no_table_is_cut_off_on_paper(
    page: Page, record: RehearsalRecord, report: Report, cohort: CohortSettings
) -> None:
    await page.set_viewport_size({"width": 690, "height": 900})
    await page.emulate_media(media="print")
    await page.set_content(rehearsal_page(record, report, cohort))
    widths = "[...document.querySelectorAll('table')].map(table => table.getBoundingClientRect().right)"
    assert max(await page.evaluate(widths)) <= 690


async def test_details_are_printed_though_closed_on_the_screen(
    page: Page, record: RehearsalRecord, report: Report, cohort: CohortSettings
) -> None:
    await page.set_content(rehearsal_page(record, report, cohort))
    cell = page.locator("[data-said]").first
    assert not await cell.is_visible()
    await page.emulate_media(media="print")
    box = await cell.bounding_box()
    assert box is not None
    assert box["height"] > 0
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
