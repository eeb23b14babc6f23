"""Opportunities: added and removed by staff, shown up to and including their last day (A16, A40)."""

from datetime import UTC, date, datetime

import asyncpg
import pytest
from pydantic import ValidationError

from emails.samples import SAMPLE_COHORT
from schemas.cohort.opportunities import NewOpportunity
from schemas.errors import Refusal
from storage import cohorts
from storage.opportunities import (
    add_opportunity,
    open_opportunities,
    opportunities,
    opportunity,
    remove_opportunity,
)
from tests.emails.relay import Delivery, Relay
from tests.emails.test_unsubscribe import check_in, unsubscribe_url

NOW = datetime(2019, 5, 10, 13, tzinfo=UTC)
COHORT = SAMPLE_COHORT.id
SEATS = NewOpportunity(
    area="involvement", title="Two seats", url="https://association.example.org", closes_on=date(2019, 8, 1)
)
COURSE = NewOpportunity(area="chance", title="A course", closes_on=date(2019, 7, 1))


@pytest.fixture
async def kept(pool: asyncpg.Pool) -> tuple[int, int]:
    """The numbers of two opportunities of a cohort."""
    await cohorts.save_settings(pool, SAMPLE_COHORT, NOW)
    return await add_opportunity(pool, COHORT, SEATS, NOW), await add_opportunity(pool, COHORT, COURSE, NOW)


async def test_the_one_that_ends_first_stands_in_front(pool: asyncpg.Pool, kept: tuple[int, int]) -> None:
    found = await opportunities(pool, COHORT)
    assert [one.id for one in found] == list(reversed(kept))
    assert [NewOpportunity(**one.model_dump(exclude={"id"})) for one in found] == [COURSE, SEATS]


@pytest.mark.parametrize(
    ("on", "titles"),
    [
        (date(2019, 7, 1), ["A course", "Two seats"]),
        (date(2019, 7, 2), ["Two seats"]),
        (date(2019, 8, 1), ["Two seats"]),
        (date(2019, 8, 2), []),
    ],
)
async def test_each_is_open_up_to_and_including_its_last_day(
    pool: asyncpg.Pool, kept: tuple[int, int], on: date, titles: list[str]
) -> None:
    assert [one.title for one in await open_opportunities(pool, COHORT, on)] == titles


async def test_one_that_is_removed_is_gone(pool: asyncpg.Pool, kept: tuple[int, int]) -> None:
    assert (await opportunity(pool, COHORT, kept[0])).id == kept[0]
    for _ in range(2):
        await remove_opportunity(pool, COHORT, kept[0])
    assert [one.id for one in await opportunities(pool, COHORT)] == [kept[1]]
    with pytest.raises(Refusal, match="has no opportunity"):
        await opportunity(pool, COHORT, kept[0])


async def test_another_cohorts_cannot_be_removed(pool: asyncpg.Pool, kept: tuple[int, int]) -> None:
    await remove_opportunity(pool, "mile-2021", kept[0])
    assert (await opportunity(pool, COHORT, kept[0])).id == kept[0]
    with pytest.raises(Refusal, match="mile-2021 has no opportunity"):
        await opportunity(pool, "mile-2021", kept[0])


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "ftp://example.org", "https://example.org/a b", 'https://a"onclick=', "//example.org"],
)
def test_only_addresses_that_open_in_a_browser_are_taken(url: str) -> None:
    with pytest.raises(ValidationError):
        NewOpportunity(area="chance", title="A course", url=url, closes_on=date(2019, 7, 1))


async def test_email_leads_to_the_page_where_people_say_what_they_took_up(outbox: Delivery, relay: Relay) -> None:
    await add_opportunity(outbox.pool, COHORT, SEATS.model_copy(update={"closes_on": date(2019, 12, 1)}), NOW)
    assert await outbox.deliver(check_in(0)) == ["sent"]
    text = relay.messages[-1].get_body(("plain",))
    assert text
    words = " ".join(text.get_content().split())
    assert f"Took one up, or want others? Tell us here: {unsubscribe_url(relay)}/opportunities" in words
