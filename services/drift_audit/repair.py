"""Repairs of drift: rows are written again from their workflow, and lost signals are sent again."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError

from domain.audit import lost_decisions, unknown_responses, unrecorded_decisions, unrecorded_emails
from domain.mentorship.terms import initial_terms
from runtime.settings import Settings
from schemas.actor import Actor, ActorKind
from schemas.audit import AuditCall, Drift, DriftKind, StoredCohort
from schemas.audit_event import AuditEvent
from schemas.cohort.messages import CohortRecovery
from schemas.ids import cohort_workflow_id, mentorship_workflow_id
from schemas.mentorship.changes import StaffDecision
from schemas.mentorship.messages import RecordProgress
from schemas.mentorship.state import MentorshipState
from services.drift_audit import lost_emails
from services.drift_audit.inspection import MentorshipInspection, SuccessorTerms
from services.mentorship_starts import start_mentorship
from services.mentorships.decisions import UPDATES
from services.signals import ResponseSignaler
from storage import audit, mentorships, starts

# Less than an activity may be silent.
RECOVERED_WITHIN = timedelta(seconds=20)
MAINTENANCE = Actor(kind=ActorKind.SERVICE, name="maintenance")


class Repair:
    """Repeats what was lost; it decides nothing, and a second run changes nothing."""

    def __init__(self, pool: asyncpg.Pool, client: Client, settings: Settings) -> None:
        self._pool = pool
        self._client = client
        self._settings = settings
        self._signaler = ResponseSignaler(pool, client)

    async def start(self, mentorship: str, call: AuditCall, planned_as_of: datetime | None = None) -> bool:
        """Start a mentorship that is stored and has no workflow; return whether that was done just now.

        One that began before is planned as of then.
        """
        pair = await mentorships.partners(self._pool, mentorship)
        now = datetime.now(UTC)
        state = MentorshipState(
            terms=initial_terms(pair.cohort, mentorship, goals=len(pair.goals)),
            clock_offset=call.now - now if call.clock_offset else call.clock_offset,
            planned_as_of=planned_as_of,
        )
        started = await start_mentorship(self._client, state, self._settings.task_queue)
        await starts.set_started(self._pool, [mentorship], call.now)
        return started

    async def recover(self, inspection: MentorshipInspection, drifts: Sequence[Drift]) -> bool:
        """Let a workflow take in what it has not heard of; return whether it did."""
        kinds = {drift.kind for drift in drifts if drift.repairable}
        if not kinds & {DriftKind.DECISIONS, DriftKind.RESPONSES}:
            return False
        return await self._update(mentorship_workflow_id(inspection.stored.id), "recover")

    async def recover_cohort(self, cohort_id: str, stored: StoredCohort) -> bool:
        """Tell a cohort's workflow what was published and confirmed; return whether it took that in."""
        recovery = CohortRecovery(
            match_run=stored.newest_run,
            published_run=stored.published_run,
            published_at=stored.published_at,
            attendance_confirmed=stored.started_by_staff,
        )
        return await self._update(cohort_workflow_id(cohort_id), "recover", recovery)

    async def store_successor(self, successor: SuccessorTerms, call: AuditCall) -> bool:
        """Store the row of a mentorship that took over, as the workflows say; return whether that was possible."""
        terms, now = successor.terms, call.now
        stored = await mentorships.save_successor(
            self._pool,
            str(terms.predecessor),
            successor.mentor,
            score=0,
            starts_on=terms.first_day,
            now=now,
            known_id=terms.mentorship_id,
        )
        await starts.set_started(self._pool, [terms.mentorship_id], now)
        return stored == terms.mentorship_id

    async def _update(self, workflow_id: str, update: str, *arguments: object) -> bool:
        handle = self._client.get_workflow_handle(workflow_id)
        try:
            async with asyncio.timeout(RECOVERED_WITHIN.total_seconds()):
                await handle.execute_update(update, args=arguments)
        # What it did not take in now the next audit finds again.
        except (TimeoutError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, RPCError):
            return False
        return True

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
        # After the plan, whose milestones the links are of.
        if emails := unrecorded_emails(inspection.stored, inspection.state):
            await lost_emails.store_again(self._pool, self._settings, inspection.stored.id, emails)
        for response in unknown_responses(inspection.stored, inspection.state):
            await self._signaler.signal(response)
        for decision in unrecorded_decisions(inspection.stored, inspection.state):
            await self._confirm(inspection, decision)

    async def note_lost(self, inspection: MentorshipInspection) -> None:
        """Note what staff decided and the workflow can no longer make, which staff then see on their home page."""
        if not inspection.busy:
            lost = lost_decisions(inspection.stored, inspection.state)
            await audit.set_lost_decisions(self._pool, inspection.stored.id, lost)

    async def _confirm(self, inspection: MentorshipInspection, decision: StaffDecision) -> None:
        _, action = UPDATES[decision.change.kind]
        event = AuditEvent(
            happened_at=datetime.now(UTC),
            actor=MAINTENANCE,
            action=action,
            cohort_id=inspection.state.terms.cohort_id,
            mentorship_id=inspection.stored.id,
            details={"recovered": True},
            decision=decision,
        )
        await audit.confirm_decision(self._pool, event)

    async def _record_progress(self, inspection: MentorshipInspection, now: datetime) -> None:
        columns = {name: getattr(inspection.progress, name) for name in ("phase", "concerns", "outcome")}
        await mentorships.record_progress(
            self._pool, RecordProgress(mentorship_id=inspection.stored.id, now=now, **columns)
        )
        await starts.set_started(self._pool, [inspection.stored.id], now)
