"""What participants do on their own page: each step is stored, recorded and confirmed, and no partner learns of it."""

from datetime import UTC, datetime, timedelta
from typing import cast

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from domain.mentorship.response_effects import apply_answer, resolve_concerns
from domain.mentorship.terms import initial_terms
from emails.links import token_hash
from emails.samples import SAMPLE_COHORT
from schemas.enums import EndingReason, Outcome, Side
from schemas.mentorship.changes import EndRequest
from schemas.mentorship.responses import StoredReminderLink
from schemas.mentorship.state import Answer, MentorshipState
from schemas.mentorship.what_if import WhatIf
from services.leavings import end_due
from services.signals import ResponseSignaler
from storage import mentorships, personal_links, reminders, responses
from tests.clocks import HandSetClock
from tests.emails.stored import PAIR, PLAN
from tests.services.conftest import FakeTemporal
from tests.web.applicants.people import text_of
from tests.web.browser import assert_without_barriers, follow, open_browser_page, served
from tests.web.participants.own_page.people import COHORT, context_of, read_all

CALL = {"about": "not_working", "words": "we never talk about goals"}
SIGNAL = (f"mentorship-{PAIR}", "response_received")


async def act(client: httpx.AsyncClient, mine: str, step: str, **typed: str) -> str:
    """Take a step and return what the page says then."""
    taken = await client.post(f"{mine}/{PAIR}/{step}", data=typed, follow_redirects=True)
    assert taken.status_code == 200, text_of(taken)
    return text_of(taken)


@pytest.fixture
async def reminded(pool: asyncpg.Pool, mine: dict[Side, str]) -> None:
    """The mentee has had an email with a link that pauses reminders."""
    link = StoredReminderLink(token_hash=b"reminders", key_id="0", mentorship_id=PAIR, side=Side.MENTEE)
    await reminders.ensure_link(pool, COHORT, "P01", link)


