"""How the service stands, as metrics: numbers, labeled by states and ids of parts, that operators are alerted to."""

import asyncio
from datetime import datetime

import asyncpg
import structlog
from temporalio.client import Client
from temporalio.common import MetricMeter

from runtime.settings import Settings
from schemas.service_status import EngineStatus, ServiceStatus, StoredStatus
from services.service_status import service_status

# What an alert waits for has to show within a minute.
EVERY_SECONDS = 20.0

_log = structlog.get_logger(__name__)

# Every gauge by its name, with what it says. All workers report the same.
GAUGES = {
    "mile_server_reachable": "1 where the server of this label answers, else 0",
    "mile_emails": "emails in the state of this label",
    "mile_emails_oldest_seconds": "how long ago the email of this state that waits longest could have left",
    "mile_emails_stuck": "emails that failed for an hour, waited for a day, or were given up",
    "mile_sender_silent_seconds": "how long ago an email sender was last at work; each says so once a minute",
    "mile_relay_paused": "1 while the relay accepts nothing, else 0",
    "mile_responses": "responses that were stored",
    "mile_responses_unsignaled": "responses, requests for a call and dates of meetings that no workflow knows of yet",
    "mile_sweeper_lag_seconds": "for how long the sweeper has owed a workflow its oldest response",
    "mile_mentorships": "mentorships that run",
    "mile_mentorships_silent": "mentorships in which nobody reported a meeting for two check-ins",
    "mile_mentorships_with_concerns": "mentorships that need staff",
    "mile_backup_age_seconds": "how long ago the newest backup was finished, or the first began; 0 where none ever was",
    "mile_workers": "workers that poll for workflow tasks",
    "mile_workflows_stuck": "workflows whose steps keep failing",
    "mile_workflows_overdue": "workflows whose next moment passed more than an hour ago",
    "mile_schedule_silent_seconds": "how long ago the Schedule of this label last began a run",
    "mile_schedule_late": "1 where the Schedule of this label is late, paused or missing, else 0",
}


class ServiceMetrics:
    """Reports how the service stands, and logs the ids of workflows whose steps keep failing when they change."""

    def __init__(self, pool: asyncpg.Pool, client: Client, settings: Settings, meter: MetricMeter) -> None:
        self._pool = pool
        self._client = client
        self._settings = settings
        self._gauges = {name: meter.create_gauge_float(name, text) for name, text in GAUGES.items()}
        self._stuck: tuple[str, ...] = ()

    async def run(self) -> None:
        """Report until canceled."""
        while True:
            await self.report()
            await asyncio.sleep(EVERY_SECONDS)

    async def report(self) -> None:
        """Report the numbers of this moment."""
        status = await service_status(self._pool, self._client, self._settings)
        self._set("mile_server_reachable", status.stored is not None, server="postgresql")
        self._set("mile_server_reachable", status.engine is not None, server="temporal")
        if status.stored:
            self._report_stored(status, status.stored)
        if status.engine:
            self._report_engine(status, status.engine)

    def _report_stored(self, status: ServiceStatus, stored: StoredStatus) -> None:
        for emails in stored.emails:
            self._set("mile_emails", emails.emails, state=emails.state)
            self._set("mile_emails_oldest_seconds", _seconds(status, emails.since), state=emails.state)
        self._set("mile_emails_stuck", stored.stuck_emails)
        if stored.sender:
            self._set("mile_sender_silent_seconds", _seconds(status, stored.sender.seen_at))
        self._set("mile_relay_paused", stored.sender is not None and stored.sender.paused_since is not None)
        self._set("mile_responses", stored.responses)
        self._set("mile_responses_unsignaled", stored.unsignaled_responses)
        self._set("mile_sweeper_lag_seconds", _seconds(status, stored.unsignaled_since))
        self._set("mile_mentorships", stored.mentorships)
        self._set("mile_mentorships_silent", stored.silent_mentorships)
        self._set("mile_mentorships_with_concerns", stored.mentorships_with_concerns)
        # Also where nothing is known of one any more: a gauge keeps its last value, and with it the alert.
        self._set("mile_backup_age_seconds", _seconds(status, stored.backup.newest_at if stored.backup else None))

    def _report_engine(self, status: ServiceStatus, engine: EngineStatus) -> None:
        self._set("mile_workers", engine.workers)
        self._set("mile_workflows_stuck", engine.stuck.workflows)
        self._set("mile_workflows_overdue", engine.overdue.workflows)
        for schedule in engine.schedules:
            self._set("mile_schedule_late", schedule.late or schedule.paused, schedule=schedule.id)
            self._set("mile_schedule_silent_seconds", _seconds(status, schedule.last_run_at), schedule=schedule.id)
        if engine.stuck.ids != self._stuck:
            self._stuck = engine.stuck.ids
            _log.warning("workflows_stuck", workflows=engine.stuck.workflows, ids=list(self._stuck))

    def _set(self, name: str, value: float, **labels: str) -> None:
        self._gauges[name].set(float(value), labels)


def _seconds(status: ServiceStatus, since: datetime | None) -> float:
    # What waits for a moment to come has waited for no time yet.
    return max(0.0, (status.at - since).total_seconds()) if since else 0.0
