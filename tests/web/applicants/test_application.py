"""The pages of an application: begun, saved when they are left, read through as a whole."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import httpx
import pytest

from schemas.enums import Side
from storage import applicants, cohorts
from tests.clocks import HandSetClock
from tests.web.applicants.people import (
    ABOUT,
    CLOSES,
    COHORT_ID,
    GOALS,
    INTAKE,
    MENTOR,
    OFFER,
    OPEN,
    emails,
    fill_in,
    link,
    mentee,
    save,
    settings,
    status,
    text_of,
)


async def test_each_page_leads_to_the_next_and_the_last_one_to_the_whole(
    client: httpx.AsyncClient, draft_page: str
) -> None:
    led = [await save(client, draft_page, number, typed) for number, typed in enumerate(MENTOR, start=1)]
    assert led == [f"{draft_page}/form/{number}" for number in (2, 3, 4, 5)] + [f"{draft_page}/review"]
    assert await save(client, draft_page, 3, MENTOR[2], "back") == f"{draft_page}/form/2"
    assert await save(client, draft_page, 1, MENTOR[0], "back") == draft_page
    assert await save(client, draft_page, 2, MENTOR[1], "review") == f"{draft_page}/review"


async def test_mentor_applies_and_the_whole_application_is_theirs_word_by_word(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool
) -> None:
    await fill_in(client, draft_page)
    whole = text_of(await client.get(f"{draft_page}/review"))
    for words in (
        "Solveig Aaberg",
        "Clerk",
        "Public",
        "12",
        "2013",
        "Once",
        "Leadership",
        "Nobody from Duluth, please.",
    ):
        assert words in whole
    assert "Still to do" not in whole
    assert "You can submit it until the end of Sunday, March 31, 2019." in whole
    answer = await client.post(f"{draft_page}/review", follow_redirects=True)
    assert "Your application is accepted" in text_of(answer)
    (applied,) = await cohorts.mentors(pool, COHORT_ID)
    assert applied.model_dump(exclude_defaults=True, mode="json") == {
        "id": "A001",
        "email": "solveig@example.org",
        "name": "Solveig Aaberg",
        "library": "Library of Ely",
        "library_type": "public",
        "town": "Ely",
        "role": "Clerk",
        "working_style": "structured",
        "availability": ["mornings"],
        "years": 12,
        "offers": ["leadership"],
        "capacity": 2,
        "last_attended": 2013,
        "about": "I rebuilt a library after a flood.",
    }
    assert await applicants.keep_apart_requests(pool, COHORT_ID) == {"A001": "Nobody from Duluth, please."}
    assert (await emails(pool))[1:] == [("application_received", "mentor", "queued")]


async def test_participant_completes_the_intake_staff_imported(
    client: httpx.AsyncClient, intake: str, pool: asyncpg.Pool
) -> None:
    page = text_of(await client.get(intake))
    assert "Please tell us about your goals" in page
    assert "Please submit before Friday, May 10, 2019, when the mentorships start." in page
    assert 'value="Kao Nou Vue-Reyes"' in (await client.get(f"{intake}/form/1")).text
    assert await pool.fetchval("select count(*) from draft") == 0
    refused = await client.post(f"{intake}/review")
    assert refused.status_code == 422
    for name in ("goal_1", "challenges", "hopes"):
        assert f"#{name}" in refused.text
    await fill_in(client, intake, Side.MENTEE)
    answer = await client.post(f"{intake}/review", follow_redirects=True)
    assert "We have your goals" in text_of(answer)
    told = (await cohorts.mentees(pool, COHORT_ID))[0]
    assert (told.id, told.goals, told.challenges, told.hopes) == (
        "P01",
        ("Lead the weekly meeting",),
        "Being heard.",
        "An honest ear.",
    )
    assert await emails(pool) == [("application_received", "mentee", "queued")]


async def test_participant_whose_intake_was_imported_whole_has_nothing_to_do(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    goals = [f"Goal {number}" for number in range(1, 6)]
    await cohorts.save_cohort(pool, settings(), (), [mentee(4, **GOALS | {"goals": goals})], OPEN)
    page = await link(pool, "P04")
    assert "We have your goals" in text_of(await client.get(page))
    assert "You don’t need to do anything." in text_of(await client.get(f"{page}/review"))
    await save(client, page, 2, {"goal_1": "Another", "goal_2": "Goal 2", "goal_3": ""})
    await client.post(f"{page}/review")
    changed = (await cohorts.mentees(pool, COHORT_ID))[3]
    assert changed.goals == ("Another", "Goal 2", "Goal 4", "Goal 5")


async def test_half_a_page_is_kept_and_whatever_is_wrong_is_named_at_the_end(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool
) -> None:
    await save(client, draft_page, 1, {"name": " Solveig "})
    await save(client, draft_page, 2, {"years": "twelve <b>", "last_attended": "1850"})
    page = await client.get(f"{draft_page}/form/2")
    assert 'value="twelve &lt;b&gt;"' in page.text
    assert "Please enter a whole number from 0 to 70, such as 3." in page.text
    refused = await client.post(f"{draft_page}/review")
    assert refused.status_code == 422
    assert "We saved it, but you have not submitted it yet" in refused.text
    assert f'<a href="{draft_page}/form/2?check=yes#years">' in refused.text
    assert f'<a href="{draft_page}/form/1?check=yes#role">' in refused.text
    assert "Please enter a whole number from 1900 to 2200." in refused.text
    assert "Please answer this question." not in (await client.get(f"{draft_page}/form/1")).text
    checked = (await client.get(f"{draft_page}/form/1?check=yes")).text
    assert "<title>Please correct: About you (page 1 of 5) – MILE</title>" in checked
    assert "Please complete this before you submit:" in checked
    assert '<a href="#role">What is your job title? – Please answer this question.</a>' in checked
    assert await status(pool) is None


async def test_mentor_who_left_in_the_middle_finds_everything_at_the_same_link(
    client: httpx.AsyncClient, draft_page: str, clock: HandSetClock
) -> None:
    await save(client, draft_page, 1, ABOUT)
    await save(client, draft_page, 3, OFFER)
    clock.time = CLOSES.replace(month=3)
    page = text_of(await client.get(draft_page))
    assert "You have not submitted your application yet" in page
    assert "You can submit it until the end of Sunday, March 31, 2019." in page
    assert "Continue" in page
    assert 'value="Library of Ely"' in (await client.get(f"{draft_page}/form/1")).text
    assert 'value="leadership" checked' in (await client.get(f"{draft_page}/form/3")).text


async def test_two_tabs_save_two_pages_and_neither_loses_the_others(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool
) -> None:
    await asyncio.gather(*(save(client, draft_page, number, typed) for number, typed in enumerate(MENTOR, start=1)))
    applicant = await applicants.applicant(pool, COHORT_ID, "A001")
    everything: dict[str, str] = {}
    for typed in MENTOR:
        everything |= typed
    assert applicant.answers == everything


async def test_two_tabs_of_a_participants_first_save_lose_nothing(
    client: httpx.AsyncClient, intake: str, pool: asyncpg.Pool
) -> None:
    await asyncio.gather(*(save(client, intake, number, typed) for number, typed in enumerate(INTAKE, start=1)))
    applicant = await applicants.applicant(pool, COHORT_ID, "P01")
    assert (applicant.answers["name"], applicant.answers["hopes"], applicant.answers["wants"]) == (
        "Kao Nou Vue-Reyes",
        "An honest ear.",
        "leadership",
    )


async def test_emptied_answers_and_unticked_boxes_are_taken_back(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool
) -> None:
    await save(client, draft_page, 3, OFFER)
    await save(client, draft_page, 3, {"about": ""})
    assert (await applicants.applicant(pool, COHORT_ID, "A001")).answers == {}


async def test_post_without_one_of_our_buttons_empties_nothing(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool
) -> None:
    await save(client, draft_page, 1, ABOUT)
    for typed in ({}, {"name": "Somebody else"}, {"name": "x", "go": "away"}):
        page = await client.post(f"{draft_page}/form/1", data=typed)
        assert page.status_code == 422
        assert f'value="{typed.get("name", "Solveig Aaberg")}"' in page.text
        assert 'value="Library of Ely"' in page.text
    assert (await applicants.applicant(pool, COHORT_ID, "A001")).answers == ABOUT


async def test_beginning_twice_at_once_is_one_application(client: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    typed = [{"email": email} for email in ("a@example.org", "A@example.org", "b@example.org")] * 4
    await asyncio.gather(*(client.post(f"/apply/{COHORT_ID}", data=each) for each in typed))
    assert sorted(row["person_id"] for row in await pool.fetch("select person_id from draft")) == ["A001", "A002"]
    assert len(await emails(pool)) == 2


async def test_thousandth_applicant_gets_an_id_of_their_own(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool
) -> None:
    assert draft_page
    await pool.execute("update draft set person_id = 'A999'")
    for email in ("m@example.org", "n@example.org"):
        await client.post(f"/apply/{COHORT_ID}", data={"email": email})
    people = [row["person_id"] for row in await pool.fetch("select person_id from draft order by email")]
    assert people == ["A1000", "A1001", "A999"]


@pytest.mark.parametrize("below", ["", "/form/1", "/review", "/withdraw"])
async def test_unknown_and_revoked_links_show_the_same_page(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool, below: str
) -> None:
    await pool.execute("update personal_link set revoked_at = now()")
    typed = {"about": "A few words of mine", "go": "on"}
    for address in (draft_page, f"/a/{'a' * 26}", "/a/x"):
        answers = [await client.get(f"{address}{below}")]
        if below:
            answers.append(await client.post(f"{address}{below}", data=typed))
            assert below == "/review" or "A few words of mine" in answers[1].text
        assert {answer.status_code for answer in answers} == {404}
        assert "This link does not work" in answers[0].text


@pytest.mark.parametrize("number", ["0", "6", "-1", "x", "1" * 5000, "²"])
async def test_page_that_is_not_there_is_said_to_be_so(client: httpx.AsyncClient, draft_page: str, number: str) -> None:
    assert (await client.get(f"{draft_page}/form/{number}")).status_code == 404
    assert (await client.post(f"{draft_page}/form/{number}", data={"go": "on"})).status_code == 404


async def test_personal_link_opens_until_its_last_day_and_looks_unknown_after_it(
    client: httpx.AsyncClient, draft_page: str, clock: HandSetClock
) -> None:
    paths = (draft_page, f"{draft_page}/form/1", f"{draft_page}/review")
    unknown = (await client.get("/a/" + "a" * 26)).text
    # The class's time zone is five hours behind UTC in May.
    clock.time = datetime(2022, 5, 11, 4, 59, tzinfo=UTC)
    assert (await client.get(draft_page)).status_code == 200
    clock.time = datetime(2022, 5, 11, 5, 1, tzinfo=UTC)
    ended = [await client.get(path) for path in paths]
    assert {(page.status_code, page.text) for page in ended} == {(404, unknown)}
