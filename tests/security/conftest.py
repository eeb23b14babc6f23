"""One mentorship in a real PostgreSQL, and an engine that notes the signals it is sent."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import cast

import asyncpg
import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment

from activities.sweeper import LEFT_TO_THE_PAGE, Sweeper
from domain.mentorship.plan import plan
from runtime.clock import clock
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from schemas.enums import MilestoneKind, Side
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.terms import Terms
from schemas.signals import Envelope
from services.context import ServiceContext
from services.responses import ResponseService
from storage import cohorts, mentorships
from tests.emails.relay import settings_for
from tests.matched import matched

NOW = datetime(2019, 5, 10, 13, tzinfo=UTC)
Answered = Callable[..., NewResponse]
Sweep = Callable[[], Awaitable[int]]


class NotingEngine:
    """An engine that takes in every signal, except those to a workflow it refuses or when it is away.

    ``asked`` is called for each query of a workflow, which nobody answers then.
    """

    def __init__(self) -> None:
        self.asked: Callable[[], Awaitable[None]] | None = None
        self.signals: list[str] = []
        self.tries = 0
        self.refuses = ""
        self.away = False

    def get_workflow_handle(self, workflow_id: str) -> "NotingHandle":
        return NotingHandle(self, workflow_id)


class NotingHandle:
    """The handle of one workflow of that engine."""

    def __init__(self, engine: NotingEngine, workflow_id: str) -> None:
        self._engine = engine
        self._id = workflow_id

    async def signal(self, name: str, envelope: Envelope, *, rpc_timeout: timedelta) -> None:
        self._engine.tries += 1
        if self._engine.away:
            raise RPCError("away", RPCStatusCode.UNAVAILABLE, b"")
        if self._id == self._engine.refuses:
            raise RPCError("exceeded workflow execution limit", RPCStatusCode.INVALID_ARGUMENT, b"")
        self._engine.signals.append(self._id)

    async def query(self, *_: object, **__: object) -> None:
        if self._engine.asked:
            await self._engine.asked()
        raise RPCError("no worker", RPCStatusCode.DEADLINE_EXCEEDED, b"")

    async def describe(self, **_: object) -> None:
        raise RPCError("away", RPCStatusCode.UNAVAILABLE, b"")


@pytest.fixture
def engine() -> NotingEngine:
    return NotingEngine()


@pytest.fixture
def client(engine: NotingEngine) -> Client:
    return cast(Client, engine)


@pytest.fixture
def responses_service(pool: asyncpg.Pool, client: Client) -> ResponseService:
    return ResponseService(pool, client, clock(None))


@pytest.fixture
def activity_environment() -> ActivityEnvironment:
    return ActivityEnvironment()


@pytest.fixture
def sweep(pool: asyncpg.Pool, client: Client, activity_environment: ActivityEnvironment) -> Sweep:
    """Return a function that tells of waiting responses once, as the sweeper does."""
    services = ServiceContext(settings_for("postgresql://nobody@127.0.0.1/none", 25), pool, client)

    async def once() -> int:
        # The sweeper leaves to the page what came in a moment ago.
        await pool.execute("update response set stored_at = stored_at - $1::interval", LEFT_TO_THE_PAGE)
        return await activity_environment.run(Sweeper(services).signal_pending_responses)

    return once


@pytest.fixture
async def pairs(pool: asyncpg.Pool) -> tuple[str, ...]:
    """The ids of two mentorships that have begun."""
    settings = CohortSettings(
        id="mile-2019",
        title="2019 Mentorship Program",
        institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=date(2019, 5, 10)),
        contact=ProgramContact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
    )
    mentors = tuple(MentorApplication.model_validate(_person("M", number) | {"years": 9}) for number in (1, 2))
    mentees = tuple(MenteeApplication.model_validate(_person("P", number)) for number in (1, 2))
    await cohorts.save_cohort(pool, settings, mentors, mentees, NOW)
    dates = {"starts_on": date(2019, 5, 10), "ends_on": date(2020, 11, 10)}
    made = await mentorships.save_pairs(pool, settings.id, matched(("M01", "P01"), ("M02", "P02")), **dates, now=NOW)
    for mentorship in made:
        terms = Terms(mentorship_id=mentorship, cohort_id=settings.id, kickoff_on=date(2019, 5, 10))
        await mentorships.save_plan(pool, mentorship, plan(terms, NOW), NOW)
    return made


@pytest.fixture
def answered() -> Answered:
    """Return a function that makes what a page sends to be saved."""

    def written(mentorship: str, **answers: str) -> NewResponse:
        return NewResponse(
            link=Link(mentorship_id=mentorship, milestone="check_in-1", side=Side.MENTOR),
            form=MilestoneKind.CHECK_IN,
            answers={"status": "met"} | answers,
            received_at=datetime(2019, 7, 23, 12, tzinfo=UTC),
        )

    return written


def _person(prefix: str, number: int) -> dict[str, object]:
    return {
        "id": f"{prefix}{number:02}",
        "name": f"Berit Lund {prefix}{number}",
        "email": f"{prefix.lower()}{number}@example.org",
        "library": "Library of Ely",
        "library_type": "public",
        "town": "Ely",
        "role": "Clerk",
    }
