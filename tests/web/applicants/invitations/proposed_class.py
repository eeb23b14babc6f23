"""A class of two mentors and three mentees with proposed matches, and a fake Temporal that records its signals."""

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import asyncpg
import httpx
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.matching.run import match
from emails.links import token, token_hash
from runtime.clock import RehearsalClock
from schemas.actor import Actor
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings, HalfDay, HalfDaySession, Institute, ProgramContact, ProposalSettings
from schemas.mentorship.responses import NewResponse, ResponsePage, SavedResponse
from schemas.signals import Envelope
from services.responses import ResponseService
from storage import cohorts, personal_links, proposals

ID = "mile-2019"
PROPOSED = datetime(2019, 4, 15, 15, tzinfo=UTC)
DUE = datetime(2019, 4, 26, 5, tzinfo=UTC)
KICKOFF = datetime(2019, 5, 10, 14, tzinfo=UTC)
HALF_DAYS = (
    HalfDay(id="thursday", label="Thursday morning", day=date(2019, 5, 9), begins=time(9), ends=time(12, 30)),
    HalfDay(id="friday", label="Friday afternoon", day=date(2019, 5, 10), begins=time(13), ends=time(16)),
)
COHORT = CohortSettings(
    id=ID,
    title="2019 Mentorship Program",
    institute=Institute(
        venue="Sugar Lake Lodge", town="Cohasset", first_day=date(2019, 5, 8), last_day=date(2019, 5, 10)
    ),
    contact=ProgramContact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
    proposals=ProposalSettings(answer_days=10, reminders=(5, 8)),
    session=HalfDaySession(half_days=HALF_DAYS),
)


def _answers(id_: str, name: str, town: str) -> dict[str, object]:
    return {
        "id": id_,
        "name": name,
        "email": f"{id_.lower()}@example.org",
        "library": f"Library of {town}" if id_.startswith("M") else f"{town} School Library",
        "library_type": "public",
        "town": town,
        "role": "Clerk",
    }


MENTORS = (
    MentorApplication.model_validate(
        _answers("M01", "Solveig Aaberg", "Ely")
        | {"years": 20, "offers": ["leadership", "networking"], "capacity": 2, "availability": ["evenings"]}
    ),
    MentorApplication.model_validate(
        _answers("M02", "Amina Warsame", "Duluth") | {"years": 12, "offers": ["advocacy"]}
    ),
)
MENTEES = (
    MenteeApplication.model_validate(
        _answers("P01", "Kao Nou Vue-Reyes", "Ely")
        | {"years": 3, "wants": ["leadership", "budgeting"], "availability": ["evenings"], "ranks": ["M01"]}
    ),
    MenteeApplication.model_validate(_answers("P02", "Inés O'Neil", "Cook") | {"wants": ["networking"]}),
    MenteeApplication.model_validate(_answers("P03", "Tarik Boyd", "Duluth") | {"wants": ["advocacy"]}),
)
PAIRS = {("M01", "P01"), ("M01", "P02"), ("M02", "P03")}


@dataclass
class RecordingTemporal:
    """A fake of what the pages need of a Temporal client.

    ``signals`` are those received, each with its workflow; ``started`` are the workflows that were started.
    """

    signals: list[tuple[str, str, Envelope]] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    unreachable: bool = False

    async def start_workflow(self, *_: object, id: str, **__: object) -> None:  # noqa: A002 - the client calls it so
        if self.unreachable:
            raise RPCError("away", RPCStatusCode.UNAVAILABLE, b"")
        self.started.append(id)

    def get_workflow_handle(self, workflow_id: str) -> "_Handle":
        return _Handle(self, workflow_id)


@dataclass
class _Handle:
    temporal: RecordingTemporal
    workflow_id: str

    async def signal(self, name: str, envelope: Envelope, *, rpc_timeout: timedelta) -> None:
        if self.temporal.unreachable:
            raise RPCError("nobody answers", RPCStatusCode.UNAVAILABLE, b"")
        self.temporal.signals.append((self.workflow_id, name, envelope))


class UnusedResponseService(ResponseService):
    """The service of pages that these tests never open."""

    def __init__(self) -> None:
        pass

    async def open(self, token_hash: bytes) -> ResponsePage | None:
        return None

    async def save(
        self, actor: Actor, cohort_id: str, response: NewResponse, *, in_steps: bool = False, goes_on: bool = False
    ) -> SavedResponse:
        raise AssertionError(response)

    def now(self, mentorship_id: str) -> datetime:
        raise AssertionError(mentorship_id)

    async def check_servers(self) -> dict[str, bool]:
        return {}


@dataclass
class ProposedClass:
    """A cohort whose matches are proposed, and everybody's personal link."""

    pool: asyncpg.Pool
    clock: RehearsalClock
    temporal: RecordingTemporal
    links: dict[str, str] = field(default_factory=dict)

    @property
    def client(self) -> Client:
        client: Client = self.temporal  # type: ignore[assignment]
        return client

    def at(self, moment: datetime) -> None:
        """Set the cohort's clock."""
        self.clock.set(ID, moment)

    def match(self, person: str) -> str:
        return f"{self.links[person]}/match"

    def kickoff(self, person: str) -> str:
        return f"{self.links[person]}/kickoff"

    async def commit(self, mentor: str, mentee: str) -> None:
        """Make a match final."""
        await self.pool.execute(
            "update proposal set mentor_answer = 'committed', mentee_answer = 'committed', mentor_answered_at = $3, "
            "mentee_answered_at = $3 where mentor_id = $1 and mentee_id = $2",
            mentor,
            mentee,
            PROPOSED,
        )

    async def kept(self, mentor: str, mentee: str) -> asyncpg.Record:
        """Return the row of a proposal."""
        row = await self.pool.fetchrow("select * from proposal where mentor_id = $1 and mentee_id = $2", mentor, mentee)
        assert row
        return row

    async def publish(self, pairs: dict[str, str], now: datetime) -> None:
        """Publish a run with these mentors by mentee, and create its proposals."""
        fixed = [(mentor, mentee) for mentee, mentor in pairs.items()]
        unmatched = {mentee.id for mentee in MENTEES} - set(pairs)
        forbidden = [(mentor.id, mentee) for mentee in unmatched for mentor in MENTORS]
        result = match(MENTORS, MENTEES, COHORT.matching, pins=fixed, forbid=forbidden)
        run = await cohorts.save_match_run(self.pool, ID, result, now)
        await cohorts.publish_match_run(self.pool, ID, run, now)
        await proposals.propose(self.pool, ID, now)


async def create_proposed_class(pool: asyncpg.Pool) -> ProposedClass:
    """Set up the class on the day of the proposals."""
    await cohorts.save_cohort(pool, COHORT, MENTORS, MENTEES, PROPOSED)
    proposed = ProposedClass(pool, RehearsalClock(), RecordingTemporal())
    proposed.at(PROPOSED + timedelta(hours=1))
    await proposed.publish({mentee: mentor for mentor, mentee in sorted(PAIRS)}, PROPOSED)
    for person in (*MENTORS, *MENTEES):
        secret = token(b"s" * 32, "personal", f"{ID}/{person.id}")
        await personal_links.ensure(pool, ID, person.id, token_hash(secret))
        proposed.links[person.id] = f"/a/{secret}"
    return proposed


def text_of(page: httpx.Response) -> str:
    """Return the words of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
