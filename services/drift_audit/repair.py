"""Repairs of drift: rows are written again from their workflow, and lost signals are sent again."""

from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg
from temporalio.client import Client

from domain.audit import unknown_responses
from domain.mentorship.terms import initial_terms
from schemas.audit import AuditCall, Drift, DriftKind
from schemas.mentorship.messages import RecordProgress
from schemas.mentorship.state import MentorshipState
from services.drift_audit.inspection import MentorshipInspection
from services.mentorship_starts import start_mentorship
from services.signals import ResponseSignaler
from storage import mentorships, starts


class Repair:
    """Repeats what was lost; it decides nothing, and a second run changes nothing."""

    def __init__(self, pool: asyncpg.Pool, client: Client, task_queue: str) -> None:
        self._pool = pool
        self._client = client
        self._task_queue = task_queue
        self._signaler = ResponseSignaler(pool, client)

    async def start(self, mentorship: str, call: AuditCall) -> bool:
        """Start a mentorship that is stored and was never started; return whether that was done just now."""
        pair = await mentorships.partners(self._pool, mentorship)
        now = datetime.now(UTC)
        state = MentorshipState(
            terms=initial_terms(pair.cohort, mentorship, goals=len(pair.goals)),
            clock_offset=call.now - now if call.clock_offset else call.clock_offset,
        )
        started = await start_mentorship(self._client, state, self._task_queue)
        await starts.set_started(self._pool, [mentorship], call.now)
        return started

    async def repair(self, inspection: MentorshipInspection, drifts: Sequence[Drift]) -> None:
        """Store a mentorship's progress, plan and closings as its workflow has them; signal the responses it lacks."""
        kinds = {drift.kind for drift in drifts if drift.repairable}
        now = datetime.now(UTC) + inspection.progress.clock_offset
        if DriftKind.PROGRESS in kinds:
            await self._record_progress(inspection, now)
        if DriftKind.PLAN in kinds and inspection.state.plan:
            await mentorships.save_plan(self._pool, inspection.stored.id, inspection.state.plan, now)
        if DriftKind.CLOSINGS in kinds:
            await mentorships.close_milestones(self._pool, inspection.stored.id, inspection.state.closings, now)
        for response in unknown_responses(inspection.stored, inspection.state):
            await self._signaler.signal(response)

    async def _record_progress(self, inspection: MentorshipInspection, now: datetime) -> None:
        columns = {name: getattr(inspection.progress, name) for name in ("phase", "concerns", "outcome")}
        await mentorships.record_progress(
            self._pool, RecordProgress(mentorship_id=inspection.stored.id, now=now, **columns)
        )
        await starts.set_started(self._pool, [inspection.stored.id], now)
