"""Proposals on the staff pages: who said what until when, answers to questions, and yes or no for somebody."""

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Literal
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
from playwright.async_api import Page

from domain.formatting import format_day
from schemas.matching.messages import MatchRequest
from services.matching import compute_matches
from storage import cohorts
from tests.emails.relay import Delivery, Relay, listening, settings_for
from tests.services.conftest import FakeTemporal
from tests.web.browser import press
from tests.web.staff.conftest import COORDINATOR, SignIn
from tests.web.staff.matching.conftest import CLASS, NAMES, SETTINGS
from tests.web.staff.matching.test_matching import words
from tests.web.staff.proposals.conftest import PROPOSALS, PROPOSED, answered
from tests.web.staff.test_steps import hidden

ZONE = ZoneInfo(SETTINGS.time_zone)
PAIR = f"{PROPOSALS}/M1/P1"
QUESTION = "Could we meet online?\nI live <far> away."
ANSWERED = [(f"cohort-{CLASS}", "proposal_answered")]


@pytest.fixture
async def staff(client: httpx.AsyncClient, sign_in: SignIn, proposed_class: str) -> httpx.AsyncClient:
    """A browser in which the class's coordinator is signed in."""
    await sign_in(client, COORDINATOR)
    return client


async def take(staff: httpx.AsyncClient, path: str, typed: dict[str, str], note: str = "") -> httpx.Response:
    """Send a step's form and say yes to what it leads to."""
    preview = await staff.post(path, data=typed) if typed else await staff.get(path)
    assert preview.status_code == 200, preview.text
    return await staff.post(path, data=hidden(preview) | {"step-action": "confirm", "note": note})


