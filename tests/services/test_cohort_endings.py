"""A cohort that is archived writes to nobody; one that nobody heard of can be deleted, and leaves nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from domain.applications.emails import applicant_email_request
from schemas.applications.applicant import Rsvp
from schemas.cohort.folder import CohortFolder
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, EmailState, RsvpStatus, Side
from schemas.errors import MileError, Refusal, UnknownCohort
from schemas.ids import cohort_workflow_id
from services.cohort_endings import archive, delete, preview_archive, preview_delete
from services.cohort_overview import list_cohorts
from services.cohorts import create, preview_create
from services.context import ServiceContext
from services.queued_emails import EmailStep, take_step
from storage import cohort_endings, cohorts, kickoff, mentorships, outbox
from storage.database import Connection, queries
from tests.matched import matched
from tests.services.conftest import ACTOR, FakeTemporal, events_of, publish_pairs

OF_A_COHORT = """
    select c.table_name from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.column_name = 'cohort_id' and c.table_schema = 'public' and t.table_type = 'BASE TABLE'
"""


async def start_mentorship(pool: asyncpg.Pool, cohort: str) -> None:
    now = datetime.now(UTC)
    pair = matched(("M01", "P01"))
    await mentorships.save_pairs(pool, cohort, pair, starts_on=now.date(), ends_on=now.date(), now=now)


def email_to(cohort: str, person: str) -> QueuedEmail:
    now = datetime.now(UTC)
    return applicant_email_request(cohort, person, Side.MENTOR, EmailKind.KICKOFF, "kickoff", at=now, now=now)


async def test_cohort_that_nobody_heard_of_is_deleted_with_all_that_is_stored(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    await publish_pairs(pool, ("M01", "P01"))
    await outbox.enqueue(pool, email_to(cohort, "M01"))
    previewed = await preview_delete(context, cohort)
    assert previewed.preview is not None
    assert previewed.preview.changes[0] == f"{cohort} has 6 applications, 1 match runs, 1 waiting emails."
    assert (previewed.preview.way_back, previewed.preview.needs_yes) == (None, True)
    assert (await cohorts.cohort_settings(pool, cohort)).id == cohort, "a preview deletes nothing"
    assert (await delete(context, ACTOR, cohort, note="a wrong id")).done
    left = {
        row["table_name"]: await pool.fetchval(f"select count(*) from {row['table_name']} where cohort_id = $1", cohort)  # noqa: S608 - tables
        for row in await pool.fetch(OF_A_COHORT)
    }
    assert {table for table, rows in left.items() if rows} == {"audit_event"}
    assert await events_of(pool, cohort) == [("staff:amina", "deleted")]
    assert temporal.messages == [(cohort_workflow_id(cohort), "terminated")]
    with pytest.raises(UnknownCohort):
        await delete(context, ACTOR, cohort)


async def test_cohort_keeps_its_workflow_where_a_sender_took_an_email_after_the_check(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await outbox.enqueue(pool, email_to(cohort, "M01"))
    lock_emails = cohort_endings.lock_emails

    async def claimed_before(db: Connection, cohort_id: str) -> None:
        await outbox.claim(pool)
        await lock_emails(db, cohort_id)

    monkeypatch.setattr(cohort_endings, "lock_emails", claimed_before)
    with pytest.raises(Refusal, match="1 person got an email about"):
        await delete(context, ACTOR, cohort)
    assert (await events_of(pool, cohort), temporal.messages) == ([], [])


@pytest.mark.parametrize("step", [archive, delete])
@pytest.mark.parametrize(("fault", "status"), [("away", "UNAVAILABLE"), ("silent", "DEADLINE_EXCEEDED")])
async def test_cohort_stays_where_temporal_does_not_end_its_workflow_soon(  # noqa: PLR0917 - they are fixtures
    pool: asyncpg.Pool,
    context: ServiceContext,
    temporal: FakeTemporal,
    cohort: str,
    step: Callable[..., Awaitable[None]],
    fault: str,
    status: str,
) -> None:
    await outbox.enqueue(pool, email_to(cohort, "M01"))
    setattr(temporal, fault, True)
    with pytest.raises(MileError, match=f"Temporal answered {status}"):
        async with asyncio.timeout(10):
            await step(context, ACTOR, cohort)
    assert not await cohorts.is_archived(pool, cohort)
    assert [row["state"] for row in await outbox.emails_of_cohort(pool, cohort)] == ["queued"]


async def test_archived_cohort_keeps_nobodys_meals_or_needs_and_takes_no_more(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str
) -> None:
    comes = Rsvp(status=RsvpStatus.YES, half_day="friday", meals="No nuts", access="Captions")
    await queries.save_rsvp(pool, cohort_id=cohort, person_id="M01", now=datetime.now(UTC), **comes.model_dump())
    preview = (await preview_archive(context, cohort)).preview
    assert preview
    assert "Meals and access needs would be deleted. All else that is stored would stay." in preview.changes
    await archive(context, ACTOR, cohort)
    guest = await kickoff.guest(pool, cohort, "M01")
    assert guest
    assert guest.rsvp == Rsvp(status=RsvpStatus.YES, half_day="friday")
    with pytest.raises(Refusal, match="The class is called off"):
        await kickoff.save_rsvp(pool, cohort, "M01", comes, datetime.now(UTC))


@pytest.mark.parametrize("state", ["sending", "sent", "undeliverable"])
async def test_cohort_is_not_deleted_once_an_email_has_left_or_may_have(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str, state: str
) -> None:
    await outbox.enqueue(pool, email_to(cohort, "M01"))
    await pool.execute("update outbox set state = $1, attempts = 1", state)
    for step in (preview_delete(context, cohort), delete(context, ACTOR, cohort)):
        with pytest.raises(Refusal, match="1 person got an email about"):
            await step
    assert (await events_of(pool, cohort), temporal.messages) == ([], [])


async def test_archived_cohort_keeps_its_data_writes_to_nobody_and_is_listed_if_asked(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    await outbox.enqueue(pool, email_to(cohort, "M01"))
    previewed = await preview_archive(context, cohort)
    assert previewed.preview is not None
    assert previewed.preview.needs_yes
    await archive(context, ACTOR, cohort, note="the class is cancelled")
    await outbox.enqueue(pool, email_to(cohort, "M02"))
    assert [(row["scope_id"], row["state"]) for row in await outbox.emails_of_cohort(pool, cohort)] == [
        (f"{cohort}/M01", "dropped")
    ]
    assert len(await cohorts.mentors(pool, cohort)) == 3
    assert (await list_cohorts(context)).cohorts == ()
    assert [(one.id, one.archived) for one in (await list_cohorts(context, archived=True)).cohorts] == [(cohort, True)]
    assert temporal.messages == [(cohort_workflow_id(cohort), "terminated")]
    with pytest.raises(Refusal, match="is archived already"):
        await archive(context, ACTOR, cohort)


async def test_archived_cohort_is_not_created_again_to_write_to_nobody(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str, settings: CohortSettings
) -> None:
    again = settings.model_copy(update={"title": "Once more"})
    folder = CohortFolder(settings=again, mentors=(), mentees=(), personas={})
    await archive(context, ACTOR, cohort)
    temporal.messages.clear()
    for step in (preview_create(context, folder), create(context, ACTOR, folder)):
        with pytest.raises(Refusal, match="mile-2019 is archived"):
            await step
    assert temporal.messages == []
    assert (await cohorts.cohort_settings(pool, cohort)).title == settings.title


@pytest.mark.parametrize("ends", ["refused for now", "not handed over", "its sender died"])
async def test_email_that_a_sender_had_when_its_cohort_was_archived_is_not_tried_again(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str, ends: str
) -> None:
    email = email_to(cohort, "M01")
    await outbox.enqueue(pool, email)
    await outbox.claim(pool)
    await archive(context, ACTOR, cohort)
    assert await outbox.email_state(pool, email.key) is EmailState.SENDING, "it may have left by now"
    if ends == "refused for now":
        await outbox.defer(pool, email.key, timedelta(minutes=1), "450 4.2.2", last_state=EmailState.DEAD)
    elif ends == "not handed over":
        await outbox.requeue(pool, email.key)
    await pool.execute("update outbox set next_attempt_at = now()")
    assert await outbox.claim(pool) == []
    [row] = await outbox.emails_of_cohort(pool, cohort)
    assert (row["state"], row["failing_since"]) == ("dropped", None)
    assert await outbox.next_attempt_at(pool) is None


async def test_email_of_an_archived_cohort_is_not_retried(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str
) -> None:
    email = email_to(cohort, "M01")
    await outbox.enqueue(pool, email)
    await pool.execute("update outbox set state = 'undeliverable'")
    await archive(context, ACTOR, cohort)
    with pytest.raises(Refusal, match="mile-2019 is archived: no email about it leaves any more"):
        await take_step(context, ACTOR, email.key, EmailStep.RETRY, note="try again")
    assert await outbox.email_state(pool, email.key) is EmailState.UNDELIVERABLE


async def test_cohort_is_not_archived_while_pairs_would_wait_in_vain(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str
) -> None:
    await start_mentorship(pool, cohort)
    with pytest.raises(Refusal, match="1 mentorship of mile-2019 runs, and"):
        await archive(context, ACTOR, cohort)
    with pytest.raises(Refusal, match="has mentorships, so it cannot be deleted"):
        await delete(context, ACTOR, cohort)
    await pool.execute("update mentorship set outcome = 'completed', ended_at = now()")
    assert (await archive(context, ACTOR, cohort)).done


async def test_cohort_whose_mentorships_start_after_the_check_is_not_archived(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = cohort_endings.contents

    async def started_before(db: asyncpg.Pool, cohort_id: str) -> cohort_endings.CohortContents:
        await start_mentorship(pool, cohort_id)
        return await contents(db, cohort_id)

    monkeypatch.setattr(cohort_endings, "contents", started_before)
    with pytest.raises(Refusal, match="1 mentorship of mile-2019 runs, and"):
        await archive(context, ACTOR, cohort)
    assert not await cohorts.is_archived(pool, cohort)
    assert temporal.messages == []


async def test_mentorships_that_were_about_to_start_find_their_cohort_archived(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str
) -> None:
    await archive(context, ACTOR, cohort)
    with pytest.raises(Refusal, match="mile-2019 is archived, so no mentorship of it can start"):
        await start_mentorship(pool, cohort)
