"""The chair changes while mentorships run: from that day on everything names the new one, and nothing did before."""

from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest_asyncio

from domain.calendar import local_day, morning
from domain.mentorship.terms import initial_terms
from rehearsal.inbox import plain_text
from schemas.cohort.roles import NewRoleHolder
from schemas.enums import Side
from schemas.ids import MENTORSHIP_WORKFLOW, mentorship_id, mentorship_workflow_id
from schemas.mentorship.state import MentorshipState
from storage import roles
from tests.workflows.one_pair import Handle, OnePair

Begin = Callable[[str], Coroutine[Any, Any, OnePair]]

CHAIR = ("Mentorship Subcommittee Chair", "mentorship.chair@example.org")
TEAM = ("Mentorship Team", "team@example.org")
DEPUTY = ("Deputy Chair", "deputy@example.org")
CHANGES_ON, DEPUTY_FROM, DEPUTY_UNTIL = date(2019, 8, 1), date(2019, 10, 20), date(2019, 10, 31)


def answers_on(day: date) -> tuple[str, str]:
    if DEPUTY_FROM <= day <= DEPUTY_UNTIL:
        return DEPUTY
    return TEAM if day >= CHANGES_ON else CHAIR


async def second_pair(first: OnePair) -> OnePair:
    """Start another mentorship of the same cohort, M02 and P02, on the same morning."""
    settings, environment = first.folder.settings, first.environment
    id_ = mentorship_id(settings.id, 2)
    await environment.pool.execute(
        "insert into mentorship (id, cohort_id, mentor_id, mentee_id, score, starts_on, ends_on, updated_at) "
        "select $1, cohort_id, 'M02', 'P02', score, starts_on, ends_on, updated_at from mentorship where id = $2",
        id_,
        first.mentorship,
    )
    kickoff = morning(settings.kickoff_day, settings.time_zone) - timedelta(hours=1)
    state = MentorshipState(terms=initial_terms(settings, id_), clock_offset=kickoff - datetime.now(UTC))
    handle: Handle = await environment.client.start_workflow(
        MENTORSHIP_WORKFLOW, state, id=mentorship_workflow_id(id_), task_queue=environment.settings.task_queue
    )
    return OnePair(environment, first.folder, id_, handle)


@pytest_asyncio.fixture
async def pairs(one_pair: Begin) -> AsyncIterator[tuple[OnePair, OnePair]]:
    """Two mentorships of one cohort whose roles change, and have lived half a year."""
    first = await one_pair("chair-changes")
    both = (first, await second_pair(first))
    # One change is written down beforehand, the other one while the mentorships run.
    await holds(first, TEAM, CHANGES_ON)
    for pair in both:
        await pair.on(date(2019, 7, 30), answering=(Side.MENTOR,))
    await holds(first, DEPUTY, DEPUTY_FROM, DEPUTY_UNTIL)
    yield both


async def holds(pair: OnePair, who: tuple[str, str], starts_on: date, ends_on: date | None = None) -> None:
    new = NewRoleHolder(role=who[0], email=who[1], starts_on=starts_on, ends_on=ends_on)
    assert await roles.add_holder(pair.environment.pool, pair.folder.settings.id, new)


async def test_every_email_names_whoever_answers_on_its_day(pairs: tuple[OnePair, OnePair]) -> None:
    for pair in pairs:
        await pair.on(date(2019, 8, 1))
        await pair.answer(Side.MENTEE, "check_in-1", status="met", call_requested="yes")
        await pair.on(date(2019, 11, 20))
        emails = await written(pair)
        assert {answers_on(day) for day, _ in emails} == {CHAIR, TEAM, DEPUTY}
        for day, message in emails:
            names(message, *answers_on(day))
    note = next(message for _, message in await written(pairs[0]) if "team@example.org" in str(message["To"]))
    assert note["To"].addresses[0].display_name == "Mentorship Team"
    await the_page_follows(pairs[1])


async def the_page_follows(pair: OnePair) -> None:
    """A link of the time of another chair leads to a page that names whoever answers when it is opened."""
    inbox = await pair.environment.inbox.new_emails(pair.environment.pool, pair.environment.settings, pair.mentorship)
    agreement = next(url for one in inbox for _, kind, url in one.links if kind == "agreement")
    assert local_day(inbox[0].at, pair.folder.settings.time_zone) < CHANGES_ON
    shown = (await pair.environment.http.get(agreement)).text
    assert "Mentorship Team" in shown
    assert "mentorship.chair@example.org" not in shown


async def written(pair: OnePair) -> list[tuple[date, EmailMessage]]:
    """Return what was sent about a mentorship, each with its local day."""
    zone = pair.folder.settings.time_zone
    return [
        (
            row["due_at"].astimezone(ZoneInfo(zone)).date(),
            pair.environment.inbox.message(pair.environment.settings, row["key"]),
        )
        for row in await pair.emails()
        if row["state"] == "sent"
    ]


def names(message: EmailMessage, role: str, email: str) -> None:
    """Assert that an email answers to a role and to no other one, in its head and in both of its bodies."""
    (reply_to,) = message["Reply-To"].addresses
    assert (reply_to.display_name, reply_to.addr_spec) == (role, email)
    html = message.get_body(("html",))
    assert html is not None
    for words in (" ".join(plain_text(message).split()), str(html.get_content())):
        assert role in words
        assert email in words
        assert not {other for _, other in (CHAIR, TEAM, DEPUTY) if other != email and other in words}