async def test_both_answers_stand_side_by_side_with_the_days_that_are_left(
    staff: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await answered(pool, "P1", "mentee", "committed")
    await answered(pool, "P2", "mentor", "declined")
    page = words(await staff.get(PROPOSALS))
    said_on = format_day((PROPOSED + timedelta(days=1)).astimezone(ZONE).date(), "en_US")
    # Ten days to answer, three of which are over.
    assert f"Kao Nou Vue and Solveig Aaberg yes, {said_on} nothing yet 7 days waits for an answer" in page
    assert f"Tarik Boyd and Amina Warsame nothing yet no, {said_on} 7 days declined" in page
    # What needs staff stands first.
    assert page.index("Tarik Boyd and Amina") < page.index("Kao Nou Vue and Solveig")


async def test_question_is_answered_by_email_to_whoever_asked_and_the_answer_is_kept(
    staff: httpx.AsyncClient, pool: asyncpg.Pool, database_url: str
) -> None:
    await answered(pool, "P1", "mentee", "asked", QUESTION)
    shown = await staff.get(PROPOSALS)
    assert "Could we meet online?\nI live &lt;far&gt; away." in shown.text
    path = f"{PAIR}/reply-to-mentee"
    preview = await staff.post(path, data={"answer": "Yes.\nMost pairs do."})
    assert "Kao Nou Vue gets your answer. Solveig Aaberg does not see it." in words(preview)
    assert re.findall(r"<tr><td>([^<]+)</td><td>question answered</td>", preview.text) == ["Kao Nou Vue"]
    assert await pool.fetchval("select count(*) from question_reply") == 0
    fields = hidden(preview) | {"step-action": "confirm"}
    sent = [await staff.post(path, data=fields) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [303, 303]
    kept = await pool.fetch("select mentor_id, mentee_id, side, question, text from question_reply")
    assert [tuple(row) for row in kept] == [("M1", "P1", "mentee", QUESTION, "Yes.\nMost pairs do.")]
    events = await pool.fetch("select actor, action, details from audit_event")
    assert [(row["actor"], row["action"]) for row in events] == [(f"staff:{COORDINATOR}", "question_answered")]
    assert "pairs" not in events[0]["details"]
    assert "Most pairs do." in words(await staff.get(PROPOSALS))
    relay = Relay()
    async with listening(relay) as port:
        await Delivery(pool, settings_for(database_url, port)).deliver()
    (message,) = relay.messages
    assert message["To"] == "Kao Nou Vue <p1@example.org>"
    plain = part(message, "plain")
    assert "Yes.\nMost pairs do." in plain
    assert "> Could we meet online?\n> I live <far> away." in plain
    html = part(message, "html")
    assert "&lt;far&gt;" in html
    last_day = (PROPOSED + timedelta(days=10)).astimezone(ZONE).date()
    assert f"{last_day:%B} {last_day.day}" in plain


def part(message: EmailMessage, kind: Literal["plain", "html"]) -> str:
    body = message.get_body((kind,))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


async def test_mentors_question_is_answered_to_the_mentor(staff: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    await answered(pool, "P1", "mentor", "asked", QUESTION)
    await take(staff, f"{PAIR}/reply-to-mentor", {"answer": "Yes."})
    emails = await pool.fetch("select scope_id, recipient from outbox where kind = 'question_answered'")
    assert [tuple(email) for email in emails] == [(f"{CLASS}/M1", "mentor")]


async def test_second_answer_to_a_question_is_another_email(staff: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    await answered(pool, "P1", "mentee", "asked", QUESTION)
    for answer in ("Yes.", "No, sorry."):
        assert (await take(staff, f"{PAIR}/reply-to-mentee", {"answer": answer})).status_code == 303
    keys = await pool.fetch("select key from outbox where kind = 'question_answered'")
    assert len(keys) == 2
    page = words(await staff.get(PROPOSALS))
    assert page.index("Yes.") < page.index("No, sorry.")


@pytest.mark.parametrize("side", ["mentor", "mentee"])
async def test_there_is_nothing_to_answer_where_nobody_asked(
    staff: httpx.AsyncClient, pool: asyncpg.Pool, side: str
) -> None:
    answer = await staff.post(f"{PAIR}/reply-to-{side}", data={"answer": "Yes."})
    assert (answer.status_code, "has no open question" in answer.text) == (409, True)
    await answered(pool, "P1", side, "asked", QUESTION)
    await pool.execute("update proposal set withdrawn_at = now()")
    answer = await staff.post(f"{PAIR}/reply-to-{side}", data={"answer": "Yes."})
    assert (answer.status_code, "is not proposed any more" in answer.text) == (409, True)
    assert await pool.fetchval("select count(*) from question_reply") == 0


async def test_match_is_made_final_for_both_with_a_note(
    staff: httpx.AsyncClient, pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    preview = await staff.get(f"{PAIR}/confirm")
    assert "Solveig Aaberg with Kao Nou Vue would be final; was waiting." in words(preview)
    without = await take(staff, f"{PAIR}/confirm", {})
    assert (without.status_code, temporal.messages) == (422, [])
    assert (await take(staff, f"{PAIR}/confirm", {}, note="both called")).status_code == 303
    assert await pool.fetchval("select confirmed_at is not null from proposal where mentee_id = 'P1'")
    told = await pool.fetch("select recipient from outbox where kind = 'match_final' order by 1")
    assert [row["recipient"] for row in told] == ["mentee", "mentor"]
    assert temporal.messages == ANSWERED
    (note,) = await pool.fetch("select details ->> 'note' as note from audit_event")
    assert note["note"] == "both called"


async def test_match_is_declined_for_somebody_and_the_partner_is_not_told_why(
    staff: httpx.AsyncClient, pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    typed = {"side": "mentor", "reason": "time"}
    assert (await take(staff, f"{PAIR}/decline", typed, note="she wrote")).status_code == 303
    row = await pool.fetchrow("select mentor_answer, mentor_reason, mentee_answer from proposal where mentee_id = 'P1'")
    assert row is not None
    assert tuple(row) == ("declined", "time", None)
    assert temporal.messages == ANSWERED
    await pool.execute("update proposal set withdrawn_at = now()")
    refused = await staff.post(f"{PAIR}/decline", data=typed)
    assert refused.status_code == 409
    assert "M1 and P1 are no longer a proposed match." in refused.text
    assert 'value="mentor" checked' in refused.text


async def test_draft_that_follows_a_decline_stands_beside_what_is_proposed(
    staff: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    assert "A new draft waits" not in words(await staff.get(PROPOSALS))
    request = MatchRequest(forbid=(("M1", "P1"),))
    result = await compute_matches(pool, CLASS, request)
    run = await cohorts.save_match_run(pool, CLASS, result, datetime.now(UTC), request=request)
    has = {pair.mentee: NAMES[pair.mentor] for pair in result.pairs}
    page = await staff.get(PROPOSALS)
    assert f"Kao Nou Vue: Solveig Aaberg before, {has.get('P1', 'nobody')} now" in words(page)
    assert f'href="/staff/classes/{CLASS}/matching/runs/{run}/publish"' in page.text


async def test_page_of_proposals_shows_nobody_as_an_id(staff: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    await answered(pool, "P1", "mentee", "asked", QUESTION)
    page = words(await staff.get(PROPOSALS))
    assert "Kao Nou Vue" in page
    assert not re.search(r"\b[MP][123]\b", page)


@pytest.mark.browser
async def test_proposals_are_settled_by_keyboard(staff_page: Page, proposed_class: str, pool: asyncpg.Pool) -> None:
    await answered(pool, "P1", "mentee", "asked", QUESTION)
    await staff_page.goto(PROPOSALS)
    await press(staff_page.get_by_role("link", name="Answer Kao Nou Vue"))
    await staff_page.get_by_label("Your answer").focus()
    await staff_page.keyboard.type("Yes, you can.")
    await press(staff_page.get_by_role("button", name="See what it leads to"))
    await press(staff_page.get_by_role("button", name="Send the answer"))
    assert await pool.fetchval("select text from question_reply") == "Yes, you can."
    await press(staff_page.get_by_role("link", name="Decline: Tarik Boyd and Amina Warsame"))
