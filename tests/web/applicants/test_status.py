"""The page behind a personal link: what it says to whom, from the first word to the kickoff."""

import asyncpg
import httpx
import pytest

from domain.applications.csv.parsing import parse_file
from domain.applications.csv.writing import write_people
from domain.applications.import_comparison import EXTRA_COLUMNS
from schemas.applications.imports import StoredApplication
from schemas.applications.people import MentorApplication
from schemas.cohort.roles import NewRoleHolder
from schemas.cohort.settings import CohortSettings
from schemas.enums import Side
from storage import cohorts, imports, roles
from tests.clocks import HandSetClock
from tests.web.applicants.people import (
    BEFORE,
    CLOSES,
    COHORT_ID,
    GOALS,
    KICKOFF,
    OPEN,
    SETTINGS,
    fill_in,
    link,
    mentee,
    mentor,
    text_of,
)

WITH_SESSION = CohortSettings.model_validate(
    SETTINGS
    | {
        "proposals": {"answer_days": 10},
        "session": {
            "half_days": [
                {"id": "morning", "label": "Morning", "day": "2019-05-10", "begins": "09:00", "ends": "12:00"}
            ]
        },
    }
)
PROPOSE = """
    insert into proposal (cohort_id, mentor_id, mentee_id, run, proposed_at) values ('mile-2019', 'M01', 'P01', 1, $1)
"""


@pytest.fixture
async def pair(pool: asyncpg.Pool, cohort: str) -> tuple[str, str]:
    """The pages of a mentor and a participant who are proposed to each other."""
    await cohorts.save_cohort(pool, WITH_SESSION, [mentor(1)], [mentee(1, **GOALS)], OPEN)
    await pool.execute("insert into match_run values ('mile-2019', 1, 'x', default, '{\"pairs\": []}', $1, $1)", CLOSES)
    await pool.execute(PROPOSE, CLOSES)
    return await link(pool, "M01", cohort), await link(pool, "P01", cohort)


async def test_page_says_who_reads_what_and_whom_to_ask(
    client: httpx.AsyncClient, draft_page: str, intake: str
) -> None:
    page = text_of(await client.get(draft_page))
    assert "Your mentee sees your name, your job title, your library, and your city" in page
    assert "We email you at solveig@example.org" in page
    assert "Ask the Mentorship Subcommittee Chair: chair@example.org" in page
    assert "your city, and your goals" in text_of(await client.get(intake))


