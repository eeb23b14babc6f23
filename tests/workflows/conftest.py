"""One rehearsal of MILE 2019, played once and looked at by many tests."""

import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from temporalio.client import Client, WorkflowHistory

from domain.calendar import months_after, morning
from domain.mentorship.terms import initial_terms
from rehearsal.checks.collection import collect_evidence
from rehearsal.checks.ledger import with_promises
from rehearsal.cohort_simulation import CohortSimulation
from rehearsal.environment import Environment, open_environment
from rehearsal.folder import read_folder
from rehearsal.histories import save_histories
from rehearsal.inbox import Inbox
from rehearsal.record import read_record
from runtime.histories import fetch_runs
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from schemas.cohort.folder import CohortFolder
from schemas.enums import Side
from schemas.ids import MENTORSHIP_WORKFLOW, cohort_workflow_id, mentorship_workflow_id
from schemas.mentorship.state import MentorshipState
from schemas.rehearsal import MentorshipRecord, RehearsalRecord
from storage import cohorts, mentorships, outbox, responses
from tests.matched import matched
from tests.workflows.one_pair import Handle, OnePair

EXAMPLES = Path(__file__).parents[2] / "examples"
PARTS = frozenset({StackPart.MAIL, StackPart.WORKER})
# Of the class of 2019: one that answers all, one that is silent, one that asks for a call, one that clicks twice.
KEPT_OF_2019 = ("mile-2019-002", "mile-2019-003", "mile-2019-004", "mile-2019-010")
KeepHistory = Callable[[Client, str, str], Coroutine[None, None, None]]


class StepCounter:
    """Counts the steps of a simulation."""

    def __init__(self) -> None:
        self.steps = 0

    def expect(self, mentorships: int) -> None:
        self.mentorships = mentorships

    def reached(self, mentorship: str, moment: datetime) -> None:
        self.steps += 1


@dataclass(frozen=True)
class Simulated:
    """What the simulation of a class left behind, on a stack that still runs."""

    folder: CohortFolder
    record: RehearsalRecord
    environment: Environment
    stack: LocalStack
    outbox: list[asyncpg.Record]
    responses: list[asyncpg.Record]
    histories: dict[str, list[WorkflowHistory]]

    def acted_by(self, person: str) -> tuple[MentorshipRecord, Side]:
        """Return the mentorship of a person and the side they are on."""
        for mentorship in self.record.mentorships:
            if person in (mentorship.mentor, mentorship.mentee):
                return mentorship, Side.MENTOR if person == mentorship.mentor else Side.MENTEE
        raise LookupError(person)


@pytest.fixture(scope="session")
def mile_2019() -> CohortFolder:
    return read_folder(EXAMPLES / "mile-2019")


@pytest.fixture(scope="session")
def mile_2017() -> CohortFolder:
    return read_folder(EXAMPLES / "mile-2017")


@pytest.fixture(scope="session")
def small_2017(mile_2017: CohortFolder) -> CohortFolder:
    """Two participants of MILE 2017 and all its mentors: enough where a whole class would tell nothing more.

    Nobody applies on the pages, is asked about a match, or is invited to a session.
    """
    left_out = mile_2017.settings.model_copy(update={"applications": None, "proposals": None, "session": None})
    return mile_2017.model_copy(update={"mentees": mile_2017.mentees[:2], "settings": left_out})


@pytest.fixture(scope="package")
def inbox() -> Inbox:
    """The mailbox of the shared stack."""
    return Inbox()


@pytest_asyncio.fixture(scope="package")
async def stack(inbox: Inbox) -> AsyncIterator[LocalStack]:
    """A stack for all simulations that leave the worker alone."""
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        options = StackOptions(folder=Path(made), ports=None, parts=PARTS, rehearsal=True)
        async with LocalStack(options, on_mail=inbox.receive) as stack:
            yield stack


@pytest_asyncio.fixture(scope="package")
async def environment(stack: LocalStack, inbox: Inbox) -> AsyncIterator[Environment]:
    """The environment of all simulations on the shared stack."""
    async with open_environment(stack.settings, stack.client, inbox) as environment:
        yield environment


