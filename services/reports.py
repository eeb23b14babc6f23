"""Reports of what a cohort gained (B6): the closing report as it was written, or an interim one of today."""

from domain.calendar import local_day
from domain.report.figures import make_report
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.errors import Refusal
from schemas.report.figures import Report
from services.context import ServiceContext
from storage import cohorts, reports, roles


class CohortReport(FrozenModel):
    """A report, with the settings of its cohort as they are now: the contact is whoever answers today."""

    report: Report
    settings: CohortSettings


async def closing_report(context: ServiceContext, cohort: str) -> CohortReport:
    """Return a cohort's closing report; raises UnknownCohort, or Refusal where it is not written yet."""
    settings = await _settings_now(context, cohort)
    report = await reports.report(context.pool, cohort)
    if report is None:
        raise Refusal(
            f"{cohort} has no report yet: it is written when the last closure survey has closed. "
            "An interim report has what there is so far."
        )
    return CohortReport(report=report, settings=settings)


async def interim_report(context: ServiceContext, cohort: str) -> CohortReport:
    """Return a report of what there is now, whether or not the cohort has come to its end; raises UnknownCohort."""
    settings = await _settings_now(context, cohort)
    records = await reports.cohort_records(context.pool, cohort)
    today = local_day(context.now(cohort), settings.time_zone)
    return CohortReport(report=make_report(records, today), settings=settings)


async def _settings_now(context: ServiceContext, cohort: str) -> CohortSettings:
    settings = await cohorts.cohort_settings(context.pool, cohort)
    return await roles.settings_at(context.pool, settings, context.now(cohort))
