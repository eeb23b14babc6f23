"""Reading the audit log of a cohort: who did what, when and why."""

from datetime import date, time

from domain.calendar import end_of_day, local_time
from schemas.audit_event import AuditEvent, AuditFilter
from schemas.base import FrozenModel
from services.context import ServiceContext
from storage import audit, cohorts

MOST_EVENTS = 1000


class AuditLog(FrozenModel):
    """Events of a cohort, oldest first; ``cut_off`` is true where there are older ones."""

    cohort: str
    time_zone: str
    cut_off: bool
    events: tuple[AuditEvent, ...]


class AuditLogFilter(FrozenModel):
    """Which events of a cohort to read; both days are the cohort's own and included."""

    person: str | None = None
    mentorship: str | None = None
    since: date | None = None
    until: date | None = None


async def read_audit_log(
    context: ServiceContext, cohort: str, matching: AuditLogFilter, *, limit: int | None = MOST_EVENTS
) -> AuditLog:
    """Return the newest ``limit`` events of a cohort that match, or with None all of them; raises UnknownCohort."""
    zone = (await cohorts.cohort_settings(context.pool, cohort)).time_zone
    stored_filter = AuditFilter(
        cohort_id=cohort,
        mentorship_id=matching.mentorship,
        person_id=matching.person,
        since=local_time(matching.since, time.min, zone) if matching.since else None,
        until=end_of_day(matching.until, zone) if matching.until else None,
    )
    # One more than is asked for, to know whether there are more.
    events = await audit.events(context.pool, stored_filter, limit=limit + 1 if limit else None)
    cut_off = limit is not None and len(events) > limit
    return AuditLog(cohort=cohort, time_zone=zone, cut_off=cut_off, events=events[-limit:] if limit else events)
