"""Exports of applications: as files to be corrected and imported again, or for the next class."""

from collections import Counter
from collections.abc import Iterable

from domain.applications.review import carry_over
from schemas.actor import Actor
from schemas.applications.imports import StoredApplication
from schemas.enums import ApplicationStatus, Side
from schemas.errors import Refusal
from services.context import ServiceContext
from storage import application_review, cohorts, imports


async def export_applications(
    context: ServiceContext, actor: Actor, cohort: str, sides: Iterable[Side], *, everybody: bool = False
) -> tuple[StoredApplication, ...]:
    """Return the accepted applications of one side or both, or those of ``everybody``; raises UnknownCohort."""
    await cohorts.cohort_settings(context.pool, cohort)
    chosen_sides = frozenset(sides)
    applications = tuple(
        application
        for application in await imports.stored_applications(context.pool, cohort)
        if application.side in chosen_sides and (everybody or application.status is ApplicationStatus.ACCEPTED)
    )
    counts = Counter(application.side for application in applications)
    # A side that was not asked for is no side without applications.
    mentors, mentees = (counts[side] if side in chosen_sides else None for side in (Side.MENTOR, Side.MENTEE))
    await context.audit(actor, "exported", cohort, mentors=mentors, mentees=mentees)
    return applications


async def preview_take_along(context: ServiceContext, cohort: str) -> tuple[StoredApplication, ...]:
    """Return whom ``take_along`` would return; raises as it does."""
    await cohorts.cohort_settings(context.pool, cohort)
    left_over = carry_over(await application_review.unpaired(context.pool, cohort))
    if not left_over:
        raise Refusal(f"No one in {cohort} is without a pair or on the waiting list.")
    return left_over


async def take_along(context: ServiceContext, actor: Actor, cohort: str) -> tuple[StoredApplication, ...]:
    """Return those without a pair as the next class takes them over: who waits, and whom no published pair names.

    Raises UnknownCohort, or Refusal where nobody is left.
    """
    left_over = await preview_take_along(context, cohort)
    counts = Counter(application.side for application in left_over)
    mentors, mentees = (counts.get(side) for side in (Side.MENTOR, Side.MENTEE))
    await context.audit(actor, "carry_over", cohort, mentors=mentors, mentees=mentees)
    return left_over
