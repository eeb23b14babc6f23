"""The public pages of a class: what they say in each state of the window, and who is sent a link."""

import asyncpg
import httpx
import pytest

from emails.kinds.application_link.context import ApplicationLinkEmail
from schemas.cohort.settings import CohortSettings
from services.applicants import ApplicantService
from storage import cohorts
from tests.clocks import HandSetClock
from tests.web.applicants.people import (
    BEFORE,
    CLOSES,
    KICKOFF,
    OPEN,
    SETTINGS,
    emails,
    mentee,
    mentor,
    settings,
    text_of,
)
from tests.web.conftest import RecordingService
from web.app import create_app
from web.middleware.rate_limit import RateLimit, RateLimits

APPLY, ASK = "/apply/mile-2019", "/ask/mile-2019"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            BEFORE,
            "Applications open on Friday, February 1, 2019 . You can apply until the end of Sunday, March 31, 2019.",
        ),
        (OPEN, "Applications are open. You can apply until the end of Sunday, March 31, 2019 ."),
        (CLOSES, "Applications for this class closed on Sunday, March 31, 2019, but there is a waiting list ."),
        (KICKOFF, "Applications for this class are closed. The last day was Sunday, March 31, 2019."),
    ],
    ids=["not yet open", "open", "waiting list", "closed"],
)
async def test_page_says_where_the_window_stands(
    client: httpx.AsyncClient, clock: HandSetClock, now: object, said: str
) -> None:
    clock.time = now  # type: ignore[assignment]
    page = text_of(await client.get(APPLY))
    assert said in page
    assert "last 18 months, until Tuesday, November 10, 2020 ." in page
    assert "You have worked in libraries for 5 years or more" in page
    assert "it was 2 years or more before this class" in page


async def test_page_promises_the_time_that_the_email_with_the_link_names(client: httpx.AsyncClient) -> None:
    assert f"It takes about {ApplicationLinkEmail.takes_minutes} minutes." in text_of(await client.get(APPLY))


