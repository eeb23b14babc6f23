"""The drift audit of one cohort: its rows are compared with its workflows, and repaired where the call asks for it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import asyncpg
from temporalio.client import Client

from domain.audit import is_due_for_inspection, is_suspicious
from schemas.actor import Actor
from schemas.audit import AuditCall, AuditResult, Drift, DriftKind, ExecutionSnapshot, ExecutionState, MentorshipRow
from schemas.cohort.messages import CohortOverview
from schemas.enums import CohortStage
from schemas.errors import Refusal, UnknownCohort
from services.context import ServiceContext
from services.drift_audit.inspection import Inspection, signaled_before
from services.drift_audit.repair import Repair
from services.workflow_calls import explained_by_temporal
from storage import cohorts, inspection


def _ignore(_done: int) -> None:
    """Ignore progress."""


class DriftAuditor:
    """Audits cohorts; on ``task_queue`` it starts the workflows of mentorships that were never started."""

    def __init__(self, pool: asyncpg.Pool, client: Client, task_queue: str) -> None:
        self._pool = pool
        self._inspection = Inspection(pool, client)
        self._repair = Repair(pool, client, task_queue)

    async def audit(self, call: AuditCall, reached: Callable[[int], None] = _ignore) -> AuditResult:
        """Compare a cohort with its workflows, and repair what can be repaired where the call asks for it.

        ``reached`` is called with the number of mentorships that are done. Raises UnknownCohort.
        """
        stored_stage = await self._stage(call.cohort_id)
        overview = await self._inspection.cohort(call.cohort_id)
        drifts = await self._cohort_drifts(call, stored_stage, overview)
        # A rehearsal's cohort has a clock of its own, by which its rows are dated.
        if overview:
            stored_stage = overview.stage
            call = call.model_copy(
                update={"now": call.now + overview.clock_offset, "clock_offset": overview.clock_offset}
            )
        snapshots = await self._inspection.mentorships(call.cohort_id)
        rows = await inspection.mentorship_rows(self._pool, call.cohort_id, signaled_before(datetime.now(UTC)))
        drifts += [
            Drift(kind=DriftKind.WITHOUT_ROW, id=id_) for id_ in sorted(snapshots.keys() - {row.id for row in rows})
        ]
        inspected = 0
        for done, row in enumerate(rows):
            reached(done)
            if _must_be_inspected(row, snapshots.get(row.id), call):
                inspected += 1
                drifts += await self._mentorship_drifts(row, call, stored_stage)
        return AuditResult(cohort_id=call.cohort_id, mentorships=len(rows), inspected=inspected, drifts=tuple(drifts))

    async def _stage(self, cohort_id: str) -> CohortStage:
        stages = await cohorts.stages(self._pool)
        if cohort_id not in stages:
            raise UnknownCohort(cohort_id)
        return stages[cohort_id]

    async def _cohort_drifts(
        self, call: AuditCall, stored_stage: CohortStage, overview: CohortOverview | None
    ) -> list[Drift]:
        if overview is None:
            drift = Drift(kind=DriftKind.COHORT_WITHOUT_WORKFLOW, id=call.cohort_id)
            return [] if stored_stage is CohortStage.CLOSED else [drift]
        if overview.busy or overview.stage is stored_stage:
            return []
        if call.repair:
            await cohorts.set_stage(self._pool, call.cohort_id, overview.stage, call.now + overview.clock_offset)
        what = (stored_stage.value, overview.stage.value)
        return [Drift(kind=DriftKind.STAGE, id=call.cohort_id, what=what, repairable=True, repaired=call.repair)]

    async def _mentorship_drifts(self, row: MentorshipRow, call: AuditCall, stage: CohortStage) -> Sequence[Drift]:
        snapshot = await self._inspection.mentorship(row.id)
        if snapshot is None:
            return await self._missing_drifts(row, call, stage)
        if snapshot.state is ExecutionState.INTERRUPTED:
            return [Drift(kind=DriftKind.INTERRUPTED, id=row.id)] if row.goes_on else []
        if snapshot.stuck:
            return [Drift(kind=DriftKind.STUCK, id=row.id)]
        return await self._answering_drifts(row.id, call)

    async def _missing_drifts(self, row: MentorshipRow, call: AuditCall, stage: CohortStage) -> Sequence[Drift]:
        if row.planned or row.outcome is not None:
            return [Drift(kind=DriftKind.WITHOUT_WORKFLOW, id=row.id)] if row.goes_on else []
        # Before kickoff nobody has a workflow, and while a cohort starts only some have.
        if stage not in (CohortStage.RUNNING, CohortStage.REPORTING):
            return []
        # A successor is started by the workflow that it takes over from, with what is left of its terms.
        repairable = not row.takes_over
        repaired = repairable and call.repair and await self._repair.start(row.id, call)
        return [Drift(kind=DriftKind.NOT_STARTED, id=row.id, repairable=repairable, repaired=repaired)]

    async def _answering_drifts(self, mentorship: str, call: AuditCall) -> Sequence[Drift]:
        inspected = await self._inspection.closely(mentorship)
        if inspected is None:
            return [Drift(kind=DriftKind.UNRESPONSIVE, id=mentorship)]
        drifts = inspected.drifts()
        if not (call.repair and any(drift.repairable for drift in drifts)):
            return drifts
        await self._repair.repair(inspected, drifts)
        second = await self._inspection.closely(mentorship)
        remaining = {(drift.kind, drift.what) for drift in (second.drifts() if second else drifts)}
        return [drift.model_copy(update={"repaired": _is_repaired(drift, remaining)}) for drift in drifts]


async def audit_drift(
    context: ServiceContext,
    actor: Actor,
    cohort: str,
    *,
    repair: bool = False,
    everybody: bool = False,
    reached: Callable[[int], None] = _ignore,
) -> AuditResult:
    """Audit a cohort for staff, with an audit event where it drifts; without ``repair`` nothing is changed.

    Raises UnknownCohort.
    """
    await cohorts.cohort_settings(context.pool, cohort)
    call = AuditCall(cohort_id=cohort, now=datetime.now(UTC), repair=repair, everybody=everybody)
    auditor = DriftAuditor(context.pool, context.client, context.settings.task_queue)
    # Only a cohort that was never created has no workflow, and that is something the audit itself reports.
    with explained_by_temporal(Refusal(f"{cohort} has no workflow.")):
        result = await auditor.audit(call, reached)
    if result.drifts:
        await context.audit(actor, "audited", cohort, **result.in_short())
    return result


def _must_be_inspected(row: MentorshipRow, snapshot: ExecutionSnapshot | None, call: AuditCall) -> bool:
    its_turn = row.goes_on and (call.everybody or is_due_for_inspection(row.id, call.now.date()))
    return its_turn or is_suspicious(row, snapshot)


def _is_repaired(drift: Drift, remaining: set[tuple[DriftKind, tuple[str, ...]]]) -> bool:
    # The workflow may not have processed a response that was signaled just now.
    signaled = drift.kind is DriftKind.RESPONSES
    return drift.repairable and (signaled or (drift.kind, drift.what) not in remaining)
