"""The class before the rehearsed one, stored as it was when it was over: its mentors may be invited again, or not."""

from datetime import UTC, datetime, timedelta

from domain.calendar import months_after, morning
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from rehearsal.environment import STAFF, Environment
from rehearsal.program_events import EarlierClass
from schemas.enums import CohortStage, MilestoneKind, Outcome, Phase, Side
from schemas.matching.results import Certificate, MatchResult, Pair
from schemas.mentorship.messages import RecordProgress
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.state import Answer
from services.applications.past_mentors import uninvite
from storage import cohorts, mentorships, responses

BEFORE_ITS_KICKOFF = timedelta(days=1)


async def save_earlier_class(environment: Environment, earlier: EarlierClass) -> None:
    """Store a class that is over: its people, its mentorships, and what they said at the end."""
    settings = earlier.settings
    kickoff_at = morning(settings.kickoff_day, settings.time_zone)
    environment.clock.set(settings.id, kickoff_at)
    mentors = [mentor.application for mentor in earlier.mentors]
    mentees = [mentee.application for mentee in earlier.mentees]
    await cohorts.save_cohort(environment.pool, settings, mentors, mentees, kickoff_at - BEFORE_ITS_KICKOFF)
    ends_on = months_after(settings.kickoff_day, settings.timeline.months)
    ids = await mentorships.save_pairs(
        environment.pool, settings.id, _pairs(earlier), starts_on=settings.kickoff_day, ends_on=ends_on, now=kickoff_at
    )
    over_at = morning(ends_on, settings.time_zone)
    for place, mentorship in enumerate(ids):
        await _complete(environment, earlier, mentorship, place, over_at)
    await cohorts.set_stage(environment.pool, settings.id, CohortStage.CLOSED, over_at)
    environment.clock.set(settings.id, over_at)


async def _complete(
    environment: Environment, earlier: EarlierClass, mentorship: str, place: int, over_at: datetime
) -> None:
    mentor, mentee = earlier.mentors[place], earlier.mentees[place]
    terms = initial_terms(earlier.settings, mentorship)
    kickoff_at = morning(earlier.settings.kickoff_day, earlier.settings.time_zone)
    await mentorships.save_plan(environment.pool, mentorship, plan(terms, kickoff_at), kickoff_at)
    await _answer(environment, mentorship, MilestoneKind.CLOSURE_SURVEY, Side.MENTOR, {"again": mentor.again}, over_at)
    wish = {"mentor_one_day": mentee.one_day} if mentee.one_day else {}
    await _answer(environment, mentorship, MilestoneKind.FOLLOW_UP, Side.MENTEE, wish, over_at)
    progress = RecordProgress(mentorship_id=mentorship, phase=Phase.AFTER, outcome=Outcome.COMPLETED, now=over_at)
    await mentorships.record_progress(environment.pool, progress)
    if mentor.uninvited:
        person = mentor.application.id
        await uninvite(environment.services, STAFF, earlier.settings.id, person, note="Asked by phone.", undo=False)


async def _answer(  # noqa: PLR0917 - one answer, as a page would store it
    environment: Environment, mentorship: str, form: MilestoneKind, side: Side, answers: dict[str, str], at: datetime
) -> None:
    milestone = f"{form}-1" if form is MilestoneKind.FOLLOW_UP else form
    saved = await responses.save_response(
        environment.pool,
        NewResponse(
            link=Link(mentorship_id=mentorship, milestone=milestone, side=side),
            form=form,
            answers=answers,
            received_at=at,
        ),
        Answer(milestone=milestone, side=side, received_at=at),
    )
    # Its workflow is over, so the sweeper must find nothing to signal.
    await responses.set_signaled(environment.pool, saved, datetime.now(UTC))


def _pairs(earlier: EarlierClass) -> MatchResult:
    pairs = tuple(
        Pair(mentor=mentor.application.id, mentee=mentee.application.id, score=8000)
        for mentor, mentee in zip(earlier.mentors, earlier.mentees, strict=True)
    )
    return MatchResult(
        pairs=pairs,
        unplaced=(),
        coverage=len(pairs),
        total=8000 * len(pairs),
        worst=8000,
        objective="bands",
        certificate=Certificate(valid=True),
        inputs_sha256="0" * 64,
    )
