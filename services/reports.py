"""Reports of what a cohort gained (B6): the closing report as written, an interim one, or one of several classes."""

from collections.abc import Sequence
from typing import cast

from pydantic import JsonValue

from domain.report.figures import make_report
from domain.report.pooling import make_pooled_report
from schemas.actor import Actor
from schemas.audit_event import AuditFilter
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.errors import NoReportYet, Refusal
from schemas.report.figures import Report
from services.context import ServiceContext
from storage import audit, cohorts, reports, roles
from storage.database import Connection, transaction

# In the audit log: which classes were reported together.
POOLED = "reported_together"


class CohortReport(FrozenModel):
    """A report, with the settings of its cohort as they are now: the contact is whoever answers today."""

    report: Report
    settings: CohortSettings


async def closing_report(context: ServiceContext, cohort: str) -> CohortReport:
    """Return a cohort's closing report; raises UnknownCohort, or NoReportYet."""
    settings = await _settings_now(context, cohort)
    report = await reports.report(context.pool, cohort)
    if report is None:
        raise NoReportYet(
            f"{cohort} has no report yet: it is written when the last closure survey has closed. "
            "An interim report has what there is so far."
        )
    return CohortReport(report=report, settings=settings)


async def interim_report(context: ServiceContext, cohort: str) -> CohortReport:
    """Return a report of what there is now, whether or not the cohort has come to its end; raises UnknownCohort."""
    return await report_of_today(context, await cohorts.cohort_settings(context.pool, cohort))


async def newest_report(context: ServiceContext, cohort: CohortSettings) -> CohortReport:
    """Return a cohort's closing report, or before it is written one of what there is now."""
    settings = await roles.settings_at(context.pool, cohort, context.now(cohort.id))
    report = await reports.report(context.pool, cohort.id)
    return CohortReport(report=report or await _report_of_today(context, settings), settings=settings)


async def report_of_today(context: ServiceContext, cohort: CohortSettings) -> CohortReport:
    """Return a report of what there is now of a cohort whose settings were read already."""
    settings = await roles.settings_at(context.pool, cohort, context.now(cohort.id))
    return CohortReport(report=await _report_of_today(context, settings), settings=settings)


async def _report_of_today(context: ServiceContext, settings: CohortSettings) -> Report:
    records = await reports.cohort_records(context.pool, settings.id, context.now(settings.id))
    return make_report(records, context.today(settings))


async def pooled_report(context: ServiceContext, actor: Actor, classes: Sequence[str]) -> CohortReport:
    """Return the report of several classes together, with the settings of the one that began last.

    Raises UnknownCohort, or Refusal for fewer than two classes, where a class has no closing report yet, where their
    schedules differ, or where one of them was reported together with others: the difference of the two would tell what
    both withhold.
    """
    classes = sorted(set(classes))
    if len(classes) < 2:
        raise Refusal("A report of classes together needs two different classes or more.")
    settings = [(await closing_report(context, cohort)).settings for cohort in classes]
    last = max(settings, key=lambda one: one.kickoff_day)
    if any(one.timeline != last.timeline for one in settings):
        raise Refusal("These classes have different schedules, so their figures do not add up.")
    records = [await reports.cohort_records(context.pool, cohort, context.now(cohort)) for cohort in classes]
    async with transaction(context.pool) as db:
        # Two at once would each find the other's classes free.
        await cohorts.lock(db, classes)
        await _check_not_pooled(db, classes)
        for cohort in classes:
            await context.audit_in(db, actor, POOLED, cohort, classes=[*classes])
    title = ", ".join(one.title for one in settings)
    return CohortReport(report=make_pooled_report(records), settings=last.model_copy(update={"title": title}))


async def _check_not_pooled(db: Connection, classes: list[str]) -> None:
    for cohort in classes:
        for event in await audit.events(db, AuditFilter(cohort_id=cohort, action=POOLED)):
            before = [str(one) for one in cast(list[JsonValue], event.details["classes"])]
            if before != classes:
                raise Refusal(
                    f"{cohort} was reported together with other classes before. The difference of two such reports "
                    f"would tell what both withhold. They were {', '.join(before)}.",
                    shell_advice=f"To see that report: mile cohort report {' '.join(before)}",
                )


async def _settings_now(context: ServiceContext, cohort: str) -> CohortSettings:
    settings = await cohorts.cohort_settings(context.pool, cohort)
    return await roles.settings_at(context.pool, settings, context.now(cohort))
