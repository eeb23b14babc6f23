"""A class that only PostgreSQL knows, at one moment, and what a step of staff leads to there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import asyncpg
from temporalio.client import Client

from domain.applications.emails import applicant_email_request
from domain.labels import label
from domain.previews import email_lines
from emails.writer import EmailWriter
from rehearsal.environment import RehearsalContext
from runtime.clock import RehearsalClock
from runtime.settings import Settings
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from schemas.emails.messages import ClaimedEmail, QueuedEmail
from schemas.enums import EmailKind, Side
from schemas.errors import Refusal, UnknownCohort
from schemas.ids import cohort_workflow_id
from schemas.matching.results import MatchResult
from services.context import ServiceContext
from storage import cohorts, mentorships, outbox
from storage.database import rolled_back
from tests.matched import matched
from tests.services.conftest import FakeTemporal, person
from tests.workflows.previewed import KICKOFF, Taken


@dataclass
class StoredClass:
    """A class of three mentors and three mentees that only PostgreSQL knows, at one moment."""

    id: str
    now: datetime
    context: ServiceContext
    temporal: FakeTemporal
    waiting: QueuedEmail
    # Of the opening, role or message that a step is about.
    number: int = 0

    @property
    def pool(self) -> asyncpg.Pool:
        return self.context.pool

    async def take(self, step: "StoredStep") -> Taken:
        """Ask for the preview, take the step, and look into the outbox."""
        taken, before = Taken(), {email.key for email in await self._leaving()}
        try:
            preview = (await step.preview(self)).preview
            assert preview is not None
            taken.printed = list(email_lines(preview, ids=True)) if preview.changes else []
        except (Refusal, UnknownCohort) as refusal:
            taken.refused = str(refusal), ""
        assert {email.key for email in await self._leaving()} == before, "a preview leaves no trace"
        try:
            await step.take(self)
        except (Refusal, UnknownCohort) as refusal:
            taken.refused = (taken.refused or ("", ""))[0], str(refusal)
        taken.told = [message for _, message in self.temporal.messages]
        self.temporal.messages.clear()
        for email in await self._leaving():
            if email.key in before:
                continue
            # What goes to staff is about the whole class; its only role is that of the chair.
            taken.really[label(email.kind), email.scope_id.partition("/")[2] or "Chair"] += 1
            taken.subjects.append((self.now, await self._subject(email)))
        return taken

    async def _leaving(self) -> list[ClaimedEmail]:
        """Return what a sender would take now."""
        async with rolled_back(self.pool) as db:
            claimed = await outbox.claim(db, at_most=1000)
        return [email for email in claimed if email.cohort_id == self.id]

    async def _subject(self, email: ClaimedEmail) -> str:
        written = await EmailWriter(self.pool, self.context.settings).write(email)
        return written.rendered.subject if written else ""


UseCase = Callable[[StoredClass], Awaitable[Any]]


@dataclass(frozen=True)
class StoredStep:
    """A step: what comes before it, its preview and itself, and what it tells the cohort's workflow."""

    preview: UseCase
    take: UseCase
    before: UseCase | None = None
    tells: tuple[str, ...] = ()


def own_person(cohort: str, letter: str, number: int) -> dict[str, Any]:
    """Return what somebody of a class says of themselves; nobody of another class has their address."""
    return person(letter, number) | {"email": f"{cohort}.{letter.lower()}{number}@example.org"}


async def class_at(pool: asyncpg.Pool, settings: Settings, cohort: str, now: datetime) -> StoredClass:
    """Store a class at a moment; past the kickoff, two of its pairs are mentorships that run."""
    clock, temporal = RehearsalClock(), FakeTemporal(running={cohort_workflow_id(cohort)})
    clock.set(cohort, now)
    own = CohortSettings(
        id=cohort,
        title="A class",
        institute=Institute(venue="Lodge", town="Ely", last_day=KICKOFF),
        contact=ProgramContact(role="Chair", email="chair@example.org"),
    )
    mentors = [MentorApplication.model_validate(own_person(cohort, "M", n) | {"years": 9}) for n in (1, 2, 3)]
    mentees = [MenteeApplication.model_validate(own_person(cohort, "P", n)) for n in (1, 2, 3)]
    await cohorts.save_cohort(pool, own, mentors, mentees, now)
    if now.date() > KICKOFF:
        days = {"starts_on": KICKOFF, "ends_on": KICKOFF + timedelta(days=550)}
        await mentorships.save_pairs(pool, cohort, matches("M01", "M02"), **days, now=now)
    context = RehearsalContext(settings, pool, cast(Client, temporal), clock)
    waiting = applicant_email_request(cohort, "M02", Side.MENTOR, EmailKind.KICKOFF, "kickoff", at=now, now=now)
    return StoredClass(cohort, now, context, temporal, waiting)


def matches(*mentors: str) -> MatchResult:
    """Return a match run in which each mentor has the mentee of the same number."""
    return matched(*((mentor, mentor.replace("M", "P")) for mentor in mentors))
