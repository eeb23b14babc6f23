"""Participants' responses: every revision is stored, and each is signaled to its workflow until that succeeds."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg

from domain.languages import gettext
from schemas.audit_event import AuditEvent
from schemas.enums import GoalStatus, MilestoneKind
from schemas.errors import Refusal
from schemas.ids import response_id
from schemas.mentorship.responses import Link, NewResponse, SavedResponse, StoredResponse
from schemas.mentorship.state import Answer
from storage.audit import columns_of
from storage.database import Db, queries, stored_as

# Each revision is a signal, and Temporal ends a run after 10,000 of them.
MOST_REVISIONS = 50
# The columns of an audit event where there is none.
_EVENT = ("happened_at", "cohort_id", "person_id", "actor", "action", "details")


async def save_response(
    db: Db,
    response: NewResponse,
    answer: Answer,
    event: AuditEvent | None = None,
    *,
    left_for: timedelta | None = None,
) -> SavedResponse:
    """Store a response as a new revision; the same answers again are no new revision, so two clicks count once.

    ``answer`` is what the workflow may know of it; its revision and ``stored_at`` are set here. ``event`` is kept
    together with a new revision, and its details get the number. ``left_for`` is how long the sweeper leaves it to the
    page. Raises Refusal after ``MOST_REVISIONS`` changes, or where the form cannot be changed at all.
    """
    id_ = response_id(response.link.mentorship_id, response.link.milestone, response.link.side)
    most = 1 if response.form is MilestoneKind.THANKS else MOST_REVISIONS
    recorded = columns_of(event) if event else dict.fromkeys(_EVENT)
    # Of two simultaneous posts one gets the next number; the other looks again, and sees what that one has stored.
    while True:
        row: asyncpg.Record = await queries.save_response(
            db,
            **recorded | {"mentorship_id": response.link.mentorship_id},
            id=id_,
            most=most,
            milestone_id=response.link.milestone,
            side=response.link.side,
            form=response.form,
            answers=json.dumps(response.answers),
            signal_payload=answer.model_dump_json(),
            received_at=response.received_at,
            left_for=left_for,
        )
        changed = row["revision"] is not None
        if changed or row["repeated"]:
            stored = stored_as(Answer, row["signal_payload"])
            return SavedResponse(id=id_, mentorship_id=response.link.mentorship_id, answer=stored, changed=changed)
        if (row["before"] or 0) >= most:
            raise _refusal(response.form)


async def lock_response(db: Db, id_: str) -> None:
    """Let one of two simultaneous posts wait for the other, until the caller's transaction ends."""
    # An advisory lock, because before the first revision there is no row to lock.
    await queries.lock_response(db, id=id_)


def _refusal(form: MilestoneKind) -> Refusal:
    if form is MilestoneKind.THANKS:
        return Refusal(gettext("We already sent your note. You can’t change it any more."))
    return Refusal(
        gettext(
            "You changed these answers %(count)s times, and we can’t save more changes. We still have what you "
            "sent before. If it is wrong, please email us.",
            count=MOST_REVISIONS,
        )
    )


async def set_signaled(db: Db, saved: SavedResponse, now: datetime) -> None:
    """Record that this revision was signaled to its workflow."""
    await queries.set_signaled(db, id=saved.id, revision=saved.answer.revision, now=now)


async def unsignaled(db: Db, stored_for: timedelta = timedelta(0)) -> list[SavedResponse]:
    """Return up to 500 revisions, requests for a call and dates of meetings, stored for so long and not signaled.

    The oldest come first.
    """
    return [_saved(row) async for row in queries.unsignaled_responses(db, stored_for=stored_for)]


async def unsignaled_of(db: Db, link: Link) -> list[SavedResponse]:
    """Return the revisions of whoever a link is for that were not signaled, the oldest first."""
    rows = queries.unsignaled_responses_of(db, mentorship_id=link.mentorship_id, side=link.side)
    return [_saved(row) async for row in rows]


def _saved(row: asyncpg.Record) -> SavedResponse:
    return SavedResponse(
        id=row["id"],
        mentorship_id=row["mentorship_id"],
        answer=stored_as(Answer, row["signal_payload"]),
        changed=True,
    )


async def responses_of_cohort(db: Db, cohort_id: str) -> list[asyncpg.Record]:
    """Return every revision of every response of a cohort, in order of arrival."""
    return [row async for row in queries.responses_of_cohort(db, cohort_id=cohort_id)]


async def last_responses_of(db: Db, mentorship: str) -> tuple[StoredResponse, ...]:
    """Return the newest revision of each response of a mentorship, in order of arrival."""
    rows = [row async for row in queries.last_responses_of(db, mentorship_id=mentorship)]
    names = ("side", "form", "received_at")
    return tuple(
        StoredResponse(
            milestone=row["milestone_id"], answers=json.loads(row["answers"]), **{name: row[name] for name in names}
        )
        for row in rows
    )


async def thanks_text(db: Db, mentorship: str, milestone: str) -> str | None:
    """Return the words a mentee sent as thanks at a milestone, or None where none were sent (A39)."""
    text = await queries.thanks_text(db, mentorship_id=mentorship, milestone_id=milestone)
    return None if text is None else str(text)


class StuckGoals(NamedTuple):
    """The numbers of the goals that a mentee calls stuck, and of those stuck for the second time in a row."""

    now: frozenset[int]
    twice: frozenset[int]


async def stuck_goals(db: Db, mentorships: Sequence[str]) -> dict[str, StuckGoals]:
    """Return the goals that the mentees of mentorships call stuck, for each one given."""
    rows = [row async for row in queries.stuck_goals(db, ids=list(mentorships))]
    return {row["id"]: _stuck_goals([_stuck(answers) for answers in json.loads(row["newest"])]) for row in rows}


def _stuck_goals(newest: Sequence[frozenset[int]]) -> StuckGoals:
    nothing: frozenset[int] = frozenset()
    last, before, *_ = (*newest, nothing, nothing)
    return StuckGoals(now=last, twice=last & before)


def _stuck(answers: dict[str, str]) -> frozenset[int]:
    return frozenset(int(name.removeprefix("goal_")) for name, status in answers.items() if status == GoalStatus.STUCK)
