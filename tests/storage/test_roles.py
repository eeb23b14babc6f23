"""Role holders with their days; settings and pages as they are on a day."""

from datetime import UTC, date, datetime
from typing import Any, cast

import asyncpg
import pytest

from emails.participant_emails import read_facts
from runtime.clock import RehearsalClock
from schemas.cohort.roles import NewRoleHolder
from schemas.cohort.settings import CohortSettings, ProgramContact
from schemas.emails.messages import QueuedEmail, WrittenEmail
from schemas.enums import EmailKind, Recipient, Side
from schemas.errors import Refusal, UnknownCohort
from schemas.mentorship.responses import Link
from schemas.mentorship.state import Ask
from services.responses import ResponseService
from storage import cohorts, outbox, roles
from storage.mentorship_emails import known_mentorships

JUNE = date(2019, 6, 1)
HASH = b"k" * 32


def taking_on(starts_on: str = "2019-06-01", ends_on: str | None = None, **different: str) -> NewRoleHolder:
    fields = {"role": "Mentorship Team", "email": "team@example.org", "starts_on": starts_on, "ends_on": ends_on}
    return NewRoleHolder.model_validate(fields | different)


async def test_settings_are_those_of_the_day(pool: asyncpg.Pool, cohort: str, settings: CohortSettings) -> None:
    number = await roles.add_holder(pool, cohort, taking_on(ends_on="2019-06-30"))
    assert number
    assert await roles.settings_on(pool, cohort, date(2019, 5, 31)) == settings
    in_june = await roles.settings_on(pool, cohort, date(2019, 6, 30))
    assert in_june.contact == ProgramContact(role="Mentorship Team", email="team@example.org")
    assert await roles.settings_on(pool, cohort, date(2019, 7, 1)) == settings
    # What staff change with a cohort.toml starts from what stands there, whoever answers today.
    assert await cohorts.cohort_settings(pool, cohort) == settings


async def test_the_day_is_the_cohorts_own(pool: asyncpg.Pool, cohort: str, settings: CohortSettings) -> None:
    await roles.add_holder(pool, cohort, taking_on())
    last_minute_of_may = datetime(2019, 6, 1, 4, 59, tzinfo=UTC)
    assert (await roles.settings_at(pool, settings, last_minute_of_may)).contact == settings.contact
    midnight = datetime(2019, 6, 1, 5, 0, tzinfo=UTC)
    assert (await roles.settings_at(pool, settings, midnight)).contact.email == "team@example.org"


async def test_the_same_role_is_stored_once(pool: asyncpg.Pool, cohort: str) -> None:
    for lasting in (None, "2019-06-30"):
        assert await roles.add_holder(pool, cohort, taking_on(ends_on=lasting)) is not None
        assert await roles.add_holder(pool, cohort, taking_on(ends_on=lasting)) is None
    assert len(await roles.role_holders(pool, cohort)) == 2


async def test_a_role_ends_with_a_day_and_ending_it_again_changes_nothing(pool: asyncpg.Pool, cohort: str) -> None:
    number = await roles.add_holder(pool, cohort, taking_on())
    assert number
    for _ in range(2):
        await roles.end_holder(pool, cohort, number, date(2019, 6, 30))
        assert (await roles.holder(pool, cohort, number)).ends_on == date(2019, 6, 30)


async def test_who_would_begin_only_after_the_last_day_never_holds_the_role(pool: asyncpg.Pool, cohort: str) -> None:
    number = await roles.add_holder(pool, cohort, taking_on())
    assert number
    await roles.end_holder(pool, cohort, number, date(2019, 5, 31))
    assert await roles.role_holders(pool, cohort) == ()
    with pytest.raises(Refusal, match=f"mile-2019 has no role {number}. See the list of its roles"):
        await roles.holder(pool, cohort, number)


async def test_each_cohort_has_roles_of_its_own(pool: asyncpg.Pool, cohort: str, settings: CohortSettings) -> None:
    other_cohort = settings.model_copy(update={"id": "mile-2021"})
    await cohorts.save_settings(pool, other_cohort, datetime(2019, 5, 10, tzinfo=UTC))
    number = await roles.add_holder(pool, cohort, taking_on())
    assert number
    assert (await roles.settings_on(pool, "mile-2021", JUNE)).contact == settings.contact
    await roles.end_holder(pool, "mile-2021", number, date(2019, 6, 2))
    assert (await roles.holder(pool, cohort, number)).ends_on is None


