"""Who has applied to a cohort, with which status, and whom people must not be matched with."""

from domain.applications.window import window_state
from schemas.applications.imports import ApplicationRow
from schemas.base import FrozenModel
from schemas.enums import WindowState
from services.context import ServiceContext
from storage import applicants, application_review, cohorts


class ApplicationList(FrozenModel):
    """Everybody who applied or began to, and the places there are; nothing anybody wrote."""

    cohort: str
    state: WindowState
    mentor_places: int
    mentees: int
    places_missing: int
    expected: int = 0
    applications: tuple[ApplicationRow, ...]


class KeptApart(FrozenModel):
    """Whom people asked not to be matched with, by person and in their own words; for staff only."""

    cohort: str
    requests: dict[str, str]


async def list_applications(context: ServiceContext, cohort: str) -> ApplicationList:
    """Return a row for everybody who applied to a cohort or began to; raises UnknownCohort."""
    settings = await cohorts.cohort_settings(context.pool, cohort)
    places = await applicants.mentor_places(context.pool, cohort)
    return ApplicationList(
        cohort=cohort,
        state=window_state(settings, context.now(cohort)),
        mentor_places=places.mentor_places,
        mentees=places.mentees,
        expected=places.expected,
        places_missing=places.missing,
        applications=await application_review.application_rows(context.pool, cohort),
    )


async def list_kept_apart(context: ServiceContext, cohort: str) -> KeptApart:
    """Return whom the people of a cohort asked not to be matched with; raises UnknownCohort."""
    await cohorts.cohort_settings(context.pool, cohort)
    return KeptApart(cohort=cohort, requests=await applicants.keep_apart_requests(context.pool, cohort))


async def cohort_time_zone(context: ServiceContext, cohort: str) -> str:
    """Return the time zone in which staff read a cohort's times; raises UnknownCohort."""
    return (await cohorts.cohort_settings(context.pool, cohort)).time_zone
