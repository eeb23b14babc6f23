"""A step of staff on a page: nothing without a yes to what was shown, and nothing twice."""

import html
import re
from datetime import UTC, date, datetime

import asyncpg
import httpx
import pytest

from schemas.enums import EmailKind, Phase
from schemas.errors import Refusal
from schemas.mentorship.changes import ChangeResult
from schemas.mentorship.state import Progress
from schemas.mentorship.what_if import WhatIf
from schemas.preview import Preview, PreviewedEmail
from tests.services.conftest import FakeTemporal
from tests.web.staff.conftest import CHAIR, COORDINATOR, SignIn
from web.staff.steps import preview_fingerprint

PAUSE = "/staff/mentorships/mile-2019-001/pause"
END = "/staff/mentorships/mile-2019-001/end"
TYPED = {"from_on": "2019-07-01", "until_on": "2019-08-01"}


def what_if(ends_on: date = date(2020, 12, 11)) -> WhatIf:
    return WhatIf(ends_on_before=date(2020, 11, 10), ends_on=ends_on)


@pytest.fixture
def temporal() -> FakeTemporal:
    results: dict[str, object] = dict.fromkeys(("pause", "end"), ChangeResult(ends_on=date(2020, 12, 11)))
    progress = Progress(now=datetime.now(UTC), phase=Phase.ENABLING, quarter=1, next_due_at=None)
    return FakeTemporal(answers={"what_if": what_if(), "progress": progress, "timeline": []}, results=results)


def hidden(page: httpx.Response) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in fields}


async def look(client: httpx.AsyncClient, path: str = PAUSE, typed: dict[str, str] = TYPED) -> dict[str, str]:
    """Send the form as far as the page that says what it leads to, and return what that page sends."""
    page = await client.post(path, data=typed)
    assert page.status_code == 200, page.text
    return hidden(page) | {"step-action": "confirm", "note": "they asked for it"}


async def test_step_is_taken_once_by_the_person_who_said_yes(
    client: httpx.AsyncClient, sign_in: SignIn, temporal: FakeTemporal, pool: asyncpg.Pool
) -> None:
    await sign_in(client, COORDINATOR)
    page = await client.post(PAUSE, data=TYPED)
    assert "mile-2019-001 would end on 2020-12-11, instead of 2020-11-10." in page.text
    assert "To undo it: resume it." in page.text
    # What a participant's page says of the way back.
    assert "Back to your mentorship" not in page.text
    assert temporal.messages == []
    fields = await look(client)
    answers = [await client.post(PAUSE, data=fields) for _ in range(2)]
    assert [(answer.status_code, answer.headers["location"].partition("?")[0]) for answer in answers] == [
        (303, "/staff/mentorships/mile-2019-001")
    ] * 2
    assert temporal.messages == [("mentorship-mile-2019-001", "pause")]
    events = await pool.fetch("select actor, action, details ->> 'note' as note, completed from audit_event")
    assert [tuple(event) for event in events] == [(f"staff:{COORDINATOR}", "paused", "they asked for it", True)]
    shown = await client.get(answers[1].headers["location"])
    assert "mile-2019-001 ends on 2020-12-11, instead of 2020-11-10." in shown.text


async def test_what_changed_meanwhile_is_shown_instead_of_done(
    client: httpx.AsyncClient, sign_in: SignIn, temporal: FakeTemporal
) -> None:
    await sign_in(client, CHAIR)
    fields = await look(client)
    temporal.answers["what_if"] = what_if(date(2021, 1, 11))
    page = await client.post(PAUSE, data=fields)
    assert (page.status_code, temporal.messages) == (200, [])
    assert "Something changed since you looked" in page.text
    assert "would end on 2021-01-11" in page.text
    assert "they asked for it" in page.text
    # What is shown now can be said yes to.
    await client.post(PAUSE, data=hidden(page) | {"step-action": "confirm"})
    assert temporal.messages == [("mentorship-mile-2019-001", "pause")]


def test_email_that_leaves_some_minutes_after_the_yes_is_the_same_however_long_somebody_reads() -> None:
    def seen(minute: int, *, soon: bool) -> str:
        at = datetime(2026, 12, 1, 17, minute, tzinfo=UTC)
        email = PreviewedEmail(to="M01", kind=EmailKind.KICKOFF_CHANGED, at=at, soon=soon)
        return preview_fingerprint(Preview(changes=("The venue would be Birch Lodge.",), emails=(email,)))

    assert seen(15, soon=True) == seen(19, soon=True)
    assert seen(15, soon=False) != seen(19, soon=False)


async def test_refused_form_keeps_what_was_typed(
    client: httpx.AsyncClient, sign_in: SignIn, temporal: FakeTemporal
) -> None:
    await sign_in(client, CHAIR)
    for until in ("soon", "0026-08-01", "9999-12-31"):
        wrong = await client.post(PAUSE, data=TYPED | {"until_on": until})
        assert wrong.status_code == 422, until
    assert 'value="2019-07-01"' in wrong.text
    fields = await look(client)
    temporal.results["pause"] = Refusal("The mentorship is paused already.")
    refused = await client.post(PAUSE, data=fields)
    assert refused.status_code == 409
    assert "The mentorship is paused already." in refused.text
    assert 'value="2019-08-01"' in refused.text
    # The same page may be sent again once nothing is in the way.
    temporal.results["pause"] = ChangeResult(ends_on=date(2020, 12, 11))
    assert (await client.post(PAUSE, data=fields)).status_code == 303


async def test_link_chooses_in_advance_but_types_nothing(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, COORDINATOR)
    path = "/staff/mentorships/mile-2019-001/contact"
    page = (await client.get(f"{path}?side=mentee&email=thief@example.org&name=Thief")).text
    assert re.search(r'value="mentee" checked', page)
    assert "thief" not in page.lower()


async def test_address_is_changed_in_a_session_that_has_just_begun(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, COORDINATOR)
    path, typed = "/staff/mentorships/mile-2019-001/contact", {"side": "mentee", "email": "new@example.org"}
    fields = await look(client, path, typed)
    await pool.execute("update staff_session set authenticated_at = now() - interval '16 minutes'")
    assert (await client.post(path, data=fields)).status_code == 403
    assert await pool.fetchval("select count(*) from application where email = 'new@example.org'") == 0


async def test_no_form_to_replace_a_mentor_is_shown_where_nobody_can_take_over(
    client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    await sign_in(client, COORDINATOR)
    page = await client.get("/staff/mentorships/mile-2019-001/replace")
    assert page.status_code == 409
    assert "has a free place. Import one, or raise a mentor&#39;s capacity; then try again." in page.text
    assert "Who takes over?" not in page.text


async def test_ending_takes_a_session_that_has_just_begun(
    client: httpx.AsyncClient, sign_in: SignIn, temporal: FakeTemporal, pool: asyncpg.Pool
) -> None:
    await sign_in(client, CHAIR)
    fields = await look(client, END, {"outcome": "ended_early", "reason": "circumstances"})
    await pool.execute("update staff_session set authenticated_at = now() - interval '16 minutes'")
    await pool.execute("delete from link_request")
    again = await client.post(END, data=fields)
    assert (again.status_code, temporal.messages) == (403, [])
    assert await pool.fetchval("select count(*) from outbox where kind = 'sign_in' and state = 'queued'") == 1
    await pool.execute("update staff_session set authenticated_at = $1", datetime.now(UTC))
    assert (await client.post(END, data=hidden(again))).status_code == 303
    assert temporal.messages == [("mentorship-mile-2019-001", "end")]
