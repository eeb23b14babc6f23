"""Dates of meetings: what one side proposes, and what both agreed on; each date is signaled like a response."""

import json
from datetime import datetime

import asyncpg

from schemas.enums import Availability, Side
from schemas.ids import meeting_date_id
from schemas.mentorship.meetings import MeetingDate, MeetingProposal, ProposedTimes
from schemas.mentorship.responses import SavedResponse
from schemas.mentorship.state import Answer
from storage.database import Db, queries, stored_as


async def lock(db: Db, mentorship: str) -> None:
    """Let one of two simultaneous steps about a pair's meetings wait, until the caller's transaction ends."""
    await queries.lock_meetings(db, mentorship_id=mentorship)


async def save_proposal(db: Db, mentorship: str, proposed: ProposedTimes) -> int:
    """Store the times that one side proposes, in place of those that were open; return their number."""
    await queries.close_proposed_times(db, mentorship_id=mentorship, now=proposed.proposed_at)
    values = proposed.model_dump() | {"times": list(proposed.times)}
    return int(await queries.save_proposed_times(db, mentorship_id=mentorship, **values))


async def count_proposals(db: Db, mentorship: str, since: datetime) -> int:
    """Return how often either side of a pair proposed times since a moment."""
    return int(await queries.count_proposed_times(db, mentorship_id=mentorship, since=since))


async def close_proposal(db: Db, mentorship: str, now: datetime) -> None:
    """Close the times that are open, if any are."""
    await queries.close_proposed_times(db, mentorship_id=mentorship, now=now)


async def proposal(db: Db, mentorship: str, number: int) -> MeetingProposal | None:
    """Return proposed times by their number, open or not."""
    row = await queries.proposed_times(db, mentorship_id=mentorship, number=number)
    return None if row is None else _proposal(row)


async def open_proposal(db: Db, mentorship: str) -> MeetingProposal | None:
    """Return the times that one side of a pair proposes now, or None."""
    row = await queries.open_proposed_times(db, mentorship_id=mentorship)
    return None if row is None else _proposal(row)


async def unanswered_proposals(db: Db) -> tuple[MeetingProposal, ...]:
    """Return all times that are open and that nobody was reminded of, whether or not that is due."""
    return tuple([_proposal(row) async for row in queries.unanswered_proposed_times(db)])


async def set_reminded(db: Db, proposed: MeetingProposal, now: datetime) -> bool:
    """Record that the partner is reminded of proposed times; return False where they were, or need not be any more."""
    return bool(
        await queries.set_reminded_of_times(db, mentorship_id=proposed.mentorship_id, number=proposed.number, now=now)
    )


async def has_automatic_email(db: Db, mentorship: str, side: Side, after: datetime, until: datetime) -> bool:
    """Tell whether an automatic email to one side was due after a moment and up to another (program time)."""
    return bool(
        await queries.automatic_email_between(db, mentorship_id=mentorship, side=side, after=after, until=until)
    )


async def usual_times(db: Db, mentorship: str) -> dict[Side, tuple[Availability, ...]]:
    """Return when each side can usually meet, as they said when they applied; it is for suggestions alone."""
    row = await queries.usual_times(db, mentorship_id=mentorship)
    return {side: tuple(map(Availability, json.loads(row[side]))) for side in Side}


async def save_date(db: Db, date: MeetingDate, answer: Answer) -> SavedResponse:
    """Store a revision of a meeting's date; ``answer`` is what its workflow is told of it."""
    id_ = meeting_date_id(date.mentorship_id, int(date.milestone_id.rpartition("-")[2]))
    told = await queries.save_meeting_date(db, id=id_, signal_payload=answer.model_dump_json(), **date.model_dump())
    return SavedResponse(id=id_, mentorship_id=date.mentorship_id, answer=stored_as(Answer, told), changed=True)


async def dates(db: Db, mentorship: str) -> dict[str, MeetingDate]:
    """Return the newest date of each meeting that a pair agreed on, by milestone, in order of time."""
    rows = [row async for row in queries.meeting_dates(db, mentorship_id=mentorship)]
    return {row["milestone_id"]: MeetingDate(**row) for row in rows}


async def date_at(db: Db, mentorship: str, milestone: str, revision: int) -> MeetingDate | None:
    """Return one revision of a meeting's date."""
    row = await queries.meeting_date(db, mentorship_id=mentorship, milestone_id=milestone, revision=revision)
    return None if row is None else MeetingDate(**row)


def _proposal(row: asyncpg.Record) -> MeetingProposal:
    return MeetingProposal(**(dict(row) | {"times": tuple(row["times"])}))
