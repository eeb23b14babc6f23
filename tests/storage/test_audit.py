"""The audit log: every step keeps who, what and when, and can be read by whom and what it was about."""

from datetime import datetime, timedelta

import asyncpg
import pytest

from schemas.actor import Actor, ActorKind
from schemas.audit_event import AuditEvent, AuditFilter
from storage import audit

STAFF = Actor(kind=ActorKind.STAFF, name="chair@example.org")
MENTEE = Actor(kind=ActorKind.PARTICIPANT, name="P01")
SERVICE = Actor(kind=ActorKind.SERVICE, name="cohort")


@pytest.fixture
async def stored_events(pool: asyncpg.Pool, now: datetime) -> tuple[AuditEvent, ...]:
    """Four events of two cohorts, a day apart."""
    events = (
        AuditEvent(happened_at=now, actor=STAFF, action="published", cohort_id="mile-2019", details={"run": 2}),
        AuditEvent(
            happened_at=now + timedelta(days=1),
            actor=MENTEE,
            action="declined",
            cohort_id="mile-2019",
            person_id="P01",
        ),
        AuditEvent(
            happened_at=now + timedelta(days=2),
            actor=STAFF,
            action="paused",
            cohort_id="mile-2019",
            mentorship_id="mile-2019-001",
        ),
        AuditEvent(
            happened_at=now + timedelta(days=3),
            actor=SERVICE,
            action="reached_running",
            cohort_id="mile-2017",
            person_id="P01",
        ),
    )
    for event in reversed(events):
        await audit.save_event(pool, event)
    return events


@pytest.mark.parametrize(
    ("matching", "expected"),
    [
        ({}, ["published", "declined", "paused", "reached_running"]),
        ({"cohort_id": "mile-2019"}, ["published", "declined", "paused"]),
        ({"cohort_id": "mile-2019", "person_id": "P01"}, ["declined"]),
        ({"mentorship_id": "mile-2019-001"}, ["paused"]),
        ({"cohort_id": "mile-2019", "mentorship_id": "mile-2019-002"}, []),
    ],
)
async def test_events_are_read_by_cohort_mentorship_and_person(
    pool: asyncpg.Pool, stored_events: tuple[AuditEvent, ...], matching: dict[str, str], expected: list[str]
) -> None:
    events_found = await audit.events(pool, AuditFilter.model_validate(matching))
    assert [event.action for event in events_found] == expected
    assert all(event in stored_events for event in events_found)


async def test_events_are_read_by_time_without_the_moment_that_ends_it(
    pool: asyncpg.Pool, stored_events: tuple[AuditEvent, ...]
) -> None:
    between = AuditFilter(since=stored_events[1].happened_at, until=stored_events[3].happened_at)
    assert await audit.events(pool, between) == stored_events[1:3]


async def test_the_newest_events_are_kept_where_there_are_more_than_were_asked_for(
    pool: asyncpg.Pool, stored_events: tuple[AuditEvent, ...]
) -> None:
    assert await audit.events(pool, AuditFilter(), limit=2) == stored_events[2:]


async def test_event_is_gone_with_the_transaction_it_was_written_in(
    pool: asyncpg.Pool, stored_events: tuple[AuditEvent, ...]
) -> None:
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await audit.save_event(connection, stored_events[0])
        await transaction.rollback()
    assert await audit.events(pool, AuditFilter()) == stored_events
