"""The audit log: an event for every step that staff, participants or the service take."""

import json
from collections.abc import Mapping

import asyncpg
from pydantic import JsonValue

from schemas.actor import Actor
from schemas.audit_event import AuditEvent, AuditFilter
from storage.database import Db, queries


async def save_event(db: Db, event: AuditEvent) -> int:
    """Add an event and return its number; the connection of a transaction saves it only together with the step."""
    number = await queries.save_audit_event(
        db,
        **event.model_dump(exclude={"actor", "details"}),
        actor=str(event.actor),
        details=json.dumps(event.details),
    )
    return int(number)


async def complete_event(db: Db, number: int, results: Mapping[str, JsonValue]) -> None:
    """Record that the step of an event was carried out, and add its results to the details."""
    await queries.complete_audit_event(db, id=number, details=json.dumps(results))


async def remove_event(db: Db, number: int) -> None:
    """Remove the event of a step that was refused; one that is completed stays."""
    await queries.remove_audit_event(db, id=number)


async def events(db: Db, matching: AuditFilter, *, limit: int = 1000) -> tuple[AuditEvent, ...]:
    """Return the newest events that match, at most ``limit`` of them, oldest first."""
    rows = queries.audit_events(db, **matching.model_dump(), limit=limit)
    return tuple([_event(row) async for row in rows])


def _event(row: asyncpg.Record) -> AuditEvent:
    return AuditEvent(**{**row, "actor": Actor.parse(row["actor"]), "details": json.loads(row["details"])})