async def test_class_without_a_waiting_list_is_closed_and_an_extended_window_is_open_again(
    client: httpx.AsyncClient, clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    clock.time = CLOSES
    await cohorts.save_settings(pool, settings(waiting_list=False), OPEN)
    assert "Applications for this class are closed." in text_of(await client.get(APPLY))
    await cohorts.save_settings(pool, settings(closes_on="2019-04-14"), OPEN)
    assert "You can apply until the end of Sunday, April 14, 2019" in text_of(await client.get(APPLY))


async def test_class_nobody_applies_to_says_whom_to_ask(client: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    without = CohortSettings.model_validate({name: each for name, each in SETTINGS.items() if name != "applications"})
    await cohorts.save_settings(pool, without, OPEN)
    assert "please email the Mentorship Subcommittee Chair" in text_of(await client.get(APPLY))


@pytest.mark.parametrize("path", ["/apply/mile-2017", "/ask/mile-2017", "/apply/%00", "/apply/MILE", "/ask/x%0ay"])
async def test_unknown_class_is_not_there(client: httpx.AsyncClient, path: str) -> None:
    for answer in (await client.get(path), await client.get(f"{path}/sent"), await client.post(path, data={})):
        assert answer.status_code == 404


async def test_banner_counts_the_places_that_are_missing_and_goes_when_there_are_enough(
    client: httpx.AsyncClient, clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    assert "Mentors still needed: 3" in text_of(await client.get(APPLY))
    await cohorts.save_cohort(pool, settings(), [mentor(1, capacity=2)], (), OPEN)
    assert "Mentors still needed: 1" in text_of(await client.get(APPLY))
    await pool.execute("update application set status = 'withdrawn' where person_id = 'P03'")
    assert "Mentors still needed" not in text_of(await client.get(APPLY))
    await pool.execute("update application set status = 'ineligible' where person_id = 'M01'")
    assert "Mentors still needed: 2" in text_of(await client.get(APPLY))
    clock.time = BEFORE
    assert "Mentors still needed" not in text_of(await client.get(APPLY))


async def test_expected_participants_count_until_the_first_is_on_the_list(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await pool.execute("delete from application")
    await cohorts.save_cohort(pool, settings(expected_participants=25), [mentor(1, capacity=2)], (), OPEN)
    for path in ("/", APPLY):
        assert "Mentors still needed: 23" in text_of(await client.get(path))
    await cohorts.save_cohort(pool, settings(expected_participants=25), (), [mentee(n) for n in (1, 2, 3)], OPEN)
    for path in ("/", APPLY):
        assert "Mentors still needed: 1" in text_of(await client.get(path))


async def test_beginning_answers_everybody_alike_and_sends_each_their_own_link(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await cohorts.save_cohort(pool, settings(), [mentor(1)], [mentee(4, email="Kao@Example.org")], OPEN)
    answers = []
    for email in ("new@example.org", "m1@example.org", "kao@example.org", " New@example.org "):
        sent = await client.post(APPLY, data={"email": email}, follow_redirects=True)
        answers.append((sent.status_code, sent.text))
    assert len(set(answers)) == 1
    assert "We sent you an email with a link." in answers[0][1]
    rows = await pool.fetch("select scope_id, kind, recipient from outbox order by scope_id")
    assert [tuple(row) for row in rows] == [
        ("mile-2019/A001", "application_link", "mentor"),
        ("mile-2019/M01", "application_link", "mentor"),
        ("mile-2019/P04", "application_link", "mentee"),
    ]
    assert [row["person_id"] for row in await pool.fetch("select person_id from draft")] == ["A001"]


async def test_nobody_new_begins_while_the_window_is_closed_and_whoever_began_gets_the_link_again(
    client: httpx.AsyncClient, clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    await client.post(APPLY, data={"email": "early@example.org"})
    await pool.execute("update outbox set state = 'sent'")
    for now in (KICKOFF, BEFORE):
        clock.time = now
        assert "Already started an application?" in text_of(await client.get(APPLY))
        for email in ("late@example.org", "early@example.org"):
            sent = await client.post(APPLY, data={"email": email}, follow_redirects=True)
            assert "You get it if you have started an application." in text_of(sent)
    assert await pool.fetchval("select count(*) from draft") == 1
    assert await emails(pool) == [("application_link", "mentor", "sent"), ("application_link", "mentor", "queued")]


async def test_mailbox_cannot_be_filled_by_typing_its_address(client: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    for _ in range(12):
        await client.post(APPLY, data={"email": "solveig@example.org"})
    assert len(await emails(pool)) == 1
    await pool.execute("update outbox set state = 'sent', due_at = due_at - interval '1 hour'")
    for _ in range(12):
        await client.post(APPLY, data={"email": "solveig@example.org"})
        await pool.execute("update outbox set state = 'sent', due_at = due_at - interval '10 minutes'")
    assert len(await emails(pool)) == 4


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "a@b@c", "a b@example.org", "a\x00\n@example.org", "x" * 300 + "@example.org", "zoë@example.org"],
)
async def test_what_is_no_address_comes_back_as_it_was_typed(
    client: httpx.AsyncClient, pool: asyncpg.Pool, email: str
) -> None:
    page = await client.post(APPLY, data={"email": email})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert email.strip() == "" or email.split("\x00", maxsplit=1)[0] in page.text
    assert await emails(pool) == []


async def test_question_before_applying_goes_to_staff_and_asks_for_nothing_else(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    assert ASK in (await client.get(APPLY)).text
    asked = {"email": "curious@example.org", "text": "Is it much work?\r\nI have little time."}
    sent = await client.post(ASK, data=asked, follow_redirects=True)
    assert "The Mentorship Subcommittee Chair will answer by email." in text_of(sent)
    row = await pool.fetchrow("select * from inquiry")
    assert row is not None
    assert (row["name"], row["email"], row["text"]) == ("", asked["email"], "Is it much work?\nI have little time.")
    assert await emails(pool) == [("inquiry", "staff", "queued")]
    assert await pool.fetchval("select key from outbox") == f"mile-2019/inquiry/{row['id']}/staff/0"
    assert await pool.fetchval("select count(*) from draft") == 0


async def test_question_about_a_class_that_is_archived_is_not_taken_because_no_email_would_bring_it(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await pool.execute("update cohort set archived_at = now()")
    answer = await client.post(ASK, data={"email": "late@example.org", "text": "Is there another class?"})
    words = text_of(answer)
    assert (answer.status_code, "This class is over, and takes no more questions here." in words) == (409, True)
    assert "Is there another class?" in words
    assert "chair@example.org" in words
    assert (await emails(pool), await pool.fetchval("select count(*) from inquiry")) == ([], 0)


async def test_page_of_an_archived_class_promises_no_link_because_no_email_would_bring_it(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await pool.execute("update cohort set archived_at = now()")
    answers = [
        await client.get(APPLY),
        await client.post(APPLY, data={"email": "late@example.org"}),
        await client.get(ASK),
    ]
    assert [answer.status_code for answer in answers] == [200, 409, 200]
    assert ["This class is over" in text_of(answer) for answer in answers] == [True] * 3
    assert ["chair@example.org" in answer.text for answer in answers] == [True] * 3
    assert ["<form" in answer.text for answer in answers] == [False] * 3
    assert (await emails(pool), await pool.fetchval("select count(*) from draft")) == ([], 0)


@pytest.mark.parametrize(
    ("email", "words", "said"),
    [
        ("ada@example.org", " ", "Please answer this question."),
        ("zoë@example.org", "Is it much work?", "Please enter one with plain letters before the @"),
    ],
)
async def test_question_that_cannot_be_taken_comes_back_with_what_was_typed(
    client: httpx.AsyncClient, pool: asyncpg.Pool, email: str, words: str, said: str
) -> None:
    page = await client.post(ASK, data={"name": "Ada <b>", "email": email, "text": words})
    assert page.status_code == 422
    assert said in text_of(page)
    assert 'value="Ada &lt;b&gt;"' in page.text
    assert f'value="{email}"' in page.text
    assert f"{words}</textarea>" in page.text
    assert await emails(pool) == []


async def test_machine_that_types_addresses_is_asked_to_wait(
    pool: asyncpg.Pool, cohort: str, clock: HandSetClock
) -> None:
    applicants = ApplicantService(pool, clock)
    limits = RateLimits(emails=RateLimit(2, 0.0))
    transport = httpx.ASGITransport(app=create_app(RecordingService(), applicants=applicants, limits=limits))
    async with httpx.AsyncClient(transport=transport, base_url="https://mile.example.org") as client:
        posts = [(APPLY, {"email": "a@example.org"}), (ASK, {"email": "a@example.org", "text": "Why?"})]
        answers = [(await client.post(path, data=typed)).status_code for path, typed in (*posts, *posts)]
        assert answers == [303, 303, 429, 429]
        assert (await client.get(APPLY)).status_code == 200
    assert len(await emails(pool)) == 2
