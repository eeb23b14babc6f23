"""The front page: what mentoring brings, what it asks, which classes are to come, and whom to ask (A44, A45)."""

from datetime import date

import asyncpg
import httpx
from playwright.async_api import Page

from domain.cohort.program_text import (
    FOR_ASSOCIATION,
    FOR_MENTORS,
    FOR_PARTICIPANTS,
    OF_MENTEES,
    OF_MENTORS,
    responsibilities,
)
from schemas.cohort.roles import NewRoleHolder
from schemas.cohort.settings import CohortSettings, Program
from schemas.enums import Side
from schemas.mentorship.terms import TimelineSettings
from storage import cohorts, roles
from tests.clocks import HandSetClock
from tests.web.applicants.people import BEFORE, COHORT_ID, KICKOFF, OPEN, SETTINGS, fill_in, text_of
from tests.web.browser import assert_without_barriers

ASKED = {side: responsibilities(Program(), TimelineSettings(), side) for side in Side}
NEXT_CLASS = {
    "id": "mile-2021",
    "title": "2021 Mentorship Program",
    "institute": {"venue": "Birch Lake Inn", "town": "Ely", "last_day": "2021-05-07"},
    "applications": {"opens_on": "2021-02-01", "closes_on": "2021-03-31"},
}


async def add_class(pool: asyncpg.Pool, **changes: object) -> None:
    await cohorts.save_settings(pool, CohortSettings.model_validate(SETTINGS | changes), BEFORE)


async def test_front_page_tells_what_mentoring_brings_and_asks_where_it_begins_and_whom_to_ask(
    client: httpx.AsyncClient,
) -> None:
    page = text_of(await client.get("/"))
    points = [point.text for point in (*FOR_MENTORS, *FOR_PARTICIPANTS, *FOR_ASSOCIATION)]
    assert [each for each in (*points, *ASKED[Side.MENTOR], *ASKED[Side.MENTEE]) if each not in page] == []
    assert len(OF_MENTORS) + len(OF_MENTEES) == sum(map(len, ASKED.values()))
    assert "Mentors still needed: 3" in page
    assert "Applications are open. You can apply until the end of Sunday, March 31, 2019 ." in page
    assert "start on Friday, May 10, 2019 at Sugar Lake Lodge, Cohasset." in page
    assert "until Tuesday, November 10, 2020 ." in page
    assert "The Mentorship Subcommittee Chair answers your questions: chair@example.org ." in page


async def test_front_page_leads_to_the_page_of_each_class_that_is_to_come(
    client: httpx.AsyncClient, pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    await add_class(pool, **NEXT_CLASS)
    both = await client.get("/")
    assert both.text.index('href="/apply/mile-2019"') < both.text.index('href="/apply/mile-2021"')
    assert "Applications open on Monday, February 1, 2021" in text_of(both)
    clock.time = KICKOFF
    begun = await client.get("/")
    assert "/apply/mile-2019" not in begun.text
    assert (await client.get("/apply/mile-2021")).status_code == 200
    await pool.execute("update cohort set archived_at = now() where id = 'mile-2021'")
    assert "/apply/" not in (await client.get("/")).text


async def test_without_a_class_to_come_the_page_still_says_whom_to_ask(
    client: httpx.AsyncClient, pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    clock.time = KICKOFF
    await roles.add_holder(
        pool,
        COHORT_ID,
        NewRoleHolder(role="Mentorship Subcommittee Chair", email="new.chair@example.org", starts_on=date(2019, 5, 1)),
    )
    page = text_of(await client.get("/"))
    assert "There is no date for the next class yet." in page
    assert "new.chair@example.org" in page
    await pool.execute("update cohort set archived_at = now()")
    empty = text_of(await client.get("/"))
    assert ASKED[Side.MENTOR][0] in empty
    assert "chair@example.org" not in empty


async def test_each_side_accepts_all_of_its_responsibilities_when_it_submits(
    client: httpx.AsyncClient, draft_page: str, intake: str
) -> None:
    for side, personal in ((Side.MENTOR, draft_page), (Side.MENTEE, intake)):
        await fill_in(client, personal, side)
        review = text_of(await client.get(f"{personal}/review"))
        agreed = review.partition("What you agree to")[2].partition("Submit it")[0]
        assert [each for each in ASKED[side] if each not in agreed] == []


async def test_words_of_a_cohort_replace_the_standard_text_wherever_they_are_read(
    client: httpx.AsyncClient, pool: asyncpg.Pool, draft_page: str
) -> None:
    own = {"mentor_responsibilities": ["Bring <b>tea</b>."], "value_for_mentors": ["You get tea."]}
    await add_class(pool, program=own)
    pages = [text_of(await client.get(path)) for path in ("/", f"/apply/{COHORT_ID}", f"{draft_page}/review")]
    for page in pages:
        assert "Bring <b>tea</b>." in page
        assert ASKED[Side.MENTOR][0] not in page
    assert "You get tea." in pages[0]


async def test_front_page_is_without_barriers_before_and_after_a_class_begins(
    page: Page, pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    await add_class(pool, **NEXT_CLASS)
    for now in (OPEN, KICKOFF.replace(year=2021)):
        clock.time = now
        await page.goto("/")
        await assert_without_barriers(page)
