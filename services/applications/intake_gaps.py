"""Mentees whose goals, challenges or hopes are missing: when they were reminded, and what staff said on the phone."""

from pydantic import AwareDatetime

from domain.applications.review import missing_intake_answers
from schemas.actor import Actor
from schemas.applications.people import IntakeAnswer
from schemas.base import FrozenModel
from schemas.errors import Refusal
from schemas.preview import Preview
from services.context import ServiceContext
from storage import cohorts, intake_calls
from storage.database import transaction


class IntakeGap(FrozenModel):
    """What a mentee still owes before the kickoff; the last reminder and the last call are None where there is none."""

    person: str
    name: str
    missing: tuple[IntakeAnswer, ...]
    reminded_at: AwareDatetime | None = None
    called_at: AwareDatetime | None = None
    called_by: str = ""
    note: str = ""


async def list_intake_gaps(context: ServiceContext, cohort: str) -> tuple[IntakeGap, ...]:
    """Return the accepted mentees who miss an answer, by name; raises UnknownCohort."""
    await cohorts.cohort_settings(context.pool, cohort)
    contacts = await intake_calls.contacts(context.pool, cohort)
    gaps = [
        IntakeGap(person=mentee.id, name=mentee.name, missing=missing, **contacts.get(mentee.id, {}))
        for mentee in await cohorts.mentees(context.pool, cohort)
        if (missing := missing_intake_answers(mentee))
    ]
    return tuple(sorted(gaps, key=lambda gap: (gap.name, gap.person)))


async def preview_call_note(context: ServiceContext, cohort: str, person: str) -> Preview:
    """Return what a note about a call would change; raises as ``note_call`` does."""
    gap = await _gap(context, cohort, person)
    return Preview(changes=(f"The audit log would note a call with {gap.name}.",), way_back="note another call")


async def note_call(context: ServiceContext, actor: Actor, cohort: str, person: str, *, note: str) -> str:
    """Note what somebody said on the phone about their intake, and return their name.

    Raises UnknownCohort, or Refusal where they miss no answer.
    """
    gap = await _gap(context, cohort, person)
    async with transaction(context.pool) as db:
        await context.audit_in(db, actor, "intake_call_noted", cohort, None, person, note=note)
    return gap.name


async def _gap(context: ServiceContext, cohort: str, person: str) -> IntakeGap:
    for gap in await list_intake_gaps(context, cohort):
        if gap.person == person:
            return gap
    raise Refusal(f"{person} misses no answer of their intake any more.")
