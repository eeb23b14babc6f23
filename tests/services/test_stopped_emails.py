"""Whoever stopped emails by mistake, and has no page any more to take it back, asks staff."""

from datetime import UTC, datetime

import pytest

from schemas.errors import UnknownCohort
from services.applications.stopped_emails import allow, preview_allow
from services.context import ServiceContext
from storage import applying, typed_addresses
from tests.services.conftest import ACTOR, COHORT, events_of

ADDRESS = "p1@example.org"
EMAILS = "select count(*) from outbox"


@pytest.fixture
async def stopped(context: ServiceContext, cohort: str) -> ServiceContext:
    async with context.pool.acquire() as db:
        await typed_addresses.stop(db, cohort, "P01", ADDRESS, datetime.now(UTC))
    await applying.begin(context.pool, cohort, ADDRESS, datetime.now(UTC))
    assert await context.pool.fetchval(EMAILS) == 0
    return context


async def test_address_gets_links_again_and_the_log_does_not_name_it(stopped: ServiceContext) -> None:
    assert (await preview_allow(stopped, COHORT, ADDRESS)).preview
    assert await events_of(stopped.pool, COHORT) == []
    result = await allow(stopped, ACTOR, COHORT, " P1@Example.org ", note="asked by phone")
    assert (result.changed, result.done) == (True, True)
    await applying.begin(stopped.pool, COHORT, ADDRESS, datetime.now(UTC))
    assert await stopped.pool.fetchval(EMAILS) == 1
    assert await events_of(stopped.pool, COHORT) == [(str(ACTOR), "public_emails_resumed")]
    [logged] = [row[0] for row in await stopped.pool.fetch("select details::text from audit_event")]
    assert "asked by phone" in logged
    assert "example" not in logged


async def test_address_that_nobody_stopped_stays_as_it_is(stopped: ServiceContext) -> None:
    assert not (await preview_allow(stopped, COHORT, "p2@example.org")).changed
    result = await allow(stopped, ACTOR, COHORT, "p2@example.org", note="asked by phone")
    assert (result.changed, result.done) == (False, False)
    assert await events_of(stopped.pool, COHORT) == []
    with pytest.raises(UnknownCohort):
        await allow(stopped, ACTOR, "mile-2017", ADDRESS, note="asked by phone")
