"""A real database with one pair, and the links of both to their agreement's page."""

from datetime import date

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from emails.links import token, token_hash
from schemas.emails.messages import QueuedEmail, WrittenEmail
from schemas.enums import EmailKind, Recipient, Side
from schemas.mentorship.responses import Link
from schemas.mentorship.state import Ask
from storage import cohorts, mentorships, outbox
from tests.matched import matched
from tests.web.participants.agreement.answers import (
    COHORT,
    GOAL,
    KICKOFF,
    MENTEE,
    MENTOR,
    MENTORSHIP,
    AgreementService,
    agrees,
)
from web.app import create_app


@pytest.fixture
async def service(pool: asyncpg.Pool) -> AgreementService:
    """A pair on the tenth day of their mentorship."""
    await cohorts.save_cohort(pool, COHORT, (MENTOR,), (MENTEE,), KICKOFF)
    result = matched(("M01", "P01"))
    starts_on, ends_on = date(2019, 5, 10), date(2020, 11, 10)
    await mentorships.save_pairs(pool, "mile-2019", result, starts_on=starts_on, ends_on=ends_on, now=KICKOFF)
    await mentorships.save_plan(pool, MENTORSHIP, plan(initial_terms(COHORT, MENTORSHIP), KICKOFF), KICKOFF)
    return AgreementService(pool)


@pytest.fixture
async def links(service: AgreementService) -> dict[Side, str]:
    """The addresses of both sides' pages."""
    given = {side: token(b"s" * 32, "agreement", side) for side in Side}
    for side, secret in given.items():
        order = QueuedEmail(
            key=f"{MENTORSHIP}/agreement/{side}",
            kind=EmailKind.AGREEMENT,
            scope_id=MENTORSHIP,
            to=Recipient(side),
            at=KICKOFF,
            now=KICKOFF,
            asks=(Ask(milestone="agreement"),),
        )
        link = Link(mentorship_id=MENTORSHIP, milestone="agreement", side=side)
        await outbox.enqueue(service.pool, order)
        known = ((token_hash(secret), link),)
        await outbox.save_written(service.pool, WrittenEmail(key=order.key, subject="Agree", links=known))
    return {side: f"/r/{secret}" for side, secret in given.items()}


@pytest.fixture
def mentee(links: dict[Side, str]) -> str:
    return links[Side.MENTEE]


@pytest.fixture
def mentor(links: dict[Side, str]) -> str:
    return links[Side.MENTOR]


@pytest.fixture
def app(service: AgreementService) -> Starlette:
    return create_app(service)


@pytest.fixture
async def standing(client: httpx.AsyncClient, mentee: str, mentor: str) -> None:
    """Both agreed to the first version."""
    await client.post(mentee, data=agrees(0, GOAL))
    await client.post(mentor, data=agrees(1))
