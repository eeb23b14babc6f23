"""A cohort of six in a real PostgreSQL, and a Temporal that knows of no workflow but those a test names."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import asyncpg
import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHistory,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode

from runtime.settings import Settings
from schemas.actor import Actor, ActorKind
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.audit_event import AuditEvent, AuditFilter
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from schemas.cohort.state import CohortState
from schemas.ids import cohort_workflow_id
from services.context import ServiceContext
from storage import audit, cohorts, proposals
from tests.matched import matched

COHORT = "mile-2019"
ACTOR = Actor(kind=ActorKind.STAFF, name="amina")


@dataclass(frozen=True)
class FakeExecution:
    """What Temporal says of a workflow that it is asked to describe."""

    status: WorkflowExecutionStatus
    typed_search_attributes: TypedSearchAttributes = TypedSearchAttributes.empty


@dataclass
class FakeTemporal:
    """Keeps which workflows run, and what they were asked to do as (workflow, message).

    ``away`` makes it refuse every signal, ``silent`` end no workflow, so that who sets no limit waits for ever.
    ``answers`` are what its workflows answer or raise, by query or by "workflow query", or what a signal to one raises,
    by "workflow signal"; ``results`` what they return or raise, by update, or a future of it; ``arguments`` are what
    each update was last given.
    """

    running: set[str] = field(default_factory=set)
    messages: list[tuple[str, str]] = field(default_factory=list)
    away: bool = False
    silent: bool = False
    answers: dict[str, object] = field(default_factory=dict)
    results: dict[str, object] = field(default_factory=dict)
    arguments: dict[str, object] = field(default_factory=dict)

    def check_connection(self) -> None:
        if self.away:
            raise RPCError("away", RPCStatusCode.UNAVAILABLE, b"")

    def get_workflow_handle(self, workflow_id: str, **_: object) -> "FakeHandle":
        return FakeHandle(self, workflow_id)

    async def start_workflow(self, workflow: str, *_: object, id: str, **options: Any) -> None:  # noqa: A002
        self.check_connection()
        self.running.add(id)
        self.messages.append((id, options.get("start_signal", workflow)))


@dataclass(frozen=True)
class FakeHandle:
    """The handle of one workflow of a FakeTemporal."""

    temporal: FakeTemporal
    id: str

    async def describe(self, **_: object) -> FakeExecution:
        if self.id not in self.temporal.running:
            raise RPCError("there is none", RPCStatusCode.NOT_FOUND, b"")
        return FakeExecution(WorkflowExecutionStatus.RUNNING)

    async def terminate(self, *, rpc_timeout: timedelta | None = None, **_: object) -> None:
        self.temporal.check_connection()
        if self.temporal.silent:
            await (asyncio.sleep(0) if rpc_timeout else asyncio.Event().wait())
            raise RPCError("no answer in time", RPCStatusCode.DEADLINE_EXCEEDED, b"")
        self.temporal.running.discard(self.id)
        self.temporal.messages.append((self.id, "terminated"))

    async def signal(self, signal: str, *_: object, **__: object) -> None:
        self.temporal.check_connection()
        if isinstance(error := self.temporal.answers.get(f"{self.id} {signal}"), Exception):
            raise error
        self.temporal.messages.append((self.id, signal))

    async def fetch_history(self) -> WorkflowHistory:
        """Return the history of one run that has just begun."""
        self.temporal.check_connection()
        return WorkflowHistory(self.id, [HistoryEvent(event_type=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED)])

    async def query(self, query: str, *_: object, **__: object) -> object:
        """Answer as a worker does."""
        self.temporal.check_connection()
        answers = self.temporal.answers
        answer = answers.get(f"{self.id} {query}", answers.get(query))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def start_update(self, update: str, *_: object, args: object = (), **__: object) -> "FakeUpdate":
        self.temporal.arguments[update] = args
        self.temporal.messages.append((self.id, update))
        return FakeUpdate(self.temporal.results.get(update))


@dataclass(frozen=True)
class FakeUpdate:
    """An update that a workflow has carried out."""

    returned: object

    async def result(self) -> object:
        try:
            returned = await self.returned if isinstance(self.returned, asyncio.Future) else self.returned
        # As the SDK does.
        except asyncio.CancelledError as error:
            raise WorkflowUpdateRPCTimeoutOrCancelledError from error
        if isinstance(returned, Exception):
            raise returned
        return returned


@pytest.fixture
def temporal() -> FakeTemporal:
    """Temporal, where the cohort's workflow runs and nothing else does."""
    return FakeTemporal(running={cohort_workflow_id(COHORT)}, answers={"state": CohortState(cohort_id=COHORT)})


@pytest.fixture
def context(pool: asyncpg.Pool, temporal: FakeTemporal) -> ServiceContext:
    settings = Settings.model_validate(
        {
            "database_url": "postgresql://nobody@127.0.0.1/none",
            "link_secret": "a secret of thirty-two characters",
            "public_url": "http://127.0.0.1:8400",
            "sender": "mile@example.org",
        }
    )
    return ServiceContext(settings, pool, cast(Client, temporal))


@pytest.fixture
def settings() -> CohortSettings:
    kickoff = datetime.now(UTC).date() + timedelta(days=60)
    return CohortSettings(
        id=COHORT,
        title="2019 Mentorship Program",
        institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=kickoff),
        contact=ProgramContact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
    )


def person(prefix: str, number: int) -> dict[str, Any]:
    return {
        "id": f"{prefix}{number:02}",
        "name": f"Somebody {prefix}{number}",
        "email": f"{prefix.lower()}{number}@example.org",
        "library": "Library of Ely",
        "library_type": "public",
        "town": "Ely",
        "role": "Clerk",
    }


@pytest.fixture
async def cohort(pool: asyncpg.Pool, settings: CohortSettings) -> str:
    """The id of a cohort with three mentors and three mentees."""
    numbers = (1, 2, 3)
    mentors = [MentorApplication.model_validate(person("M", number) | {"years": 9}) for number in numbers]
    mentees = [MenteeApplication.model_validate(person("P", number) | {"goals": ("Lead",)}) for number in numbers]
    await cohorts.save_cohort(pool, settings, mentors, mentees, datetime.now(UTC))
    return settings.id


async def publish_pairs(pool: asyncpg.Pool, *pairs: tuple[str, str]) -> int:
    """Publish a match run with these pairs of mentor and mentee, propose them, and return its number."""
    now = datetime.now(UTC)
    result = matched(*pairs, inputs_sha256=f"{now.timestamp():064.6f}")
    run = await cohorts.save_match_run(pool, COHORT, result, now)
    await cohorts.publish_match_run(pool, COHORT, run, now)
    await proposals.propose(pool, COHORT, now)
    return run


async def events_of(pool: asyncpg.Pool, cohort: str) -> list[tuple[str, str]]:
    """Return who did what to a cohort, in order."""
    events: tuple[AuditEvent, ...] = await audit.events(pool, AuditFilter(cohort_id=cohort))
    return [(str(event.actor), event.action) for event in events]
