"""What a use case works with: PostgreSQL, Temporal, and whoever acts."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import asyncpg
from pydantic import JsonValue
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.calendar import local_day
from runtime.clock import clock
from runtime.settings import Settings
from runtime.temporal import connect
from schemas.actor import Actor
from schemas.audit_event import AuditEvent
from schemas.cohort.settings import CohortSettings
from schemas.errors import MileError, Refusal
from services.workflow_calls import ANSWERED_WITHIN, Handle, unavailable
from storage import audit
from storage.database import Db, open_pool


@dataclass
class StepOutcome:
    """What is known of a step only after it: details for its event, and when a decision was made."""

    results: dict[str, JsonValue] = field(default_factory=dict)
    decided_at: datetime | None = None


@dataclass(frozen=True)
class ServiceContext:
    """What every use case works with; one context serves many requests, so each call names its actor."""

    settings: Settings
    pool: asyncpg.Pool
    client: Client

    def workflow(self, workflow_id: str) -> Handle:
        """Return the handle of a workflow, whether or not there is one."""
        return self.client.get_workflow_handle(workflow_id)

    async def describe(self, workflow_id: str) -> WorkflowExecutionDescription | None:
        """Return what Temporal knows of a workflow without asking a worker, or None where it knows of none."""
        try:
            return await self.workflow(workflow_id).describe(rpc_timeout=ANSWERED_WITHIN)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise unavailable(error) from error

    def now(self, cohort_id: str) -> datetime:
        """Return the time of a cohort's program, which is the real time outside rehearsals."""
        return clock(self.settings.clock_file).now(cohort_id)

    def today(self, settings: CohortSettings) -> date:
        """Return the day of a cohort's program, in its time zone."""
        return local_day(self.now(settings.id), settings.time_zone)

    def clock_offset(self, cohort_id: str) -> timedelta:
        """Return what a cohort's program is ahead of the real time, which is nothing outside rehearsals."""
        return timedelta(0)

    async def audit(
        self,
        actor: Actor,
        action: str,
        cohort_id: str,
        mentorship_id: str | None = None,
        person_id: str | None = None,
        /,
        **details: JsonValue,
    ) -> None:
        """Add the audit event of a step; ``details`` carry ids, numbers and the note, never a participant's words."""
        await self.audit_in(self.pool, actor, action, cohort_id, mentorship_id, person_id, **details)

    @staticmethod
    async def audit_in(  # noqa: PLR0917 - they are the columns of an event
        db: Db,
        actor: Actor,
        action: str,
        cohort_id: str,
        mentorship_id: str | None = None,
        person_id: str | None = None,
        /,
        **details: JsonValue,
    ) -> None:
        """Add the audit event of a step in the step's own transaction, so that both are stored or neither."""
        await audit.save_event(db, _event(actor, action, cohort_id, mentorship_id, person_id, details=details))

    @asynccontextmanager
    async def audited(
        self, actor: Actor, action: str, cohort_id: str, mentorship_id: str | None = None, /, **details: JsonValue
    ) -> AsyncIterator[dict[str, JsonValue]]:
        """Add the audit event of a step that a workflow carries out in the block: before it, and completed after it.

        The block puts what is known only then into the dictionary. A refused step leaves no event. Where the block
        fails otherwise, or the process ends, the event stays and is not completed: the step may have been carried out.
        """
        event = _event(actor, action, cohort_id, mentorship_id, details=details, completed=False)
        async with self.carried_out(event) as outcome:
            yield outcome.results

    @asynccontextmanager
    async def carried_out(self, event: AuditEvent) -> AsyncIterator[StepOutcome]:
        """Add an event whose step a workflow carries out in the block, as ``audited`` does."""
        number = await audit.save_event(self.pool, event)
        outcome = StepOutcome()
        try:
            yield outcome
        except Refusal:
            await audit.remove_event(self.pool, number)
            raise
        await audit.complete_event(self.pool, number, outcome.results, decided_at=outcome.decided_at)


def _event(
    actor: Actor,
    action: str,
    cohort_id: str,
    mentorship_id: str | None = None,
    person_id: str | None = None,
    /,
    *,
    details: dict[str, JsonValue],
    completed: bool = True,
) -> AuditEvent:
    return AuditEvent(
        happened_at=datetime.now(UTC),
        actor=actor,
        action=action,
        cohort_id=cohort_id,
        mentorship_id=mentorship_id,
        person_id=person_id,
        details=details,
        completed=completed,
    )


@asynccontextmanager
async def open_context(
    settings: Settings, *, connections: int = 2, lazy: bool = False, answers_within: timedelta | None = None
) -> AsyncIterator[ServiceContext]:
    """Connect to PostgreSQL and Temporal for as long as the block lasts; raises MileError where one cannot be reached.

    With ``lazy`` Temporal is connected to at the first call only, and need not be reachable until then. With
    ``answers_within`` PostgreSQL is waited for no longer than that (``open_pool``).
    """
    async with AsyncExitStack() as stack:
        try:
            pool = await stack.enter_async_context(
                open_pool(settings.database_url.get_secret_value(), size=connections, answers_within=answers_within)
            )
        except (OSError, asyncpg.PostgresError) as error:
            raise MileError(
                "PostgreSQL cannot be reached.", shell_advice="The command mile doctor says more."
            ) from error
        yield ServiceContext(settings, pool, await connect(settings, lazy=lazy))
