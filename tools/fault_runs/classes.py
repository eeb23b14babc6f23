"""The classes of a run: three small ones, each a few seconds before something is due in its mentorships."""

import asyncio
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import asyncpg

from benchmarks.starting import matches_of
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings, Institute, KickoffSettings, ProgramContact
from schemas.cohort.state import CohortState
from schemas.enums import MilestoneKind
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id
from storage import cohorts
from storage.database import open_pool
from tools.fault_runs.stack import FaultStack

PAIRS = 2
# The milestone's first email is due so many seconds after the class was created.
DUE_WITHIN_SECONDS = (2.0, 6.0)
HOUR_OF_EMAILS = 9
# The earliest of the days that are as near is taken: the longer ago a kickoff was, the more is asked at once.
DAYS_TRIED = 14


class ClassStage(StrEnum):
    """What is due in a class during its run; the value is the kind of milestone."""

    FIRST_CONTACT = "first_contact"
    AGREEMENT = "agreement"
    CHECK_IN = "check_in"


class FaultClass(FrozenModel):
    """One class of a run; ``clock_offset`` is what its program's time is ahead of the real one."""

    settings: CohortSettings
    stage: ClassStage
    clock_offset: timedelta


def draw_classes(run: str, generator: random.Random) -> list[FaultClass]:
    """Return the classes of a run; their ids begin with ``run``."""
    return [_class(f"{run}-{stage.replace('_', '-')}", stage, generator) for stage in ClassStage]


async def create(stack: FaultStack, classes: list[FaultClass]) -> None:
    """Store the classes with their matches published, and start their workflows."""
    async with open_pool(stack.settings.database_url.get_secret_value(), size=1) as pool:
        for each in classes:
            await _store(pool, each)
    await asyncio.gather(*(_start(stack, each) for each in classes))


def _class(cohort_id: str, stage: ClassStage, generator: random.Random) -> FaultClass:
    now = datetime.now(UTC)
    due_at = now + timedelta(seconds=generator.uniform(*DUE_WITHIN_SECONDS))
    moments = [(abs(moment - due_at), moment, kickoff) for kickoff, moment in _kickoffs(cohort_id, stage, now)]
    _, moment, kickoff = min(moments)
    return FaultClass(settings=_settings(cohort_id, kickoff, now), stage=stage, clock_offset=moment - due_at)


def _kickoffs(cohort_id: str, stage: ClassStage, now: datetime) -> Iterator[tuple[date, datetime]]:
    """Yield days of a kickoff, and when the first email about the milestone is due with each of them.

    The pages show the real time, so the program's is to be as close to it as a weekend allows.
    """
    first = plan(initial_terms(_settings(cohort_id, now.date(), now), f"{cohort_id}-001"), now)
    lead = min(milestone.opens_at for milestone in first.milestones if milestone.kind == MilestoneKind(stage)) - now
    for days in range(-DAYS_TRIED, DAYS_TRIED):
        kickoff = (now - lead + timedelta(days=days)).date()
        planned = plan(initial_terms(_settings(cohort_id, kickoff, now), f"{cohort_id}-001"), now)
        ids = {milestone.id for milestone in planned.milestones if milestone.kind == MilestoneKind(stage)}
        yield kickoff, min(email.at for email in planned.emails if any(ask.milestone in ids for ask in email.asks))


def _settings(cohort_id: str, kickoff: date, now: datetime) -> CohortSettings:
    # Where emails are due at this hour.
    west = (now.hour - HOUR_OF_EMAILS + 12) % 24 - 12
    return CohortSettings(
        id=cohort_id,
        title="A class under faults",
        time_zone=f"Etc/GMT{west:+d}",
        institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=kickoff),
        contact=ProgramContact(role="Mentorship Subcommittee Chair", email=f"chair-{cohort_id}@example.org"),
        kickoff=KickoffSettings(confirm_attendance=False),
    )


async def _store(pool: asyncpg.Pool, each: FaultClass) -> None:
    id_, now = each.settings.id, datetime.now(UTC) + each.clock_offset
    people = [_people(id_, number) for number in range(1, PAIRS + 1)]
    await cohorts.save_cohort(pool, each.settings, [one for one, _ in people], [one for _, one in people], now)
    run = await cohorts.save_match_run(pool, id_, matches_of(people), now)
    await cohorts.publish_match_run(pool, id_, run, now)


def _people(cohort_id: str, number: int) -> tuple[MentorApplication, MenteeApplication]:
    shared = {"library": "Library of Ely", "library_type": "public", "town": "Ely", "role": "Clerk"}
    mentor = {"id": f"M{number}", "name": f"Mentor {number}", "email": f"m{number}-{cohort_id}@example.org", "years": 9}
    mentee = {"id": f"P{number}", "name": f"Mentee {number}", "email": f"p{number}-{cohort_id}@example.org"}
    goals = {"goals": ("Lead the weekly meeting",)}
    return MentorApplication.model_validate(shared | mentor), MenteeApplication.model_validate(shared | mentee | goals)


async def _start(stack: FaultStack, each: FaultClass) -> None:
    id_ = each.settings.id
    state = CohortState(cohort_id=id_, clock_offset=each.clock_offset, match_run=1, published_run=1)
    await stack.client.start_workflow(
        COHORT_WORKFLOW, state, id=cohort_workflow_id(id_), task_queue=stack.settings.task_queue
    )
