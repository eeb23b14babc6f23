"""Steps of staff go by the program's clock, which a rehearsal moves to another year."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from schemas.cohort.roles import NewRoleHolder
from schemas.cohort.settings import ProgramContact
from schemas.emails.staff_messages import Audience, MessageWords
from schemas.enums import Side
from schemas.mentorship.responses import StoredReminderLink
from services import settings as settings_steps
from services import staff_messages
from services.context import ServiceContext
from storage import cohorts, mentorships, reminders, roles
from tests.services.conftest import ACTOR
from tests.services.stored_class import StoredClass, class_at

# After the kickoff, and long after the real time.
NOW = datetime(2128, 3, 2, 16, tzinfo=UTC)
WORDS = MessageWords(subject="A webinar", body="It begins at noon.", audience=Audience(side=Side.MENTOR))


@pytest.fixture
async def one(pool: asyncpg.Pool, context: ServiceContext) -> StoredClass:
    return await class_at(pool, context.settings, "clocked", NOW)


async def test_message_goes_to_those_whose_pause_is_over_in_the_program(one: StoredClass) -> None:
    for (mentor, _), mentorship in (await mentorships.mentorship_ids(one.pool, one.id)).items():
        link = StoredReminderLink(token_hash=mentor.encode(), key_id="k", mentorship_id=mentorship, side=Side.MENTOR)
        await reminders.ensure_link(one.pool, one.id, mentor, link)
        days = {"M01": -1, "M02": 1}[mentor]
        await reminders.pause(one.pool, link.token_hash, NOW - timedelta(days=30), NOW + timedelta(days=days))
    number = await staff_messages.save_message(one.context, ACTOR, one.id, WORDS)
    preview = (await staff_messages.preview_message(one.context, one.id, number)).preview
    assert preview
    assert [email.to for email in preview.emails] == ["M01", "M03"]
    assert (await staff_messages.send_message(one.context, ACTOR, one.id, number)).people == 2


async def test_contact_that_staff_replace_ends_the_role_that_is_held_in_the_program(one: StoredClass) -> None:
    today = NOW.date()
    starts_on, ends_on = today - timedelta(days=9), today + timedelta(days=30)
    held = NewRoleHolder(role="Chair", email="held@example.org", starts_on=starts_on, ends_on=ends_on)
    number = await roles.add_holder(one.pool, one.id, held)
    contact = ProgramContact(role="Chair", email="new.chair@example.org")
    after = (await cohorts.cohort_settings(one.pool, one.id)).model_copy(update={"contact": contact})
    assert (await settings_steps.preview_update(one.context, after)).roles_ended == (number,)
    assert (await settings_steps.update(one.context, ACTOR, after)).roles_ended == (number,)
    assert (await roles.settings_on(one.pool, one.id, today)).contact == contact
    yesterday = await roles.settings_on(one.pool, one.id, today - timedelta(days=1))
    assert yesterday.contact.email == held.email
