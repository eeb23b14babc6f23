"""Applicants, stored and read back; and questions before applying."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest

from schemas.applications.applicant import Inquiry, MentorPlaces
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import ApplicationWindow, CohortSettings
from schemas.enums import ApplicationStatus, Side
from schemas.errors import Refusal, UnknownCohort
from storage import applicants, applying, cohorts, inquiries, typed_addresses
from tests.locks import until_held_up

TYPED = {"name": "Ása", "role": "Clerk", "library": "Ely", "library_type": "public", "town": "Ely", "years": "9"}


@pytest.fixture
async def now(now: datetime) -> datetime:
    """A day in March, while people apply."""
    return now - timedelta(days=60)


@pytest.fixture
async def open_cohort(pool: asyncpg.Pool, cohort: str, settings: CohortSettings, now: datetime) -> str:
    window = ApplicationWindow.model_validate({"opens_on": "2019-02-01", "closes_on": "2019-03-31"})
    await cohorts.save_settings(pool, settings.model_copy(update={"applications": window}), now)
    return cohort


async def begun(pool: asyncpg.Pool, cohort: str, now: datetime) -> str:
    await applying.begin(pool, cohort, "new@example.org", now)
    return "A001"


async def test_draft_is_read_back_and_each_page_on_its_own(pool: asyncpg.Pool, open_cohort: str, now: datetime) -> None:
    person = await begun(pool, open_cohort, now)
    applicant = await applicants.applicant(pool, open_cohort, person)
    assert (
        applicant.side,
        applicant.email,
        applicant.name,
        applicant.answers,
        applicant.status,
        applicant.began_at,
    ) == (
        Side.MENTOR,
        "new@example.org",
        "",
        {},
        None,
        now,
    )
    await applying.save_page(pool, open_cohort, person, {"name": "Ása “A” O'Neil", "role": ""}, now)
    await applying.save_page(pool, open_cohort, person, {"about": "ʻokina, 🌲\nand more"}, now)
    applicant = await applicants.applicant(pool, open_cohort, person)
    assert applicant.answers == {"name": "Ása “A” O'Neil", "about": "ʻokina, 🌲\nand more"}
    assert applicant.name == "Ása “A” O'Neil"


async def test_whom_staff_imported_finds_their_application_and_no_draft_is_made_by_looking(
    pool: asyncpg.Pool, cohort: str, mentees: tuple[MenteeApplication, ...]
) -> None:
    applicant = await applicants.applicant(pool, cohort, "P01")
    assert (applicant.side, applicant.status, applicant.submitted_at, applicant.changed) == (
        Side.MENTEE,
        ApplicationStatus.ACCEPTED,
        None,
        False,
    )
    assert (applicant.answers["goal_1"], applicant.answers["goal_2"]) == mentees[0].goals
    assert await pool.fetchval("select count(*) from draft") == 0


async def test_a_mailbox_is_not_filled_by_whatever_stands_after_a_plus_in_its_address(
    pool: asyncpg.Pool, open_cohort: str, now: datetime
) -> None:
    for number in range(8):
        await applying.begin(pool, open_cohort, f"New+{number}@Example.org", now)
    await applying.begin(pool, open_cohort, "new@example.org", now)
    sent = "select count(*) from outbox where kind = 'application_link'"
    assert await pool.fetchval(sent) == typed_addresses.MOST_LINKS_A_DAY
    assert await pool.fetchval("select count(*) from draft") == typed_addresses.MOST_LINKS_A_DAY
    await applying.begin(pool, open_cohort, "newer@example.org", now)
    await applying.begin(pool, open_cohort, "new@example.org", now + timedelta(days=1))
    assert await pool.fetchval(sent) == typed_addresses.MOST_LINKS_A_DAY + 2


async def test_nobody_of_that_id_is_refused(pool: asyncpg.Pool, cohort: str, now: datetime) -> None:
    with pytest.raises(Refusal, match="There is no A007 in mile-2019"):
        await applicants.applicant(pool, cohort, "A007")
    with pytest.raises(UnknownCohort):
        await applying.begin(pool, "mile-2017", "new@example.org", now)


async def test_only_accepted_applications_are_matched(
    pool: asyncpg.Pool, cohort: str, mentors: tuple[MentorApplication, ...]
) -> None:
    for status, there in (
        (ApplicationStatus.WAITING, 2),
        (ApplicationStatus.INELIGIBLE, 2),
        (ApplicationStatus.ACCEPTED, 3),
    ):
        await pool.execute("update application set status = $1 where person_id = 'M02'", status)
        assert len(await cohorts.mentors(pool, cohort)) == there
    await applying.withdraw(pool, cohort, "P03", datetime.fromisoformat("2019-03-01T12:00:00+00:00"))
    assert [person.id for person in await cohorts.mentees(pool, cohort)] == ["P01", "P02"]
    assert await cohorts.mentors(pool, cohort) == mentors


async def test_places_count_what_accepted_mentors_offer(pool: asyncpg.Pool, cohort: str) -> None:
    assert await applicants.mentor_places(pool, "mile-2017") == MentorPlaces(mentor_places=0, mentees=0)
    assert await applicants.mentor_places(pool, cohort) == MentorPlaces(mentor_places=3, mentees=3)
    await pool.execute("update application set answers = jsonb_set(answers, '{capacity}', '4') where person_id = 'M01'")
    await pool.execute("update application set status = 'waiting' where person_id in ('M02', 'P01')")
    places = await applicants.mentor_places(pool, cohort)
    assert (places, places.missing) == (MentorPlaces(mentor_places=5, mentees=2), 0)


async def test_moment_of_submission_is_read_once_the_settings_are_locked(
    pool: asyncpg.Pool, open_cohort: str, now: datetime, settings: CohortSettings
) -> None:
    person = await begun(pool, open_cohort, now)
    await applying.save_page(pool, open_cohort, person, TYPED, now)
    looked: list[datetime] = []

    def clock() -> datetime:
        looked.append(now)
        return now

    closed = settings.model_copy(
        update={
            "applications": ApplicationWindow.model_validate(
                {"opens_on": "2019-02-01", "closes_on": "2019-03-31", "closed_at": now}
            )
        }
    )
    async with pool.acquire() as staff:
        async with staff.transaction():
            await cohorts.save_settings(staff, closed, now)
            handing_in = asyncio.create_task(applying.submit(pool, open_cohort, person, clock))
            await until_held_up(pool, handing_in)
            assert looked == []
        assert (await handing_in).status is ApplicationStatus.WAITING


async def test_keep_apart_requests_are_stored_for_staff(pool: asyncpg.Pool, open_cohort: str, now: datetime) -> None:
    person = await begun(pool, open_cohort, now)
    await applying.save_page(pool, open_cohort, person, TYPED | {"keep_apart": "Ada"}, now)
    assert await applicants.keep_apart_requests(pool, open_cohort) == {}
    await applying.submit(pool, open_cohort, person, lambda: now)
    assert await applicants.keep_apart_requests(pool, open_cohort) == {person: "Ada"}
    stored = await pool.fetchval("select answers from application where person_id = 'A001'")
    assert "Ada" not in stored
    await applying.withdraw(pool, open_cohort, person, now)
    assert await applicants.keep_apart_requests(pool, open_cohort) == {}


async def test_emails_in_the_outbox_have_no_word_of_anybody(
    pool: asyncpg.Pool, open_cohort: str, now: datetime
) -> None:
    person = await begun(pool, open_cohort, now)
    await applying.save_page(pool, open_cohort, person, TYPED, now)
    await applying.submit(pool, open_cohort, person, lambda: now)
    inquiry = Inquiry(cohort_id=open_cohort, name="Ása", email="new@example.org", text="Ely?")
    await inquiries.save_inquiry(pool, inquiry, now)
    rows = await pool.fetch("select key, scope_id, subject, asks from outbox order by key")
    assert len(rows) == 3
    for word in ("Ása", "new@", "Ely", "Clerk"):
        assert word not in str(rows)


async def test_inquiry_is_read_back_by_its_number(pool: asyncpg.Pool, cohort: str, now: datetime) -> None:
    inquiry = Inquiry(cohort_id=cohort, email="new@example.org", text="How much work is it?\nReally?")
    number = await inquiries.save_inquiry(pool, inquiry, now)
    assert await inquiries.inquiry(pool, number) == inquiry.model_copy(update={"id": number})
    with pytest.raises(Refusal, match="There is no inquiry 0"):
        await inquiries.inquiry(pool, 0)