async def test_page_names_whoever_answers_questions_on_that_day(
    client: httpx.AsyncClient, draft_page: str, clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    new = NewRoleHolder(role="Mentorship Subcommittee Chair", email="next@example.org", starts_on=CLOSES.date())
    await roles.add_holder(pool, COHORT_ID, new)
    for path in (draft_page, f"/apply/{COHORT_ID}"):
        assert "chair@example.org" in (await client.get(path)).text
    clock.time = KICKOFF
    for path in (draft_page, f"/apply/{COHORT_ID}"):
        assert "next@example.org" in (await client.get(path)).text


async def test_mentor_reads_what_comes_next(client: httpx.AsyncClient, draft_page: str, clock: HandSetClock) -> None:
    await fill_in(client, draft_page)
    page = text_of(await client.post(f"{draft_page}/review", follow_redirects=True))
    assert "Hi Solveig," in page
    assert "Staff match mentors and mentees once applications close" in page
    assert "Mentors and mentees meet on Friday, May 10, 2019 at Sugar Lake Lodge, Cohasset." in page
    assert "until Tuesday, November 10, 2020." in page
    clock.time = KICKOFF.replace(month=6)
    assert "What comes next" not in text_of(await client.get(draft_page))


async def test_who_applied_in_time_is_not_told_to_have_come_late_where_staff_have_them_wait(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool
) -> None:
    await fill_in(client, draft_page)
    await client.post(f"{draft_page}/review")
    await pool.execute("update application set status = 'waiting' where person_id = 'A001'")
    page = text_of(await client.get(draft_page))
    assert "You are on the waiting list" in page
    assert "We’ll email you if a place opens up. If none does, you come first in the next class." in page
    assert "after the last day" not in page


async def test_proposed_match_is_led_to_until_it_stands(
    client: httpx.AsyncClient, pair: tuple[str, str], clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    clock.time = CLOSES
    mentors_page, mentees_page = pair
    page = await client.get(mentors_page)
    assert "Please answer by Thursday, April 11, 2019 if you want Kao Nou Vue-Reyes as your" in text_of(page)
    assert f'href="{mentors_page}/match"' in page.text
    assert "/kickoff" not in page.text
    await pool.execute("update proposal set mentor_answer = 'committed'")
    assert "You have answered." in text_of(await client.get(mentors_page))
    assert "if you want Amina Warsame as your mentor." in text_of(await client.get(mentees_page))
    await pool.execute("update proposal set mentee_answer = 'committed'")
    for page_of, partner in ((mentors_page, "Kao Nou Vue-Reyes"), (mentees_page, "Amina Warsame")):
        page = await client.get(page_of)
        assert f"It’s official: {partner} is your men" in text_of(page)
        assert f'href="{page_of}/kickoff"' in page.text
    await pool.execute("insert into rsvp values ('mile-2019', 'M01', 'yes', 'morning', '', '', $1)", CLOSES)
    assert "You are coming. You don’t have to come." in text_of(await client.get(mentors_page))
    await pool.execute("update proposal set withdrawn_at = $1", CLOSES)
    assert "Your match" not in text_of(await client.get(mentors_page))


async def test_partners_address_and_private_answers_are_not_on_the_page(
    client: httpx.AsyncClient, pair: tuple[str, str]
) -> None:
    for page in [await client.get(each) for each in pair]:
        assert "Being heard." not in page.text
    assert "m1@example.org" not in (await client.get(pair[1])).text
    assert "p1@example.org" not in (await client.get(pair[0])).text


@pytest.mark.parametrize("side", list(Side))
async def test_looking_changes_nothing(
    client: httpx.AsyncClient, pool: asyncpg.Pool, pair: tuple[str, str], side: Side
) -> None:
    page = pair[0] if side is Side.MENTOR else pair[1]
    tables = ("draft", "application", "outbox", "proposal", "personal_link", "audit_event")
    before = [await pool.fetch(f"select * from {table} order by 1, 2") for table in tables]  # noqa: S608
    for below in ("", "/form/1", "/review", "/review?check=yes", "/withdraw"):
        assert (await client.get(f"{page}{below}")).status_code in {200, 303}
        assert (await client.head(f"{page}{below}")).status_code in {200, 303}
    assert [await pool.fetch(f"select * from {table} order by 1, 2") for table in tables] == before  # noqa: S608


async def test_page_that_is_open_while_staff_import_its_address_comes_back_with_what_was_typed(
    client: httpx.AsyncClient, pool: asyncpg.Pool, draft_page: str
) -> None:
    assert (await client.get(f"{draft_page}/form/1")).status_code == 200
    file = write_people(
        Side.MENTOR, [StoredApplication(side=Side.MENTOR, person=mentor(9, email="solveig@example.org"))]
    )
    sheets = {Side.MENTOR: parse_file(MentorApplication, "mentors.csv", file, beside=EXTRA_COLUMNS)}
    assert (await imports.import_people(pool, COHORT_ID, sheets, now=OPEN))[0].closed == ("A001",)
    page = await client.post(f"{draft_page}/form/1", data={"name": "Solveig Aaberg", "go": "on"})
    assert page.status_code == 404
    assert "It may be too old" in text_of(page)
    assert "Solveig Aaberg" in text_of(page)
    assert "Hi Amina," in text_of(await client.get(await link(pool, "M09")))


async def test_draft_in_a_cohort_that_has_not_opened_yet_can_be_read(
    client: httpx.AsyncClient, draft_page: str, clock: HandSetClock
) -> None:
    clock.time = BEFORE
    assert "Start with the first page" in text_of(await client.get(draft_page))
