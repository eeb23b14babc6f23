"""An application submitted: in time, late or with a rule against it; then changed, settled, taken back."""

import asyncio

import asyncpg
import httpx
import pytest

from schemas.enums import ApplicationStatus, Side
from storage import cohorts
from tests.clocks import HandSetClock
from tests.web.applicants.people import (
    CLOSES,
    COHORT_ID,
    EXPERIENCE,
    INTAKE,
    KICKOFF,
    MENTOR,
    OPEN,
    emails,
    fill_in,
    link,
    mentee,
    mentor,
    save,
    settings,
    status,
    text_of,
)


async def test_handing_in_twice_at_once_counts_once(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool
) -> None:
    await fill_in(client, draft_page)
    pressed = await asyncio.gather(*(client.post(f"{draft_page}/review") for _ in range(5)))
    assert {(answer.status_code, answer.headers["location"]) for answer in pressed} == {(303, draft_page)}
    assert len(await cohorts.mentors(pool, COHORT_ID)) == 1
    assert [kind for kind, _, _ in await emails(pool)] == ["application_link", "application_received"]


async def test_window_that_closes_while_one_types_puts_them_on_the_waiting_list(
    client: httpx.AsyncClient, draft_page: str, clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    await fill_in(client, draft_page)
    clock.time = CLOSES
    assert "If you submit it now, you go on the waiting list" in text_of(await client.get(f"{draft_page}/review"))
    answer = await client.post(f"{draft_page}/review", follow_redirects=True)
    assert "You are on the waiting list" in text_of(answer)
    assert await status(pool) is ApplicationStatus.WAITING
    assert await cohorts.mentors(pool, COHORT_ID) == ()


async def test_without_a_waiting_list_all_is_saved_and_told(
    client: httpx.AsyncClient, draft_page: str, clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    await cohorts.save_settings(pool, settings(waiting_list=False), OPEN)
    for number, typed in enumerate(MENTOR[:-1], start=1):
        await save(client, draft_page, number, typed)
    clock.time = CLOSES
    assert await save(client, draft_page, 5, MENTOR[-1]) == f"{draft_page}/review"
    refused = await client.post(f"{draft_page}/review")
    assert refused.status_code == 409
    assert "Applications closed on Sunday, March 31, 2019, so you can no longer submit it." in text_of(refused)
    assert "Nobody from Duluth, please." in refused.text
    assert await status(pool) is None
    assert [kind for kind, _, _ in await emails(pool)] == ["application_link"]
    await cohorts.save_settings(pool, settings(waiting_list=False, closes_on="2019-04-07"), OPEN)
    await client.post(f"{draft_page}/review")
    assert await status(pool) is ApplicationStatus.ACCEPTED


@pytest.mark.parametrize(
    ("late_by", "stands"),
    [(0, ApplicationStatus.ACCEPTED), (29, ApplicationStatus.ACCEPTED), (30, ApplicationStatus.WAITING)],
)
async def test_who_began_before_the_close_has_grace(
    client: httpx.AsyncClient,
    draft_page: str,
    clock: HandSetClock,
    *,
    pool: asyncpg.Pool,
    late_by: int,
    stands: ApplicationStatus,
) -> None:
    await cohorts.save_settings(pool, settings(grace_minutes=30), OPEN)
    await fill_in(client, draft_page)
    clock.time = CLOSES.replace(minute=late_by)
    await client.post(f"{draft_page}/review")
    assert await status(pool) is stands


async def test_grace_is_not_for_those_who_began_late(
    client: httpx.AsyncClient, clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    await cohorts.save_settings(pool, settings(grace_minutes=30), OPEN)
    clock.time = CLOSES
    await client.post(f"/apply/{COHORT_ID}", data={"email": "late@example.org"})
    page = await link(pool, "A001")
    await fill_in(client, page)
    await client.post(f"{page}/review")
    assert await status(pool) is ApplicationStatus.WAITING


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"years": "4"}, "Mentors of this class need 5 years or more in libraries, and you wrote 4."),
        (
            {"years": "9", "last_attended": "2018"},
            "You attended the institute in 2018. This class asks its mentors to wait 2 years after their own class.",
        ),
    ],
)
async def test_applicant_who_is_not_eligible_is_told_why_and_may_submit_all_the_same(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool, typed: dict[str, str], why: str
) -> None:
    await fill_in(client, draft_page)
    await save(client, draft_page, 2, typed)
    assert why in text_of(await client.get(f"{draft_page}/review"))
    page = text_of(await client.post(f"{draft_page}/review", follow_redirects=True))
    assert "You don’t meet one of the requirements" in page
    assert f"{why} Staff will look at your application and can make an exception." in page
    assert await status(pool) is ApplicationStatus.INELIGIBLE
    assert [kind for kind, _, _ in await emails(pool)] == ["application_link", "application_received"]
    await save(client, draft_page, 2, EXPERIENCE)
    await client.post(f"{draft_page}/review")
    assert await status(pool) is ApplicationStatus.ACCEPTED


