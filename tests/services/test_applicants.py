"""Applying: each step of an applicant is stored with its event, and with the emails that follow."""

from datetime import UTC, datetime

import asyncpg
import pytest

from emails.links import token, token_hash
from runtime.clock import WallClock
from schemas.actor import Actor
from schemas.applications.applicant import Applicant
from schemas.enums import ApplicationStatus
from schemas.ids import applicant_scope
from services.applicants import ApplicantService
from storage import outbox, personal_links
from tests.services.conftest import COHORT, events_of

ACTOR = Actor.participant("P01")
GOALS = {"goal_1": "Lead a meeting", "challenges": "Time.", "hopes": "Courage.", "preferred_name": "Sam"}


@pytest.fixture
def service(pool: asyncpg.Pool) -> ApplicantService:
    return ApplicantService(pool, WallClock())


@pytest.fixture
async def opened(service: ApplicantService, pool: asyncpg.Pool, cohort: str) -> bytes:
    """The hash of a mentee's personal link."""
    hashed = token_hash(token(b"s" * 32, "personal", applicant_scope(cohort, "P01")))
    await personal_links.ensure(pool, cohort, "P01", hashed)
    return hashed


async def applicant(service: ApplicantService, opened: bytes) -> Applicant:
    applicant = await service.open(opened)
    assert applicant
    return applicant


async def test_page_is_saved_once_and_not_again_where_nothing_changed(
    service: ApplicantService, pool: asyncpg.Pool, opened: bytes
) -> None:
    for _ in range(2):
        await service.save_page(ACTOR, await applicant(service, opened), GOALS)
    assert await events_of(pool, COHORT) == [("participant:P01", "application_page_saved")]


async def test_submitted_application_is_recorded_and_its_preferred_name_is_used(
    service: ApplicantService, pool: asyncpg.Pool, opened: bytes
) -> None:
    await service.save_page(ACTOR, await applicant(service, opened), GOALS)
    await service.submit(ACTOR, await applicant(service, opened))
    submitted = await applicant(service, opened)
    assert (submitted.short_name, submitted.name) == ("Sam", "Somebody P1")
    assert [action for _, action in await events_of(pool, COHORT)] == [
        "application_page_saved",
        "application_submitted",
    ]
    rows = await outbox.emails_of_scope(pool, applicant_scope(COHORT, "P01"))
    assert [(row["kind"], row["state"]) for row in rows] == [("application_received", "queued")]


async def test_incomplete_application_is_neither_submitted_nor_recorded(
    service: ApplicantService, pool: asyncpg.Pool, opened: bytes
) -> None:
    result = await service.submit(ACTOR, await applicant(service, opened))
    assert set(result.problems) == {"challenges", "hopes"}
    assert await events_of(pool, COHORT) == []
    assert await outbox.emails_of_cohort(pool, COHORT) == []


async def test_application_is_withdrawn_once(service: ApplicantService, pool: asyncpg.Pool, opened: bytes) -> None:
    for _ in range(2):
        await service.withdraw(ACTOR, await applicant(service, opened))
    assert await events_of(pool, COHORT) == [("participant:P01", "application_withdrawn")]
    assert (await applicant(service, opened)).status is ApplicationStatus.WITHDRAWN


async def test_unknown_cohort_has_no_window(service: ApplicantService) -> None:
    assert await service.window("nowhere-1999") is None


async def test_window_says_how_many_places_are_missing(service: ApplicantService, cohort: str) -> None:
    window = await service.window(cohort)
    assert window
    assert (window.places.mentor_places, window.places.missing) == (3, 0)
    assert service.now(cohort) <= datetime.now(UTC)