async def test_a_cohort_that_does_not_exist_has_no_settings(pool: asyncpg.Pool) -> None:
    with pytest.raises(UnknownCohort):
        await roles.settings_on(pool, "nowhere", JUNE)


async def test_another_contact_in_the_cohorts_file_is_followed_by_whoever_reads_without_roles(
    pool: asyncpg.Pool, cohort: str, settings: CohortSettings
) -> None:
    changed = settings.model_copy(update={"contact": ProgramContact(role="Chair", email="new.chair@example.org")})
    await cohorts.save_settings(pool, changed, datetime(2019, 5, 10, tzinfo=UTC))
    assert (await roles.settings_on(pool, cohort, JUNE)).contact.email == "new.chair@example.org"


@pytest.mark.parametrize(("at", "email"), [(31, "chair@example.org"), (32, "team@example.org")])
async def test_an_email_names_whoever_answers_when_it_is_written(
    pool: asyncpg.Pool, mentorship: str, at: int, email: str
) -> None:
    await roles.add_holder(pool, "mile-2019", taking_on())
    now = datetime(2019, 5, 31, 14, tzinfo=UTC) if at == 31 else datetime(2019, 6, 1, 14, tzinfo=UTC)
    order = QueuedEmail(
        key="k",
        kind=EmailKind.CHECK_IN,
        scope_id=mentorship,
        to=Recipient.MENTOR,
        at=datetime(2019, 5, 31, 14, tzinfo=UTC),
        now=now,
        asks=(Ask(milestone="check_in-1"),),
    )
    [known] = await known_mentorships(pool, [mentorship])
    assert (await read_facts(pool, order, known)).pair.cohort.contact.email == email


async def test_a_page_names_whoever_answers_when_it_is_opened(pool: asyncpg.Pool, mentorship: str) -> None:
    await roles.add_holder(pool, "mile-2019", taking_on())
    order = QueuedEmail(
        key="k",
        kind=EmailKind.CHECK_IN,
        scope_id=mentorship,
        to=Recipient.MENTOR,
        at=datetime(2019, 5, 31, 14, tzinfo=UTC),
        now=datetime(2019, 5, 31, 14, tzinfo=UTC),
    )
    link = Link(mentorship_id=mentorship, milestone="check_in-1", side=Side.MENTOR)
    await outbox.enqueue(pool, order)
    await outbox.save_written(pool, WrittenEmail(key=order.key, subject="subject", links=((HASH, link),)))
    clock = RehearsalClock()
    service = ResponseService(pool, cast("Any", None), clock)
    for moment, email in ((order.now, "chair@example.org"), (datetime(2019, 6, 3, tzinfo=UTC), "team@example.org")):
        clock.set(mentorship, moment)
        opened = await service.open(HASH)
        assert opened
        assert opened.cohort.contact.email == email
    assert await service.open(b"unknown") is None


async def test_the_contact_of_the_settings_answers_once_the_roles_in_its_way_have_ended(
    pool: asyncpg.Pool, cohort: str, settings: CohortSettings
) -> None:
    begun = await roles.add_holder(pool, cohort, taking_on())
    beside = await roles.add_holder(pool, cohort, taking_on(role="Deputy"))
    begins_today = await roles.add_holder(pool, cohort, taking_on("2019-07-01"))
    later = await roles.add_holder(pool, cohort, taking_on("2019-08-01"))
    reads = await roles.add_holder(pool, cohort, taking_on(access="coordinator"))
    for ended in ((begun, beside, begins_today), ()):
        assert await roles.end_contact_roles(pool, cohort, date(2019, 7, 1)) == ended
    assert {holder.id: holder.ends_on for holder in await roles.role_holders(pool, cohort)} == {
        begun: date(2019, 6, 30),
        beside: date(2019, 6, 30),
        later: None,
        reads: None,
    }
    assert (await roles.settings_on(pool, cohort, date(2019, 7, 31))).contact == settings.contact
