"""How the service stands: what PostgreSQL and Temporal say, for one screen of operators and for metrics."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import asyncpg
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from runtime.pollers import polling
from runtime.settings import Settings
from runtime.temporal import NEXT_DUE_AT
from runtime.temporal_health import STUCK
from schemas.ids import AUDIT_SCHEDULE, CALENDARS_SCHEDULE, SWEEPER_SCHEDULE
from schemas.service_status import EngineStatus, NamedWorkflows, ScheduleStatus, ServiceStatus, StoredStatus
from storage.database import DATABASE_ERRORS
from storage.service_status import stored_status

ANSWERS_WITHIN = timedelta(seconds=5)
# A step whose moment passed this long ago has an activity that keeps failing, or nobody who carries it out.
OVERDUE_AFTER = timedelta(hours=1)
# How long after its last run a Schedule is late: several runs of the first two, one night and some hours of the audit.
LATE_AFTER = {
    SWEEPER_SCHEDULE: timedelta(minutes=5),
    CALENDARS_SCHEDULE: timedelta(hours=1),
    AUDIT_SCHEDULE: timedelta(hours=26),
}
MOST_NAMED = 5


async def service_status(pool: asyncpg.Pool, client: Client, settings: Settings) -> ServiceStatus:
    """Return how the service stands now; a server that does not answer is left out and stops nothing."""
    now = datetime.now(UTC)
    stored, engine = await asyncio.gather(_stored(pool), _engine(client, settings, now))
    return ServiceStatus(at=now, stored=stored, engine=engine)


async def _stored(pool: asyncpg.Pool) -> StoredStatus | None:
    try:
        async with asyncio.timeout(ANSWERS_WITHIN.total_seconds()):
            return await stored_status(pool)
    except (*DATABASE_ERRORS, TimeoutError):
        return None


async def _engine(client: Client, settings: Settings, now: datetime) -> EngineStatus | None:
    try:
        async with asyncio.timeout(ANSWERS_WITHIN.total_seconds()):
            return EngineStatus(
                workers=await polling(client, settings.task_queue),
                stuck=await _named(client, STUCK),
                overdue=await _overdue(client, settings, now),
                schedules=tuple([await _schedule(client, id_, now) for id_ in _schedules(settings)]),
            )
    except (RPCError, RuntimeError, TimeoutError):
        return None


def _schedules(settings: Settings) -> Mapping[str, timedelta]:
    # A rehearsal has the sweeper alone (workflows/support/schedules.py).
    return LATE_AFTER if settings.clock_file is None else {SWEEPER_SCHEDULE: LATE_AFTER[SWEEPER_SCHEDULE]}


async def _overdue(client: Client, settings: Settings, now: datetime) -> NamedWorkflows:
    # The dates of a rehearsal are years from those of the clock.
    if settings.clock_file is not None:
        return NamedWorkflows()
    before = (now - OVERDUE_AFTER).isoformat()
    return await _named(client, f"ExecutionStatus = 'Running' AND {NEXT_DUE_AT.name} < '{before}'")


async def _named(client: Client, query: str) -> NamedWorkflows:
    ids = [execution.id async for execution in client.list_workflows(query, limit=MOST_NAMED)]
    count = len(ids) if len(ids) < MOST_NAMED else (await client.count_workflows(query)).count
    return NamedWorkflows(workflows=count, ids=tuple(sorted(ids)))


async def _schedule(client: Client, id_: str, now: datetime) -> ScheduleStatus:
    try:
        described = await client.get_schedule_handle(id_).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return ScheduleStatus(id=id_, exists=False, late=True)
    runs = described.info.recent_actions
    last = runs[-1].started_at if runs else described.info.created_at
    return ScheduleStatus(
        id=id_,
        exists=True,
        paused=described.schedule.state.paused,
        last_run_at=last,
        late=now - last > LATE_AFTER[id_],
    )
