"""The drift audit of one cohort: its rows are compared with its workflows, and repaired where the call asks for it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import asyncpg
from temporalio.client import Client

from domain.audit import is_due_for_inspection, is_suspicious
from runtime.settings import Settings
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

STAGES = tuple(CohortStage)


def _ignore(_done: int) -> None:
    """Ignore progress."""


class DriftAuditor:
    """Audits cohorts; on the task queue of the settings it starts workflows of mentorships that were never started."""

    def __init__(self, pool: asyncpg.Pool, client: Client, settings: Settings) -> None:
        self._pool = pool
        self._inspection = Inspection(pool, client)
        self._repair = Repair(pool, client, settings)

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
        rowless = snapshots.keys() - {row.id for row in rows}
        if rowless:
            drifts += await self._rowless_drifts(call, rowless)
            rows = await inspection.mentorship_rows(self._pool, call.cohort_id, signaled_before(datetime.now(UTC)))
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
        drifts = await self._publication_drifts(call, overview)
        # Only while it is waiting, and where the row is not ahead: then the workflow gets there by itself.
        if overview.busy or overview.stage is stored_stage:
            return drifts
        what = (stored_stage.value, overview.stage.value)
        if STAGES.index(overview.stage) < STAGES.index(stored_stage):
            return [*drifts, Drift(kind=DriftKind.STAGE, id=call.cohort_id, what=what)]
        if call.repair:
            await cohorts.set_stage(self._pool, call.cohort_id, overview.stage, call.now + overview.clock_offset)
        repaired = Drift(kind=DriftKind.STAGE, id=call.cohort_id, what=what, repairable=True, repaired=call.repair)
        return [*drifts, repaired]

    async def _publication_drifts(self, call: AuditCall, overview: CohortOverview) -> list[Drift]:
        """Compare what was published: what PostgreSQL has the workflow is told again, what it lost staff are told."""
        stored = await inspection.stored_cohort(self._pool, call.cohort_id)
        if overview.published_run is not None and stored.published_run is None:
            what = (str(overview.published_run),)
            return [Drift(kind=DriftKind.PUBLICATION_LOST, id=call.cohort_id, what=what)]
        if overview.published_run == stored.published_run or stored.published_run is None:
            return []
        repaired = call.repair and await self._repair.recover_cohort(call.cohort_id, stored)
        what = (str(stored.published_run),)
        return [Drift(kind=DriftKind.PUBLICATION, id=call.cohort_id, what=what, repairable=True, repaired=repaired)]

    async def _rowless_drifts(self, call: AuditCall, ids: Iterable[str]) -> list[Drift]:
        """Store the rows of successors again: the mentorship that they took over from knows who they are."""
        drifts = []
        for id_ in sorted(ids):
            successor = await self._inspection.successor(id_)
            repaired = successor is not None and call.repair and await self._repair.store_successor(successor, call)
            drifts.append(
                Drift(kind=DriftKind.WITHOUT_ROW, id=id_, repairable=successor is not None, repaired=repaired)
            )
        return drifts

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
        # A successor is started by the workflow that it takes over from, with what is left of its terms.
        repairable = not row.takes_over
        if row.planned or row.outcome is not None:
            if not row.goes_on:
                return []
            # It begins again as of its first day, and is told all that was answered and decided since.
            repaired = repairable and call.repair and await self._repair.start(row.id, call, row.started_at)
            return [Drift(kind=DriftKind.WITHOUT_WORKFLOW, id=row.id, repairable=repairable, repaired=repaired)]
        # Before kickoff nobody has a workflow, and while a cohort starts only some have.
        if stage not in (CohortStage.RUNNING, CohortStage.REPORTING):
            return []
        repaired = repairable and call.repair and await self._repair.start(row.id, call)
        return [Drift(kind=DriftKind.NOT_STARTED, id=row.id, repairable=repairable, repaired=repaired)]

    async def _answering_drifts(self, mentorship: str, call: AuditCall) -> Sequence[Drift]:
        inspected = await self._inspection.closely(mentorship)
        if inspected is None:
            return [Drift(kind=DriftKind.UNRESPONSIVE, id=mentorship)]
        drifts = inspected.drifts()
        if call.repair:
            await self._repair.note_lost(inspected)
        if not (call.repair and any(drift.repairable for drift in drifts)):
            return drifts
        # First what the workflow has not heard of: its rows mirror what it then is.
        if await self._repair.recover(inspected, drifts):
            inspected = await self._inspection.settled(mentorship) or inspected
            # What it was told again it may have refused.
            await self._repair.note_lost(inspected)
        await self._repair.repair(inspected, inspected.drifts())
        second = await self._inspection.closely(mentorship)
        remaining = second.drifts() if second else drifts
        # Of decisions that it was told again together, it may have refused some.
        refused = [drift for drift in remaining if not drift.repairable and not _among(drifts, drift)]
        return [*(_after_repair(drift, remaining) for drift in drifts), *refused]


async def audit_drift(
    context: ServiceContext,
    actor: Actor,
    cohort: str,
    *,
    repair: bool = False,
    everybody: bool = False,
    reached: Callable[[int], None] = _ignore,
    note: str | None = None,
) -> AuditResult:
    """Audit a cohort for staff, with an audit event where it drifts; without ``repair`` nothing is changed.

    Raises UnknownCohort.
    """
    await cohorts.cohort_settings(context.pool, cohort)
    call = AuditCall(cohort_id=cohort, now=datetime.now(UTC), repair=repair, everybody=everybody)
    auditor = DriftAuditor(context.pool, context.client, context.settings)
    # Only a cohort that was never created has no workflow, and that is something the audit itself reports.
    with explained_by_temporal(Refusal(f"{cohort} has no workflow.")):
        result = await auditor.audit(call, reached)
    if result.drifts:
        await context.audit(actor, "audited", cohort, note=note, **result.in_short())
    return result


def _must_be_inspected(row: MentorshipRow, snapshot: ExecutionSnapshot | None, call: AuditCall) -> bool:
    its_turn = row.goes_on and (call.everybody or is_due_for_inspection(row.id, call.now.date()))
    return its_turn or is_suspicious(row, snapshot)


def _among(drifts: Iterable[Drift], drift: Drift) -> bool:
    return (drift.kind, drift.what) in {(other.kind, other.what) for other in drifts}


def _after_repair(drift: Drift, remaining: Sequence[Drift]) -> Drift:
    # The workflow may not have processed a response that was signaled just now.
    signaled = drift.repairable and drift.kind is DriftKind.RESPONSES
    repaired = signaled or not _among(remaining, drift)
    # What the workflow had not heard of explains differences that nothing else repairs.
    return drift.model_copy(update={"repairable": drift.repairable or repaired, "repaired": repaired})
