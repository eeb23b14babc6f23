"""A backup of one of the two databases is restored: what staff decided since stands, and no email is sent twice."""

import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

import pytest_asyncio

from benchmarks.starting import lead, publish_class, settings_of
from rehearsal.delivery import wait_for_delivery_to_cohort
from runtime.clock import clock
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from schemas.actor import Actor, ActorKind
from schemas.audit import AuditCall, AuditResult, DriftKind
from schemas.enums import EndingReason, MilestoneKind, Outcome, Side
from schemas.ids import mentorship_id, mentorship_workflow_id
from schemas.mentorship.changes import EndRequest, ExtendRequest, PauseRequest
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.state import MentorshipState, Progress
from services.context import ServiceContext, open_context
from services.drift_audit.auditor import DriftAuditor
from services.mentorships.changes import make_change
from services.mentorships.lookup import find_mentorship
from services.mentorships.replacement import replace_mentor
from services.responses import ResponseService
from storage import audit, mentorships
from tests.waiting import until

PAIRS = 4
PAUSED, EXTENDED, ENDED, REPLACED, SUCCESSOR = (mentorship_id("restored", number) for number in range(1, PAIRS + 2))
DATABASES = ("temporal.db", "postgres")
STAFF = Actor(kind=ActorKind.STAFF, name="amina")
PAUSE = PauseRequest(from_on=date(2019, 6, 1), until_on=date(2019, 7, 1))
END = EndRequest(outcome=Outcome.MENTEE_WITHDREW, reason=EndingReason.TIME)
Asked = TypeVar("Asked", Progress, MentorshipState)
# The outcome and the last day of each, as decided.
DECIDED = {
    PAUSED: (None, date(2020, 12, 10)),
    EXTENDED: (None, date(2021, 1, 10)),
    ENDED: (Outcome.MENTEE_WITHDREW, date(2019, 5, 10)),
    REPLACED: (Outcome.MENTOR_WITHDREW, date(2019, 5, 10)),
    SUCCESSOR: (None, date(2020, 11, 10)),
}


@dataclass
class Restored:
    """A stack's folder, copies of its databases before and after staff decided, and what was delivered."""

    folder: Path
    before: Path
    after: Path
    delivered: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[ServiceContext]:
        """Start the stack with whatever databases its folder has."""
        parts = frozenset({StackPart.MAIL, StackPart.WORKER})
        options = StackOptions(folder=self.folder, ports=None, parts=parts)
        async with LocalStack(options, on_mail=self._receive) as stack, open_context(stack.settings) as services:
            self.stack = stack
            yield services

    def restore(self, *, temporal: Path, postgres: Path) -> None:
        """Put a copy of each database into the folder of the stopped stack."""
        _copy(temporal, self.folder, DATABASES[:1])
        _copy(postgres, self.folder, DATABASES[1:])

    def _receive(self, message: EmailMessage) -> None:
        self.delivered.append(str(message["Message-ID"]))


def _copy(source: Path, target: Path, names: tuple[str, ...]) -> None:
    for name in names:
        subprocess.run(["rm", "-rf", *map(str, target.glob(f"{name}*"))], check=True)
        # The database files keep their owner.
        subprocess.run(["cp", "-a", *map(str, source.glob(f"{name}*")), str(target)], check=True)


async def _begin(restored: Restored, services: ServiceContext) -> None:
    await publish_class(services.pool, settings_of("restored"), PAIRS)
    # Whoever takes over works elsewhere.
    elsewhere = (
        """update application set answers = answers || '{"library": "Duluth", "town": "Duluth"}' where person_id = $1"""
    )
    await services.pool.execute(elsewhere, "M0003")
    await lead(restored.stack, "restored")

    async def started() -> bool:
        return bool(await services.pool.fetchval("select count(started_at) = $1 from mentorship", PAIRS))

    await until(started)
    await _delivered(services)


async def _delivered(services: ServiceContext) -> None:
    """Wait until all workflows have done what was due, and all their emails have left."""

    async def idle() -> bool:
        return not any([(await _state(services, id_, "progress", Progress)).busy for id_ in await _ids(services)])

    await until(idle)
    await wait_for_delivery_to_cohort(services.pool, "restored")


async def _ids(services: ServiceContext) -> list[str]:
    return [row["id"] for row in await mentorships.mentorships(services.pool, "restored")]


async def _state(services: ServiceContext, id_: str, query: str, kind: type[Asked]) -> Asked:
    handle = services.workflow(mentorship_workflow_id(id_))
    asked: Asked = await handle.query(query, result_type=kind)
    return asked


