"""Inspecting a cohort's workflows for an audit: all of them by what Temporal lists, one of them by its queries."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import asyncpg
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus, WorkflowQueryFailedError
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from domain.audit import find_drifts
from runtime.temporal import COHORT, NEEDS_ATTENTION, NEXT_DUE_AT, PHASE, WAITING_FOR
from schemas.audit import Drift, ExecutionSnapshot, ExecutionState, StoredMentorship
from schemas.cohort.messages import CohortOverview
from schemas.ids import MENTORSHIP_WORKFLOW, cohort_workflow_id, mentorship_workflow_id
from schemas.mentorship.changes import ReplaceRequest
from schemas.mentorship.state import MentorshipState, Progress
from schemas.mentorship.terms import Terms
from storage import inspection

# Twice this is less than an activity may be silent.
ANSWERED_WITHIN = timedelta(seconds=10)
# Pages signal at once and the sweeper within a minute or two, seven where somebody left between two steps.
SIGNALED_WITHIN = timedelta(minutes=10)
# A workflow that was told something makes a plan and records it.
BUSY_POLLS, BUSY_POLL_EVERY = 25, timedelta(milliseconds=200)
# The server sets it where the steps of a workflow keep failing.
PROBLEMS = SearchAttributeKey.for_keyword_list("TemporalReportedProblems")

Answered = TypeVar("Answered", Progress, MentorshipState, CohortOverview)

_STATES = {
    WorkflowExecutionStatus.RUNNING: ExecutionState.RUNNING,
    WorkflowExecutionStatus.CONTINUED_AS_NEW: ExecutionState.RUNNING,
    WorkflowExecutionStatus.COMPLETED: ExecutionState.COMPLETED,
}


@dataclass(frozen=True)
class MentorshipInspection:
    """A mentorship's rows beside its workflow's state; where either changed while they were read, it is ``busy``."""

    stored: StoredMentorship
    progress: Progress
    state: MentorshipState
    busy: bool

    def drifts(self) -> list[Drift]:
        """Return every difference; none while it is busy, because its activities are about to write the rows."""
        return [] if self.busy else list(find_drifts(self.stored, self.progress, self.state))


@dataclass(frozen=True)
class SuccessorTerms:
    """What workflows know of a mentorship that took over: its terms, and who the mentor is."""

    terms: Terms
    mentor: str


def signaled_before(now: datetime) -> datetime:
    """Return the moment before which every response must have been signaled by now."""
    return now - SIGNALED_WITHIN


class Inspection:
    """Reads what Temporal lists and what workflows answer; changes nothing."""

    def __init__(self, pool: asyncpg.Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    async def mentorships(self, cohort_id: str) -> dict[str, ExecutionSnapshot]:
        """Return what Temporal lists of a cohort's mentorships, by their ids.

        The list is eventually consistent: what it lacks or shows differently is only a reason to inspect.
        """
        query = (
            f"WorkflowType = '{MENTORSHIP_WORKFLOW}' AND {COHORT.name} = '{cohort_id}' "
            "AND ExecutionStatus != 'ContinuedAsNew'"
        )
        prefix = mentorship_workflow_id("")
        return {
            execution.id.removeprefix(prefix): _snapshot(execution)
            async for execution in self._client.list_workflows(query)
        }

    async def mentorship(self, mentorship: str) -> ExecutionSnapshot | None:
        """Return what Temporal knows of a mentorship's workflow now, or None where there is none."""
        return await self._snapshot(mentorship_workflow_id(mentorship))

    async def cohort(self, cohort_id: str) -> CohortOverview | None:
        """Return the progress of a cohort's workflow, or None where it was terminated or never started."""
        snapshot = await self._snapshot(cohort_workflow_id(cohort_id))
        if snapshot is None or snapshot.state is ExecutionState.INTERRUPTED:
            return None
        return await self._ask(cohort_workflow_id(cohort_id), "progress", CohortOverview)

    async def closely(self, mentorship: str) -> MentorshipInspection | None:
        """Query a mentorship's workflow and read its rows, or return None where it does not answer.

        It is queried before and after the rows are read: where it changed meanwhile, it is busy and not adrift.
        """
        workflow = mentorship_workflow_id(mentorship)
        try:
            before = await self._ask(workflow, "progress", Progress)
            state = await self._ask(workflow, "state", MentorshipState)
            stored = await self._stored(mentorship, before.clock_offset)
            after = await self._ask(workflow, "progress", Progress)
        except (WorkflowQueryFailedError, RPCError):
            return None
        moved = before.model_copy(update={"now": after.now}) != after
        return MentorshipInspection(stored=stored, progress=after, state=state, busy=before.busy or moved)

    async def settled(self, mentorship: str) -> MentorshipInspection | None:
        """Inspect a mentorship closely once it is not busy any more, or as it is after a few seconds."""
        inspected = await self.closely(mentorship)
        for _ in range(BUSY_POLLS):
            if inspected is None or not inspected.busy:
                break
            await asyncio.sleep(BUSY_POLL_EVERY.total_seconds())
            inspected = await self.closely(mentorship)
        return inspected

    async def successor(self, mentorship: str) -> SuccessorTerms | None:
        """Return what workflows know of a mentorship that took over, or None where it is no such one."""
        try:
            terms = (await self._ask(mentorship_workflow_id(mentorship), "state", MentorshipState)).terms
            if terms.predecessor is None:
                return None
            before = await self._ask(mentorship_workflow_id(terms.predecessor), "state", MentorshipState)
        except (WorkflowQueryFailedError, RPCError):
            return None
        replacements = [made.change for made in before.decisions if isinstance(made.change, ReplaceRequest)]
        if before.successor != mentorship or not replacements:
            return None
        return SuccessorTerms(terms=terms, mentor=replacements[-1].mentor)

    async def _stored(self, mentorship: str, clock_offset: timedelta) -> StoredMentorship:
        now = datetime.now(UTC)
        return await inspection.stored_mentorship(
            self._pool, mentorship, signaled_before(now), received_before=signaled_before(now + clock_offset)
        )

    async def _snapshot(self, workflow_id: str) -> ExecutionSnapshot | None:
        try:
            execution = await self._client.get_workflow_handle(workflow_id).describe(rpc_timeout=ANSWERED_WITHIN)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        return _snapshot(execution)

    async def _ask(self, workflow_id: str, query: str, kind: type[Answered]) -> Answered:
        handle = self._client.get_workflow_handle(workflow_id)
        answered: Answered = await handle.query(query, result_type=kind, rpc_timeout=ANSWERED_WITHIN)
        return answered


def _snapshot(execution: WorkflowExecution) -> ExecutionSnapshot:
    attributes = execution.typed_search_attributes
    waiting: Sequence[str] = attributes.get(WAITING_FOR, ())
    return ExecutionSnapshot(
        state=_STATES.get(execution.status, ExecutionState.INTERRUPTED)
        if execution.status
        else ExecutionState.INTERRUPTED,
        phase=attributes.get(PHASE),
        needs_attention=attributes.get(NEEDS_ATTENTION),
        next_due_at=attributes.get(NEXT_DUE_AT),
        waiting_for=tuple(waiting),
        stuck=bool(attributes.get(PROBLEMS)),
    )