async def test_change_counts_once_it_is_submitted_and_needs_no_second_confirmation(
    client: httpx.AsyncClient, draft_page: str, clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    await fill_in(client, draft_page)
    await client.post(f"{draft_page}/review")
    clock.time = CLOSES
    await save(client, draft_page, 2, EXPERIENCE | {"years": "13"})
    page = text_of(await client.get(draft_page))
    assert "What you submitted before counts until you submit again." in page
    assert (await cohorts.mentors(pool, COHORT_ID))[0].years == 12
    assert "Submit my changes" in (await client.get(f"{draft_page}/review")).text
    await client.post(f"{draft_page}/review")
    assert (await cohorts.mentors(pool, COHORT_ID))[0].years == 13
    assert await status(pool) is ApplicationStatus.ACCEPTED
    assert await pool.fetchval("select submitted_at from application where person_id = 'A001'") == OPEN
    assert [kind for kind, _, _ in await emails(pool)] == ["application_link", "application_received"]


async def test_nothing_is_changed_once_the_matches_are_published_except_the_goals_of_participants(
    client: httpx.AsyncClient, draft_page: str, intake: str, clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    await fill_in(client, draft_page)
    await client.post(f"{draft_page}/review")
    await pool.execute("insert into match_run values ('mile-2019', 1, 'x', default, '{\"pairs\": []}', $1, $1)", CLOSES)
    page = await client.post(f"{draft_page}/form/5", data={"keep_apart": "My cousin <Ada>", "go": "on"})
    assert page.status_code == 409
    assert "My cousin &lt;Ada&gt;" in page.text
    assert (await client.get(f"{draft_page}/form/1")).headers["location"] == f"{draft_page}/review"
    assert "You can’t change this here any more." in text_of(await client.post(f"{draft_page}/review"))
    assert "<form" not in (await client.get(f"{draft_page}/review")).text
    assert "/withdraw" not in (await client.get(draft_page)).text
    assert (await client.post(f"{draft_page}/withdraw")).status_code == 409
    await fill_in(client, intake, Side.MENTEE)
    assert (await client.post(f"{intake}/review")).status_code == 303
    clock.time = KICKOFF
    assert (await client.post(f"{intake}/form/2", data=INTAKE[1] | {"go": "on"})).status_code == 409


async def test_who_withdraws_is_asked_once_more_told_by_email_and_may_come_back_in_time(
    client: httpx.AsyncClient, draft_page: str, clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    await fill_in(client, draft_page)
    await client.post(f"{draft_page}/review")
    assert "Do you want to withdraw?" in text_of(await client.get(f"{draft_page}/withdraw"))
    assert await status(pool) is ApplicationStatus.ACCEPTED
    for _ in range(2):
        assert "Your application is withdrawn" in text_of(
            await client.post(f"{draft_page}/withdraw", follow_redirects=True)
        )
    assert await cohorts.mentors(pool, COHORT_ID) == ()
    kinds = [kind for kind, _, _ in await emails(pool)]
    assert sorted(kinds) == ["application_link", "application_received", "status_changed"]
    clock.time = CLOSES.replace(month=3)
    await client.post(f"{draft_page}/review")
    assert await status(pool) is ApplicationStatus.ACCEPTED
    assert len(await emails(pool)) == 4
    assert await pool.fetchval("select submitted_at from application where person_id = 'A001'") == clock.time


async def test_imported_mentor_changes_what_staff_imported_and_keeps_what_only_staff_write(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    imported = mentor(1, conflicts=["P02"], offers=["teaching", "leadership"], ranks=["P01"])
    await cohorts.save_cohort(pool, settings(), [imported], (), OPEN)
    page = await link(pool, "M01")
    assert "You don’t need to do anything." in text_of(await client.get(f"{page}/review"))
    await save(client, page, 5, {"keep_apart": "Ada"})
    assert "You don’t need to do anything." in text_of(await client.get(f"{page}/review"))
    await save(client, page, 4, {"capacity": "3"})
    assert "You have changes you did not submit" in text_of(await client.get(page))
    await client.post(f"{page}/review")
    (changed,) = await cohorts.mentors(pool, COHORT_ID)
    assert (changed.capacity, changed.conflicts, changed.ranks, changed.email) == (
        3,
        ("P02",),
        ("P01",),
        "m1@example.org",
    )


async def test_address_that_staff_gave_to_somebody_else_meanwhile_is_explained(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool
) -> None:
    await fill_in(client, draft_page)
    await cohorts.save_cohort(pool, settings(), (), [mentee(4, email="Solveig@example.org")], OPEN)
    refused = await client.post(f"{draft_page}/review")
    assert refused.status_code == 409
    assert "Someone in this class already uses your email address." in text_of(refused)
    assert await status(pool) is None
