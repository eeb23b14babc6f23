"""The pages of a class of 300 pairs: few statements, whatever the size, and quick."""

import time
from datetime import UTC, datetime
from statistics import median
from typing import cast

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from temporalio.client import Client

from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.enums import StaffAccess
from schemas.matching.messages import MatchRequest
from services.context import ServiceContext
from services.matching import compute_matches
from services.responses import ResponseService
from services.staff_sessions import StaffSessionService
from storage import cohorts, proposals
from tests.emails.relay import settings_for
from tests.services.conftest import FakeTemporal
from tests.storage.statements import logged_pool
from tests.web.staff.conftest import COORDINATOR, SITE, RealTime, SignIn, give
from tests.web.staff.matching.conftest import CLASS, SETTINGS
from web.app import create_app

PAIRS = 300
MOST_STATEMENTS, MOST_SECONDS = 12, 0.3
PAGES = (
    "matching",
    "matching/draft",
    "matching/runs/2",
    "matching/runs/2/pair?mentor=M003&mentee=P003",
    "matching/compare?before=1&after=2",
    "proposals",
    "kickoff",
    "attendance",
)
TOWNS = ("Ely", "Duluth", "Cook", "Winona", "Rochester")
OFFERS = ("leadership", "advocacy", "budgeting", "networking")


def person(prefix: str, number: int) -> dict[str, object]:
    return {
        "id": f"{prefix}{number:03}",
        "name": f"Somebody {prefix}{number}",
        "email": f"{prefix.lower()}{number}@example.org",
        "library": f"Library {prefix}{number}",
        "library_type": "public",
        "town": TOWNS[number % len(TOWNS)],
        "role": "Clerk",
        "years": 5 + number % 20,
    }


@pytest.fixture
async def large_class(pool: asyncpg.Pool, app: object) -> None:
    numbers, now = range(PAIRS), datetime.now(UTC)
    mentors = [MentorApplication.model_validate(person("M", n) | {"offers": [OFFERS[n % 4]]}) for n in numbers]
    mentees = [MenteeApplication.model_validate(person("P", n) | {"wants": [OFFERS[n % 3]]}) for n in numbers]
    await cohorts.save_cohort(pool, SETTINGS, mentors, mentees, now)
    await give(pool, CLASS, COORDINATOR, StaffAccess.COORDINATOR)
    for request in (MatchRequest(), MatchRequest(pins=(("M000", "P001"),))):
        result = await compute_matches(pool, CLASS, request)
        await cohorts.save_match_run(pool, CLASS, result, now, request=request)
    await cohorts.publish_match_run(pool, CLASS, 1, now)
    await proposals.propose(pool, CLASS, now)


async def test_pages_of_a_large_class_take_few_statements_and_little_time(
    client: httpx.AsyncClient, sign_in: SignIn, database_url: str, large_class: None
) -> None:
    await sign_in(client, COORDINATOR)
    async with logged_pool(database_url) as (pool, statements):
        transport = httpx.ASGITransport(app=pages(pool, database_url))
        async with httpx.AsyncClient(transport=transport, base_url=SITE, cookies=client.cookies) as browser:
            for page in PAGES:
                took = []
                for _ in range(3):
                    statements.clear()
                    # What the processor does: what else the machine is busy with does not count.
                    began = time.process_time()
                    assert (await browser.get(f"/staff/classes/{CLASS}/{page}")).status_code == 200, page
                    took.append(time.process_time() - began)
                # The pool of the pages does not reset its connections, as this one does.
                asked = [statement for statement in statements if "pg_advisory_unlock_all" not in statement]
                assert len(asked) <= MOST_STATEMENTS, f"{page}: {asked}"
                assert median(took) < MOST_SECONDS, page


def pages(pool: asyncpg.Pool, database_url: str) -> Starlette:
    clock, temporal = RealTime(), cast(Client, FakeTemporal(away=True))
    services = ServiceContext(settings_for(database_url, 1), pool, temporal)
    return create_app(ResponseService(pool, temporal, clock), staff=StaffSessionService(pool), services=services)