async def test_call_is_asked_for_once_and_only_staff_learn_of_it(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    before = await read_all(client, mine[Side.MENTOR])
    said = await act(client, mine[Side.MENTEE], "call", **CALL)
    assert "We told staff that you would like a call. We did not tell your partner." in said
    assert "You asked for a call on" in said
    await act(client, mine[Side.MENTEE], "call", **CALL)
    assert temporal.messages == [SIGNAL]
    [row] = await pool.fetch("select side, about, words, signal_payload::text from call_request")
    assert (row["side"], row["about"], row["words"]) == ("mentee", *CALL.values())
    assert "goals" not in row["signal_payload"]
    [event] = await pool.fetch("select actor, action, details::text from audit_event")
    assert tuple(event) == ("participant:P01", "call_requested", "{}")
    assert await read_all(client, mine[Side.MENTOR]) == before


async def test_call_is_stored_while_temporal_is_away_and_signaled_later(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, temporal: FakeTemporal, clock: HandSetClock
) -> None:
    temporal.away = True
    await act(client, mine[Side.MENTEE], "call", about="call")
    assert temporal.messages == []
    temporal.away = False
    [pending] = await responses.unsignaled(pool)
    assert pending.answer.call_requested
    # By PostgreSQL's clock, which is not set by hand.
    assert datetime.now(UTC) - pending.answer.stored_at < timedelta(minutes=1)
    await ResponseSignaler(pool, cast(Client, temporal)).signal(pending)
    assert temporal.messages == [SIGNAL]
    assert await responses.unsignaled(pool) == []


async def test_workflow_tells_staff_of_each_request_after_they_dealt_with_the_one_before(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    for about in ("call", "not_working"):
        await act(client, mine[Side.MENTEE], "call", about=about)
    rows = await pool.fetch("select signal_payload from call_request order by revision")
    first, second = (Answer.model_validate_json(row["signal_payload"]) for row in rows)
    state = MentorshipState(terms=initial_terms(SAMPLE_COHORT, PAIR), plan=PLAN)
    asked = apply_answer(state, first)
    assert asked.open_call_requests == ("mentee:call_request",)
    assert [email.about for email in asked.pending_emails] == [Side.MENTEE]
    assert asked.answers == ()
    # While it is open, another request is the same call.
    assert apply_answer(asked, second) == asked
    again = apply_answer(resolve_concerns(asked), second)
    assert len({email.key for email in again.pending_emails}) == 2


async def test_call_is_refused_in_words_after_the_end(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await pool.execute("update mentorship set outcome = 'completed'")
    refused = await client.post(f"{mine[Side.MENTEE]}/{PAIR}/call", data=CALL)
    assert refused.status_code == 409
    assert "Your mentorship has ended. Please write to us" in text_of(refused)
    assert CALL["words"] in refused.text
    assert await pool.fetchval("select count(*) from call_request") == 0


async def test_names_pronouns_and_how_to_be_reached_are_changed_for_both_pages(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    form = await client.get(f"{mine[Side.MENTEE]}/{PAIR}/details")
    assert 'value="Person P"' in form.text
    typed = {"name": "Pao Lindqvist", "preferred_name": "Pao", "pronouns": "they/them", "reach": "Text me after 4"}
    assert "We saved your changes." in await act(client, mine[Side.MENTEE], "details", **typed)
    partners = text_of(await client.get(mine[Side.MENTOR], follow_redirects=True))
    assert "Your mentorship with Pao Lindqvist" in partners
    assert "Pao Lindqvist (they/them)" in partners
    assert "Text me after 4" in partners
    person = (await mentorships.partners(pool, PAIR)).mentee
    assert (person.short_name, person.email, person.library) == ("Pao", "p@example.org", "Library of Ely")
    # The same again is no change.
    await act(client, mine[Side.MENTEE], "details", **typed)
    assert await pool.fetchval("select count(*) from audit_event where action = 'details_changed'") == 1
    missing = await client.post(f"{mine[Side.MENTEE]}/{PAIR}/details", data=typed | {"name": ""})
    assert missing.status_code == 422


@pytest.mark.usefixtures("reminded")
async def test_reminders_are_paused_until_a_day_and_come_again_then(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    said = await act(client, mine[Side.MENTEE], "pause", until="2019-08-20")
    assert "Your reminders are paused until August 20, 2019" in said
    link = await reminders.link_of(pool, COHORT, "P01")
    assert link
    # From midnight in Minnesota on.
    assert [link.is_paused(clock.time + timedelta(days=days)) for days in (0, 20, 21)] == [True, True, False]
    assert "Your reminders are paused" not in text_of(await client.get(f"{mine[Side.MENTOR]}/{PAIR}"))
    assert "You get reminders again." in await act(client, mine[Side.MENTEE], "resume")
    link = await reminders.link_of(pool, COHORT, "P01")
    assert link
    assert not link.is_paused(clock.time + timedelta(seconds=1))
    past = await client.post(f"{mine[Side.MENTEE]}/{PAIR}/pause", data={"until": "2019-07-30"})
    assert past.status_code == 409
    assert "Please choose a day after today" in text_of(past)
    actions = await pool.fetch("select action from audit_event order by id")
    assert [row["action"] for row in actions] == ["reminders_paused", "reminders_resumed"]


async def test_new_link_is_emailed_and_the_old_one_opens_nothing(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    asked = await client.post(f"{mine[Side.MENTEE]}/{PAIR}/new-link")
    assert "We sent you a new link." in text_of(asked)
    assert (await client.get(f"{mine[Side.MENTEE]}/{PAIR}")).status_code == 404
    assert await personal_links.owner(pool, token_hash(mine[Side.MENTEE].split("/")[2])) is None
    assert (await client.get(f"{mine[Side.MENTOR]}/{PAIR}")).status_code == 200
    [email] = await pool.fetch("select kind, recipient, scope_id from outbox")
    assert tuple(email) == ("open_links", "mentee", PAIR)


async def test_leaving_is_asked_twice_and_told_to_staff_alone(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    before = await read_all(client, mine[Side.MENTOR])
    asked = await act(client, mine[Side.MENTEE], "leave", reason="time")
    assert "Your mentorship with Person M would end on Tuesday, August 6, 2019." in asked
    assert await pool.fetchval("select count(*) from leaving") == 0
    left = await act(client, mine[Side.MENTEE], "leave", reason="time", act="leave")
    assert "You are leaving on August 6, 2019" in left
    assert temporal.messages == [SIGNAL]
    assert await read_all(client, mine[Side.MENTOR]) == before
    # A second click is no second leaving.
    await act(client, mine[Side.MENTEE], "leave", reason="fit", act="leave")
    assert [row["reason"] for row in await pool.fetch("select reason from leaving")] == ["time"]


async def test_leaving_is_taken_back_for_a_week_and_then_ends_the_mentorship(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, temporal: FakeTemporal, clock: HandSetClock
) -> None:
    services = context_of(pool, temporal, clock)
    await act(client, mine[Side.MENTOR], "leave", reason="time", act="leave")
    clock.time += timedelta(days=6, hours=23)
    assert await end_due(services) == 0
    assert "You stay." in await act(client, mine[Side.MENTOR], "stay")
    clock.time += timedelta(days=7)
    assert await end_due(services) == 0
    await act(client, mine[Side.MENTOR], "leave", reason="circumstances", act="leave")
    clock.time += timedelta(days=7)
    temporal.answers["what_if"] = WhatIf(ends_on=clock.time.date(), ends_on_before=clock.time.date())
    assert await end_due(services) == 1
    [request] = cast(tuple[EndRequest], temporal.arguments["end"])
    assert (request.outcome, request.reason) == (Outcome.MENTOR_WITHDREW, EndingReason.CIRCUMSTANCES)
    assert await end_due(services) == 0
    actions = await pool.fetch("select action, actor from audit_event order by id")
    assert [row["action"] for row in actions] == ["leaving_asked", "leaving_undone", "leaving_asked", "ended"]
    assert {row["actor"] for row in actions} == {"participant:M01"}
    assert not (await client.post(f"{mine[Side.MENTOR]}/{PAIR}/stay")).is_error


async def test_leaving_waits_for_temporal_and_is_done_where_the_mentorship_is_over(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, temporal: FakeTemporal, clock: HandSetClock
) -> None:
    services = context_of(pool, temporal, clock)
    await act(client, mine[Side.MENTEE], "leave", reason="time", act="leave")
    clock.time += timedelta(days=8)
    temporal.away = True
    assert await end_due(services) == 0
    assert await pool.fetchval("select done_at from leaving") is None
    temporal.away = False
    temporal.answers["what_if"] = WhatIf(ends_on=clock.time.date(), ends_on_before=clock.time.date())
    temporal.results["end"] = WorkflowUpdateFailedError(ApplicationError("It is over."))
    assert await end_due(services) == 0
    # Only what is recorded says so: a refusal alone may have other reasons.
    assert await pool.fetchval("select done_at from leaving") is None
    await pool.execute("update mentorship set outcome = 'ended_early'")
    assert await end_due(services) == 0
    assert await pool.fetchval("select done_at from leaving") is not None
    refused = await client.post(f"{mine[Side.MENTEE]}/{PAIR}/leave", data={"reason": "time", "act": "leave"})
    assert refused.status_code == 409


@pytest.mark.usefixtures("reminded")
async def test_looking_at_a_step_takes_none(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    for step in ("call", "details", "address", "pause", "resume", "new-link", "leave"):
        assert (await client.get(f"{mine[Side.MENTEE]}/{PAIR}/{step}")).status_code == 200
    assert await pool.fetchval("select count(*) from audit_event") == 0
    assert (await client.get(f"{mine[Side.MENTEE]}/{PAIR}/leave-at-once")).status_code == 404


@pytest.mark.browser
@pytest.mark.usefixtures("reminded")
async def test_steps_work_in_a_browser_without_barriers(
    app: Starlette, browser: Browser, mine: dict[Side, str]
) -> None:
    async with served(app) as site, open_browser_page(browser, site) as page:
        for link, button in (
            ("Change your name or how to reach you", "Save my changes"),
            ("Pause reminders", "Pause reminders"),
            ("Get reminders again", "Send me reminders again"),
        ):
            await page.goto(f"{mine[Side.MENTEE]}/{PAIR}")
            await follow(page.get_by_role("link", name=link))
            await assert_without_barriers(page)
            await follow(page.get_by_role("button", name=button))
            await assert_without_barriers(page)
        await follow(page.get_by_role("link", name="Ask for a call, or say"))
        await follow(page.get_by_role("button", name="Ask for a call"))
        assert await page.get_by_role("alert").is_visible()
        await assert_without_barriers(page)
        await page.get_by_label("Please call me").check()
        await follow(page.get_by_role("button", name="Ask for a call"))
        assert await page.get_by_role("status").is_visible()
        await follow(page.get_by_role("link", name="Leave your mentorship"))
        await assert_without_barriers(page)
        await page.get_by_label("I have too little time").check()
        await follow(page.get_by_role("button", name="Show me what happens"))
        await assert_without_barriers(page)
        await follow(page.get_by_role("button", name="Leave on"))
        await assert_without_barriers(page)
        await follow(page.get_by_role("button", name="I want to stay"))
        await follow(page.get_by_role("link", name="Get a new link"))
        await assert_without_barriers(page)


async def test_a_language_that_can_be_chosen_is_read_aloud_as_it_is_spoken(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await pool.execute("""update cohort set settings = settings || '{"languages": ["en", "es"]}'""")
    page = await client.get(f"{mine[Side.MENTEE]}/{PAIR}/details")
    assert '<html lang="en"' in page.text
    assert '<span lang="es">Español</span>' in page.text