async def _decide(services: ServiceContext) -> None:
    """Let staff pause, extend, end and replace, and a mentor answer."""
    pair = {id_: await find_mentorship(services, id_) for id_ in await _ids(services)}
    await make_change(services, STAFF, pair[PAUSED], PAUSE)
    await make_change(services, STAFF, pair[EXTENDED], ExtendRequest(months=2))
    await make_change(services, STAFF, pair[ENDED], END)
    await replace_mentor(services, STAFF, pair[REPLACED], "M0003", EndingReason.CIRCUMSTANCES)
    kind = MilestoneKind.FIRST_CONTACT
    link = Link(mentorship_id=PAUSED, milestone=kind, side=Side.MENTOR)
    now = (await _state(services, PAUSED, "progress", Progress)).now
    response = NewResponse(link=link, form=kind, answers={}, received_at=now)
    responding = ResponseService(services.pool, services.client, clock(services.settings.clock_file))
    await responding.save(Actor.participant(Side.MENTOR), "restored", response)
    await _delivered(services)


async def _audit(services: ServiceContext) -> AuditResult:
    call = AuditCall(cohort_id="restored", now=datetime.now(UTC), repair=True, everybody=True)
    result = await DriftAuditor(services.pool, services.client, services.settings).audit(call)
    await _delivered(services)
    return result


async def _decided(services: ServiceContext) -> dict[str, tuple[Outcome | None, date | None]]:
    """Return the outcome and last day of each mentorship; its workflow and its row must say the same."""
    found = {}
    for row in await mentorships.mentorships(services.pool, "restored"):
        progress = await _state(services, row["id"], "progress", Progress)
        assert (progress.outcome, progress.ends_on) == (row["outcome"], row["ends_on"]), row["id"]
        found[row["id"]] = progress.outcome, progress.ends_on
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def restored() -> AsyncIterator[Restored]:
    """A class whose databases were copied before staff decided, and after."""
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        one = Restored(folder=Path(made) / "stack", before=Path(made) / "before", after=Path(made) / "after")
        for copy in (one.before, one.after):
            copy.mkdir()
        async with one.running() as services:
            await _begin(one, services)
        _copy(one.folder, one.before, DATABASES)
        async with one.running() as services:
            await _decide(services)
            assert await _decided(services) == DECIDED
            assert (await _audit(services)).drifts == ()
        _copy(one.folder, one.after, DATABASES)
        assert len(set(one.delivered)) == len(one.delivered)
        yield one


async def test_older_temporal_is_told_again_what_staff_decided_and_sends_nothing_twice(restored: Restored) -> None:
    restored.restore(temporal=restored.before, postgres=restored.after)
    delivered = len(restored.delivered)
    async with restored.running() as services:
        result = await _audit(services)
        assert DriftKind.DECISIONS in {drift.kind for drift in result.drifts}
        assert [(drift.kind, drift.id) for drift in result.left] == []
        assert await _decided(services) == DECIDED
        state = await _state(services, PAUSED, "state", MentorshipState)
        assert [(pause.from_on, pause.until_on) for pause in state.terms.pauses] == [(PAUSE.from_on, PAUSE.until_on)]
        assert [answer.milestone for answer in state.answers] == [MilestoneKind.FIRST_CONTACT]
        assert (await _state(services, REPLACED, "state", MentorshipState)).successor == SUCCESSOR
        assert len(restored.delivered) == delivered
        assert (await _audit(services)).drifts == ()
        # Staff extend once more: both are told of it.
        await make_change(services, STAFF, await find_mentorship(services, EXTENDED), ExtendRequest(months=1))
        await _delivered(services)
        assert len(restored.delivered) == delivered + len(Side)
        assert (await _decided(services))[EXTENDED] == (None, date(2021, 2, 10))
    assert len(set(restored.delivered)) == len(restored.delivered)


async def test_older_postgresql_is_written_again_and_what_it_lost_is_named(restored: Restored) -> None:
    restored.restore(temporal=restored.after, postgres=restored.before)
    delivered = len(restored.delivered)
    async with restored.running() as services:
        result = await _audit(services)
        assert {(drift.kind, drift.id) for drift in result.left} == {(DriftKind.RESPONSES_LOST, PAUSED)}
        found = {drift.kind for drift in result.drifts}
        assert found >= {DriftKind.DECISIONS_UNRECORDED, DriftKind.WITHOUT_ROW, DriftKind.PLAN}
        assert await _decided(services) == DECIDED
        confirmed = {id_: await audit.confirmed_decisions(services.pool, id_) for id_ in DECIDED}
        assert [len(decisions) for decisions in confirmed.values()] == [1, 1, 1, 1, 0]
        assert (await mentorships.partners(services.pool, SUCCESSOR)).mentor.id == "M0003"
        assert len(restored.delivered) == delivered
