"""Match review in a real browser, by keyboard alone: from readiness to a publication in eight presses."""

from typing import Literal

import asyncpg
import pytest
from playwright.async_api import Page

from schemas.matching.messages import MatchRunSummary
from tests.services.conftest import FakeTemporal
from tests.web.browser import press
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
async def test_match_review_and_publish_take_eight_presses_by_keyboard(
    staff_page: Page, matched_class: str, pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    await draft(pool)
    temporal.results["match"] = MatchRunSummary(run=1, pairs=2, unplaced=1, worst=1, total=2, valid=True)
    temporal.results["publish"] = 2
    await staff_page.goto(f"/staff/classes/{CLASS}")
    assert len(PRESSED) <= 8
    for role, name in PRESSED:
        await press(staff_page.get_by_role(role, name=name, exact=True))
    assert temporal.messages == [(f"cohort-{CLASS}", "match"), (f"cohort-{CLASS}", "publish")]
    await staff_page.goto(f"{MATCHING}/runs/1/pair?mentor=M1&mentee=P1")
    await press(staff_page.get_by_role("link", name="Keep them apart"))
    assert await staff_page.get_by_label("Solveig Aaberg and Kao Nou Vue").is_checked()
