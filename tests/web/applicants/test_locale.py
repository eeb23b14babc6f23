"""A cohort's locale changes the dates of applicants' pages, and nothing else."""

from datetime import datetime

import asyncpg
import httpx
import pytest

from schemas.cohort.settings import CohortSettings
from schemas.enums import Side
from storage import cohorts
from tests.british import in_british
from tests.clocks import HandSetClock
from tests.web.applicants.people import BEFORE, CLOSES, COHORT_ID, GOALS, KICKOFF, OPEN, SETTINGS, fill_in, link, mentor
from tests.web.applicants.people import mentee as a_mentee

WITH_PROPOSALS = SETTINGS | {"proposals": {"answer_days": 10}}
PROPOSE = """
    insert into proposal (cohort_id, mentor_id, mentee_id, run, proposed_at) values ('mile-2019', 'M01', 'P01', 1, $1)
"""
PUBLIC = (f"/apply/{COHORT_ID}", f"/apply/{COHORT_ID}/sent", f"/ask/{COHORT_ID}", f"/ask/{COHORT_ID}/sent")


async def assert_differ_in_dates_only(
    client: httpx.AsyncClient, pool: asyncpg.Pool, paths: tuple[str, ...], settings: dict[str, object] = SETTINGS
) -> None:
    shown: dict[str, list[str]] = {}
    for locale in ("en_US", "en_GB"):
        await cohorts.save_settings(pool, CohortSettings.model_validate(settings | {"locale": locale}), OPEN)
        pages = [await client.get(path, follow_redirects=True) for path in paths]
        assert {page.status_code for page in pages} == {200}
        shown[locale] = [" ".join(page.text.split()) for page in pages]
    for american, british in zip(shown["en_US"], shown["en_GB"], strict=True):
        assert british == in_british(american)
    assert shown["en_US"] != shown["en_GB"]


@pytest.mark.parametrize("now", [BEFORE, OPEN, CLOSES, KICKOFF], ids=["before", "open", "waiting list", "closed"])
async def test_public_pages(client: httpx.AsyncClient, pool: asyncpg.Pool, clock: HandSetClock, now: datetime) -> None:
    clock.time = now
    await assert_differ_in_dates_only(client, pool, PUBLIC)


async def test_application_pages(
    client: httpx.AsyncClient, pool: asyncpg.Pool, clock: HandSetClock, draft_page: str, intake: str
) -> None:
    own = tuple(f"{page}{path}" for page in (draft_page, intake) for path in ("", "/review", "/form/1", "/form/4"))
    for clock.time in (OPEN, CLOSES, KICKOFF):
        await assert_differ_in_dates_only(client, pool, own)
    clock.time = OPEN
    for page, side in ((draft_page, Side.MENTOR), (intake, Side.MENTEE)):
        await fill_in(client, page, side)
        await client.post(f"{page}/review")
    for clock.time in (OPEN, CLOSES, KICKOFF):
        await assert_differ_in_dates_only(client, pool, own)


async def test_status_with_a_proposed_match(client: httpx.AsyncClient, pool: asyncpg.Pool, clock: HandSetClock) -> None:
    await cohorts.save_cohort(
        pool, CohortSettings.model_validate(WITH_PROPOSALS), [mentor(1)], [a_mentee(1, **GOALS)], OPEN
    )
    await pool.execute("insert into match_run values ('mile-2019', 1, 'x', default, '{\"pairs\": []}', $1, $1)", CLOSES)
    await pool.execute(PROPOSE, CLOSES)
    clock.time = CLOSES
    own = (await link(pool, "M01"), await link(pool, "P01"))
    await assert_differ_in_dates_only(client, pool, own, WITH_PROPOSALS)
    await pool.execute("update proposal set mentor_answer = 'committed', mentee_answer = 'committed'")
    await assert_differ_in_dates_only(client, pool, own, WITH_PROPOSALS)