async def publish_one_pair(pool: asyncpg.Pool, folder: CohortFolder, now: datetime) -> str:
    """Keep a cohort with a single published pair, M01 and P01; return the mentorship's id."""
    settings = folder.settings
    await cohorts.save_cohort(pool, settings, folder.mentors, folder.mentees, now)
    matches = matched(("M01", "P01"), score=8000)
    ends_on = months_after(settings.kickoff_day, settings.timeline.months)
    ids = await mentorships.save_pairs(
        pool, settings.id, matches, starts_on=settings.kickoff_day, ends_on=ends_on, now=now
    )
    return ids[0]


async def start_one_pair(client: Client, pool: asyncpg.Pool, folder: CohortFolder, queue: str) -> Handle:
    """Start the one mentorship of a cohort an hour before its first email."""
    kickoff = morning(folder.settings.kickoff_day, folder.settings.time_zone) - timedelta(hours=1)
    mentorship = await publish_one_pair(pool, folder, kickoff)
    state = MentorshipState(terms=initial_terms(folder.settings, mentorship), clock_offset=kickoff - datetime.now(UTC))
    handle: Handle = await client.start_workflow(
        MENTORSHIP_WORKFLOW, state, id=mentorship_workflow_id(mentorship), task_queue=queue
    )
    return handle


@pytest.fixture
def start() -> Callable[[Client, asyncpg.Pool, CohortFolder, str], Coroutine[None, None, Handle]]:
    """Return what starts the one mentorship of a cohort, for tests with a stack of their own."""
    return start_one_pair


@pytest.fixture(scope="session")
def keep_history(pytestconfig: pytest.Config) -> KeepHistory:
    """Return what keeps all runs of a workflow under a name, if --keep-histories asks for it."""
    folder: Path | None = pytestconfig.getoption("--keep-histories")

    async def keep(client: Client, workflow_id: str, name: str) -> None:
        if folder:
            save_histories(folder, name, await fetch_runs(client, workflow_id))

    return keep


@pytest.fixture
async def one_pair(
    environment: Environment, mile_2019: CohortFolder, keep_history: KeepHistory
) -> AsyncIterator[Callable[[str], Coroutine[None, None, OnePair]]]:
    """Yield what starts one mentorship of MILE 2019 under another cohort's id."""
    begun: list[str] = []

    async def begin(cohort_id: str) -> OnePair:
        settings = mile_2019.settings.model_copy(update={"id": cohort_id})
        folder = mile_2019.model_copy(update={"settings": settings})
        handle = await start_one_pair(environment.client, environment.pool, folder, environment.settings.task_queue)
        begun.append(cohort_id)
        return OnePair(environment, folder, handle.id.removeprefix("mentorship-"), handle)

    yield begin
    for cohort_id in begun:
        for row in await mentorships.mentorships(environment.pool, cohort_id):
            workflow_id = mentorship_workflow_id(row["id"])
            await keep_history(environment.client, workflow_id, workflow_id)


@pytest_asyncio.fixture(scope="package")
async def simulated(
    environment: Environment, stack: LocalStack, mile_2019: CohortFolder, keep_history: KeepHistory
) -> Simulated:
    """MILE 2019, played with seed 1 from its applications to its report."""
    await CohortSimulation(environment, mile_2019, seed=1, observer=StepCounter()).run()
    record = await read_record(environment, mile_2019, seed=1, seconds=0)
    record = with_promises(await collect_evidence(environment, mile_2019, record))
    cohort = mile_2019.settings.id
    workflows = [cohort_workflow_id(cohort), *(mentorship_workflow_id(one.id) for one in record.mentorships)]
    for workflow_id in (cohort_workflow_id(cohort), *map(mentorship_workflow_id, KEPT_OF_2019)):
        await keep_history(environment.client, workflow_id, workflow_id)
    return Simulated(
        folder=mile_2019,
        record=record,
        environment=environment,
        stack=stack,
        outbox=await outbox.emails_of_cohort(environment.pool, cohort),
        responses=await responses.responses_of_cohort(environment.pool, cohort),
        histories={workflow: await fetch_runs(environment.client, workflow) for workflow in workflows},
    )


@pytest_asyncio.fixture(scope="package")
async def record_2017(environment: Environment, small_2017: CohortFolder) -> RehearsalRecord:
    """Two pairs of MILE 2017, played with seed 7 from their applications to the report."""
    await CohortSimulation(environment, small_2017, seed=7, observer=StepCounter()).run()
    record = await read_record(environment, small_2017, seed=7, seconds=0)
    # Later classes of this stack would ask its mentors, too.
    await environment.pool.execute("update mentorship set starts_on = '2100-01-01' where cohort_id = $1", record.cohort)
    return record
