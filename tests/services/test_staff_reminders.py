"""Staff pause somebody's reminders for them, as that person's own link would."""

from datetime import UTC, datetime
from typing import cast

import asyncpg
import pytest
from temporalio.client import Client

from emails.samples import SAMPLE_COHORT
from schemas.actor import Actor, ActorKind
from schemas.applications.people import Person
from schemas.enums import Side
from services.context import ServiceContext
from services.reminders import set_reminders
from storage import mentorships, reminders
from tests.emails.relay import settings_for
from tests.emails.stored import PAIR, store_pair

STAFF = Actor(kind=ActorKind.STAFF, name="amina")


@pytest.fixture
async def services(pool: asyncpg.Pool, database_url: str) -> ServiceContext:
    await store_pair(pool)
    # Nothing here asks Temporal.
    return ServiceContext(settings_for(database_url, 25), pool, cast(Client, None))


async def paused(services: ServiceContext, person: Person) -> bool:
    link = await reminders.link_of(services.pool, SAMPLE_COHORT.id, person.id)
    return link is not None and link.is_paused(datetime.now(UTC))


async def test_reminders_are_paused_and_sent_again_for_one_side_with_the_actor_in_the_log(
    services: ServiceContext,
) -> None:
    pair = await mentorships.partners(services.pool, PAIR)

    async def change(*, paused: bool) -> bool:
        return await set_reminders(services, STAFF, pair, Side.MENTEE, paused=paused, note="asked by email")

    assert [await change(paused=True), await change(paused=True)] == [True, False]
    assert await paused(services, pair.mentee)
    assert not await paused(services, pair.mentor)
    assert [await change(paused=False), await change(paused=False)] == [True, False]
    assert not await paused(services, pair.mentee)
    events = await services.pool.fetch("select actor, action, person_id, details ->> 'note' as note from audit_event")
    assert [tuple(event) for event in events] == [
        ("staff:amina", action, pair.mentee.id, "asked by email")
        for action in ("reminders_paused", "reminders_resumed")
    ]
