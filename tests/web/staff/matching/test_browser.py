"""Match review in a real browser, by keyboard alone: from readiness to a publication in eight presses."""

from typing import Literal

import asyncpg
import pytest
from playwright.async_api import Page

from schemas.matching.messages import MatchRequest, MatchRunSummary
from tests.services.conftest import FakeTemporal
from tests.web.browser import assert_without_barriers, press
from tests.web.staff.matching.conftest import CLASS, MATCHING, draft

PRESSED: tuple[tuple[Literal["link", "button"], str], ...] = (
    ("link", "Matching"),
    ("link", "Draft a match run"),
    ("button", "See what it leads to"),
    ("button", "Make the draft"),
    ("link", "Run 1"),
    ("link", "Publish this run"),
    ("button", "Publish it"),
)


@pytest.mark.browser
async def test_match_review_and_publish_take_eight_presses_by_keyboard_without_barriers(
    staff_page: Page, matched_class: str, pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    await draft(pool)
    other, _ = await draft(pool, MatchRequest(pins=(("M1", "P2"),)))
    temporal.results["match"] = MatchRunSummary(run=1, pairs=2, unplaced=1, worst=1, total=2, valid=True)
    temporal.results["publish"] = 2
    await staff_page.goto(f"{MATCHING}/compare?before=1&after={other}")
    await assert_without_barriers(staff_page)
    assert len(PRESSED) <= 8
    for number, (role, name) in enumerate(PRESSED):
        await press(staff_page.get_by_role(role, name=name, exact=True))
        # The list comes three times, and a step's other pages look like those of the next one.
        if number not in {2, 3, 6}:
            await assert_without_barriers(staff_page)
    assert temporal.messages == [(f"cohort-{CLASS}", "match"), (f"cohort-{CLASS}", "publish")]
    await staff_page.goto(f"{MATCHING}/runs/1/pair?mentor=M1&mentee=P1")
    await assert_without_barriers(staff_page)
    await press(staff_page.get_by_role("link", name="Keep them apart"))
    assert await staff_page.get_by_label("Solveig Aaberg and Kao Nou Vue").is_checked()
