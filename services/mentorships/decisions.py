"""Tell a mentorship's workflow what staff decided, under an id by which it is made once, whatever is restored later."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

import asyncpg
from pydantic import JsonValue

from schemas.actor import Actor
from schemas.audit_event import AuditEvent
from schemas.enums import ChangeKind
from schemas.errors import Refusal
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.changes import ChangeResult, StaffChange, StaffDecision
from services.context import ServiceContext
from services.mentorships.lookup import ended
from services.workflow_calls import update_workflow
from storage import audit

# The workflow's update for each kind of change, and what the audit log calls it.
UPDATES = {
    ChangeKind.PAUSE: ("pause", "paused"),
    ChangeKind.RESUME: ("resume", "resumed"),
    ChangeKind.EXTEND: ("extend", "extended"),
    ChangeKind.CADENCE: ("set_cadence", "cadence_changed"),
    ChangeKind.END: ("end", "ended"),
    ChangeKind.REPLACE: ("replace", "replaced"),
    ChangeKind.RESEND: ("resend", "resent"),
    ChangeKind.RESOLVE: ("resolve_concerns", "concerns_resolved"),
}
# Unique among the few decisions about one mentorship, and short enough for the keys of emails.
ID_LENGTH = 12

Result = TypeVar("Result")


async def decide(
    services: ServiceContext,
    actor: Actor,
    cohort_id: str,
    mentorship_id: str,
    change: StaffChange,
    *,
    result: type[Result],
    **details: JsonValue,
) -> Result:
    """Have the workflow make a change, with its audit event, and return the workflow's result.

    Raises Refusal where it cannot be made, MileError where nobody knows whether it was.
    """
    update, action = UPDATES[change.kind]
    change = change.model_copy(update={"decision": await _new_id(services, mentorship_id, change)})
    now = services.now(cohort_id)
    event = AuditEvent(
        happened_at=datetime.now(UTC),
        actor=actor,
        action=action,
        cohort_id=cohort_id,
        mentorship_id=mentorship_id,
        details=details,
        decision=StaffDecision(at=now, change=change),
        completed=False,
    )
    handle, absent = services.workflow(mentorship_workflow_id(mentorship_id)), ended(mentorship_id)
    async with _refused_twice(), services.carried_out(event) as outcome:
        made = await update_workflow(handle, update, change, kind=result, absent=absent)
        outcome.results.update(_results(made))
        if isinstance(made, ChangeResult):
            outcome.decided_at = made.decided_at
    return made


@asynccontextmanager
async def _refused_twice() -> AsyncIterator[None]:
    try:
        yield
    except asyncpg.UniqueViolationError:
        raise Refusal("Someone is making the same change at this moment.") from None


async def _new_id(services: ServiceContext, mentorship_id: str, change: StaffChange) -> str:
    # What is decided after which decisions, and no chance: two rehearsals of one class have emails of the same keys.
    number = await audit.count_decisions(services.pool, mentorship_id)
    told = f"{mentorship_id}/{number}/{change.model_dump_json()}"
    return hashlib.sha256(told.encode()).hexdigest()[:ID_LENGTH]


def _results(made: object) -> dict[str, JsonValue]:
    if isinstance(made, ChangeResult):
        return {"successor": made.successor} if made.successor else {}
    return {"emails": made} if isinstance(made, int) else {}
