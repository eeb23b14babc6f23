"""The drift audit as the service runs it by itself, every night."""

import asyncpg
from temporalio import activity
from temporalio.client import Client

from runtime.settings import Settings
from schemas.audit import AuditCall, AuditResult
from schemas.audit_event import AuditEvent
from schemas.enums import CohortStage
from services.drift_audit.auditor import DriftAuditor
from services.drift_audit.repair import MAINTENANCE
from storage import audit, cohorts


class AuditActivities:
    """The audit as the engine runs it by night."""

    def __init__(self, pool: asyncpg.Pool, client: Client, settings: Settings) -> None:
        self._pool = pool
        self._client = client
        self._settings = settings

    @activity.defn
    async def list_open_cohorts(self) -> tuple[str, ...]:
        """Return the ids of all cohorts that are not closed. Only reads."""
        stages = await cohorts.stages(self._pool)
        return tuple(id_ for id_, stage in stages.items() if stage is not CohortStage.CLOSED)

    @activity.defn
    async def audit_cohort(self, call: AuditCall) -> AuditResult:
        """Audit one cohort and leave an audit event of what was found; a second run finds what the first one left."""
        auditor = DriftAuditor(self._pool, self._client, self._settings)
        result = await auditor.audit(call, activity.heartbeat)
        if result.drifts:
            event = AuditEvent(
                happened_at=call.now,
                actor=MAINTENANCE,
                action="audited",
                cohort_id=call.cohort_id,
                details=result.in_short(),
            )
            await audit.save_event(self._pool, event)
        return result
