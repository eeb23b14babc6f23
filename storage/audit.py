"""The audit log: an event for every step that staff, participants or the service take."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

import asyncpg
from pydantic import JsonValue

from schemas.actor import Actor
from schemas.audit_event import AuditEvent, AuditFilter
from schemas.mentorship.changes import StaffDecision
from storage.database import Db, queries, stored_as


async def save_event(db: Db, event: AuditEvent) -> int:
    """Add an event and return its number; the connection of a transaction saves it only together with the step."""
    return int(await queries.save_audit_event(db, **columns_of(event)))


def columns_of(event: AuditEvent) -> dict[str, object]:
    """Return an event by its columns, for a statement that keeps it together with what it is about."""
    return event.model_dump(exclude={"actor", "details", "decision"}) | {
        "actor": str(event.actor),
        "details": json.dumps(event.details),
        "decision": _decision(event),
    }


async def complete_event(
    db: Db, number: int, results: Mapping[str, JsonValue], *, decided_at: datetime | None = None
) -> None:
    """Record that the step of an event was carried out, and add its results to the details.

    ``decided_at`` is the moment as of which a workflow made a decision.
    """
    at = decided_at.isoformat() if decided_at else None
    await queries.complete_audit_event(db, id=number, details=json.dumps(results), decided_at=at)


async def confirm_decision(db: Db, event: AuditEvent) -> None:
    """Record a decision that its workflow has made: its own event is completed, or else this one added."""
    columns = event.model_dump(include={"happened_at", "cohort_id", "mentorship_id", "action"})
    await queries.confirm_decision(
        db,
        **columns,
        actor=str(event.actor),
        details=json.dumps(event.details),
        decision=_decision(event),
    )


async def count_decisions(db: Db, mentorship: str) -> int:
    """Return how many changes staff decided about a mentorship, also where nobody knows whether one was made."""
    return int(await queries.count_decisions(db, mentorship_id=mentorship))


async def confirmed_decisions(db: Db, mentorship: str) -> tuple[StaffDecision, ...]:
    """Return what staff decided about a mentorship, as far as they saw it confirmed."""
    rows = queries.confirmed_decisions(db, mentorship_id=mentorship)
    return tuple([stored_as(StaffDecision, row["decision"]) async for row in rows])


async def set_lost_decisions(db: Db, mentorship: str, decisions: Collection[StaffDecision]) -> None:
    """Note which decisions about a mentorship its workflow can no longer make; all others are not lost."""
    await queries.set_lost_decisions(db, mentorship_id=mentorship, ids=[decision.id for decision in decisions])


async def lost_decisions(db: Db, mentorship: str) -> tuple[StaffDecision, ...]:
    """Return what staff decided about a mentorship and was lost, until they decide about it again."""
    rows = queries.lost_decisions(db, mentorship_id=mentorship)
    return tuple([stored_as(StaffDecision, row["decision"]) async for row in rows])


async def remove_event(db: Db, number: int) -> None:
    """Remove the event of a step that was refused; one that is completed stays."""
    await queries.remove_audit_event(db, id=number)


async def events(db: Db, matching: AuditFilter, *, limit: int | None = 1000) -> tuple[AuditEvent, ...]:
    """Return the newest events that match, at most ``limit`` of them if it is not None, oldest first."""
    rows = queries.audit_events(db, **matching.model_dump(), limit=limit)
    return tuple([_event(row) async for row in rows])


def _decision(event: AuditEvent) -> str | None:
    return event.decision.model_dump_json(exclude_none=True) if event.decision else None


def _event(row: asyncpg.Record) -> AuditEvent:
    return AuditEvent(**{**row, "actor": Actor.parse(row["actor"]), "details": json.loads(row["details"])})
