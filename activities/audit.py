"""The drift audit: PostgreSQL held against Temporal, cohort by cohort, and mended where that takes no judgment."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import asyncpg
from temporalio import activity
from temporalio.client import Client

from activities.inspection import Inspection, told_before
from activities.repair import Repair
from domain.audit import is_due_for_inspection, is_suspicious
from schemas.actor import Actor, ActorKind
from schemas.audit import AuditCall, AuditResult, Drift, DriftKind, ExecutionSnapshot, ExecutionState, MentorshipRow
from schemas.audit_event import AuditEvent
from schemas.cohort.messages import CohortOverview
from schemas.enums import CohortStage
from schemas.errors import UnknownCohort
from storage import audit, cohorts, inspection

MAINTENANCE = Actor(kind=ActorKind.SERVICE, name="maintenance")


def _silent(_done: int) -> None:
    """Tell nobody."""


class Auditor:
    """Audits cohorts; ``task_queue`` is where workflows are started that never were."""

    def __init__(self, pool: asyncpg.Pool, client: Client, task_queue: str) -> None:
        self._pool = pool
        self._seeing = Inspection(pool, client)
        self._mending = Repair(pool, client, task_queue)

    async def audit(self, call: AuditCall, reached: Callable[[int], None] = _silent) -> AuditResult:
        """Compare a cohort with its workflows, and mend what can be where the call says so.

        ``reached`` is told how many mentorships are done with. Raises UnknownCohort.
        """
        stage = await self._stage(call.cohort_id)
        where = await self._seeing.cohort(call.cohort_id)
        found = await self._of_the_cohort(call, stage, where)
        if where:
            stage = where.stage
            call = call.model_copy(update={"now": call.now + where.clock_offset, "clock_offset": where.clock_offset})
        seen = await self._seeing.mentorships(call.cohort_id)
        rows = await inspection.mentorship_rows(self._pool, call.cohort_id, told_before(datetime.now(UTC)))
        found += [Drift(kind=DriftKind.WITHOUT_ROW, id=id_) for id_ in sorted(seen.keys() - {row.id for row in rows})]
        asked = 0
        for done, row in enumerate(rows):
            reached(done)
            if _is_asked(row, seen.get(row.id), call):
                asked += 1
                found += await self._of_a_mentorship(row, call, stage)
        return AuditResult(cohort_id=call.cohort_id, mentorships=len(rows), asked=asked, drifts=tuple(found))

    async def _stage(self, cohort_id: str) -> CohortStage:
        stages = await cohorts.stages(self._pool)
        if cohort_id not in stages:
            raise UnknownCohort(cohort_id)
        return stages[cohort_id]

    async def _of_the_cohort(self, call: AuditCall, stage: CohortStage, where: CohortOverview | None) -> list[Drift]:
        if where is None:
            missing = Drift(kind=DriftKind.COHORT_WITHOUT_WORKFLOW, id=call.cohort_id)
            return [] if stage is CohortStage.CLOSED else [missing]
        if where.busy or where.stage is stage:
            return []
        if call.repair:
            await cohorts.set_stage(self._pool, call.cohort_id, where.stage, call.now + where.clock_offset)
        what = (stage.value, where.stage.value)
        return [Drift(kind=DriftKind.STAGE, id=call.cohort_id, what=what, mendable=True, mended=call.repair)]

    async def _of_a_mentorship(self, row: MentorshipRow, call: AuditCall, stage: CohortStage) -> Sequence[Drift]:
        seen = await self._seeing.mentorship(row.id)
        if seen is None:
            return await self._of_a_missing_one(row, call, stage)
        if seen.life is ExecutionState.CUT_OFF:
            return [Drift(kind=DriftKind.CUT_OFF, id=row.id)] if row.goes_on else []
        if seen.stuck:
            return [Drift(kind=DriftKind.STUCK, id=row.id)]
        return await self._of_one_that_answers(row.id, call)

    async def _of_a_missing_one(self, row: MentorshipRow, call: AuditCall, stage: CohortStage) -> Sequence[Drift]:
        if row.planned or row.outcome is not None:
            return [Drift(kind=DriftKind.WITHOUT_WORKFLOW, id=row.id)] if row.goes_on else []
        # Before kickoff nobody has a workflow, and while a cohort starts only some have.
        if stage not in (CohortStage.RUNNING, CohortStage.REPORTING):
            return []
        mendable = not row.takes_over
        mended = mendable and call.repair and await self._mending.start(row.id, call)
        return [Drift(kind=DriftKind.NOT_STARTED, id=row.id, mendable=mendable, mended=mended)]

    async def _of_one_that_answers(self, mentorship: str, call: AuditCall) -> Sequence[Drift]:
        asked = await self._seeing.closely(mentorship)
        if asked is None:
            return [Drift(kind=DriftKind.NO_ANSWER, id=mentorship)]
        found = asked.drifts()
        if not (call.repair and any(drift.mendable for drift in found)):
            return found
        await self._mending.mend(asked, found)
        again = await self._seeing.closely(mentorship)
        left = {(drift.kind, drift.what) for drift in (again.drifts() if again else found)}
        return [drift.model_copy(update={"mended": _is_mended(drift, left)}) for drift in found]


class AuditActivities:
    """The audit as the engine runs it by night."""

    def __init__(self, pool: asyncpg.Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    @activity.defn
    async def list_open_cohorts(self) -> tuple[str, ...]:
        """Return the ids of all cohorts that are not closed. Only reads."""
        stages = await cohorts.stages(self._pool)
        return tuple(id_ for id_, stage in stages.items() if stage is not CohortStage.CLOSED)

    @activity.defn
    async def audit_cohort(self, call: AuditCall) -> AuditResult:
        """Audit one cohort and leave an audit event of what was found; a second run finds what the first one left."""
        auditor = Auditor(self._pool, self._client, activity.info().task_queue)
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


def _is_asked(row: MentorshipRow, seen: ExecutionSnapshot | None, call: AuditCall) -> bool:
    its_turn = row.goes_on and (call.everybody or is_due_for_inspection(row.id, call.now.date()))
    return its_turn or is_suspicious(row, seen)


def _is_mended(drift: Drift, left: set[tuple[DriftKind, tuple[str, ...]]]) -> bool:
    # A response that was told just now may still be on its way.
    told = drift.kind is DriftKind.RESPONSES
    return drift.mendable and (told or (drift.kind, drift.what) not in left)
