"""What a participant's own page about their mentorship reads: their mentorships, and all that is due in one."""

import json

import asyncpg

from domain.forms import answers_readable_by, questions_for
from schemas.enums import MilestoneKind, Phase, Side
from schemas.forms.catalog import FORMS
from schemas.mentorship.my_mentorship import MentorshipOfPerson, MilestoneForSide
from storage.database import Db, queries


async def mentorships_of(db: Db, cohort_id: str, person_id: str) -> tuple[MentorshipOfPerson, ...]:
    """Return the mentorships of somebody in a cohort that have begun, the newest last."""
    rows = queries.mentorships_of_person(db, cohort_id=cohort_id, person_id=person_id)
    return tuple([MentorshipOfPerson(**row) async for row in rows])


async def phase_of(db: Db, mentorship: str) -> Phase:
    """Return the phase a mentorship is in."""
    return Phase(await queries.phase_of(db, mentorship_id=mentorship))


async def milestones_of_side(
    db: Db, mentorship: str, side: Side, goals: tuple[str, ...]
) -> tuple[MilestoneForSide, ...]:
    """Return what is due in a mentorship as a side sees it, in order of opening.

    What the plan dropped is there if this side answered it. Of the partner's answers those come that this side may
    read, and nothing else leaves this function.
    """
    rows = [row async for row in queries.milestones_of_side(db, mentorship_id=mentorship, side=side)]
    return tuple(_milestone(row, side, goals) for row in rows if row["answers"] or not row["dropped"])


def _milestone(row: asyncpg.Record, side: Side, goals: tuple[str, ...]) -> MilestoneForSide:
    known = {name: row[name] for name in MilestoneForSide.model_fields if name in row.keys()}  # noqa: SIM118 - a record
    return MilestoneForSide(
        **known
        | {
            "answers": json.loads(row["answers"] or "{}"),
            "shared": _shared(row["kind"], side.partner, goals, json.loads(row["partners_answers"] or "{}")),
        }
    )


def _shared(kind: MilestoneKind, author: Side, goals: tuple[str, ...], answers: dict[str, str]) -> dict[str, str]:
    # The agreement has its own versions, and a response to it nothing but a private request for a call.
    questions = questions_for(kind, author, goals) if kind in FORMS else ()
    return answers_readable_by("partner", questions, answers)
