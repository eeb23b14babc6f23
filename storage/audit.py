"""The audit log: an event for every step that staff, participants or the service take."""

import json

import asyncpg

from schemas.actor import Actor
from schemas.audit_event import AuditEvent, AuditFilter
from storage.database import Db, queries


async def save_event(db: Db, event: AuditEvent) -> None:
    """Add an event; pass the connection of a transaction to keep it only together with the step."""
    await queries.save_audit_event(
        db,
        **event.model_dump(exclude={"actor", "details"}),
        actor=str(event.actor),
        details=json.dumps(event.details),
    )


async def events(db: Db, matching: AuditFilter, *, limit: int = 1000) -> tuple[AuditEvent, ...]:
    """Return the newest events that match, at most ``limit`` of them, oldest first."""
    rows = queries.audit_events(db, **matching.model_dump(), limit=limit)
    return tuple([_event(row) async for row in rows])


def _event(row: asyncpg.Record) -> AuditEvent:
    return AuditEvent(**{**row, "actor": Actor.parse(row["actor"]), "details": json.loads(row["details"])})
