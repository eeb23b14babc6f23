"""The recipients of campaigns: past mentors, unfinished applications, missing intake answers, open proposals."""

from collections.abc import Collection
from datetime import date, datetime

from pydantic import AwareDatetime

from domain.applications.review import missing_intake_answers
from schemas.applications.people import IntakeAnswer, PersonId
from schemas.base import FrozenModel
from schemas.enums import Commitment, EmailKind, Side, StaffReason
from schemas.errors import Refusal
from storage.cohorts import mentees
from storage.database import Db, queries


class PastMentor(FrozenModel):
    """Somebody who mentored in an earlier cohort, and whether they have come to this one since.

    Whoever asked for no more invitations counts as if they had.
    """

    mentorship_id: str
    name: str
    email: str
    mentored_in: str
    came: bool


class CampaignRecipient(FrozenModel):
    """Somebody whom a campaign emails."""

    person_id: PersonId
    side: Side


class EarlierEmail(FrozenModel):
    """An email that somebody was sent before, or will be; its moments are of the program's time."""

    key: str
    scope_id: str
    kind: EmailKind
    reason: StaffReason | None
    automatic: bool
    due_at: AwareDatetime
    requested_at: AwareDatetime


class OpenProposal(FrozenModel):
    """A proposal that may still become final, with what each side said to it."""

    mentor_id: PersonId
    mentee_id: PersonId
    proposed_at: AwareDatetime
    mentor_answer: Commitment | None = None
    mentee_answer: Commitment | None = None

    def of(self, side: Side) -> tuple[PersonId, Commitment | None]:
        """Return who is on a side, and what they said."""
        if side is Side.MENTOR:
            return self.mentor_id, self.mentor_answer
        return self.mentee_id, self.mentee_answer


class LeftWithoutMatch(CampaignRecipient):
    """Somebody whose match is no longer proposed, and which match that was."""

    mentor_id: PersonId
    mentee_id: PersonId
    proposed_at: AwareDatetime


async def past_mentors(db: Db, cohort_id: str, kickoff_on: date) -> tuple[tuple[str, str], ...]:
    """Return (cohort, person) of everybody who mentored before and may be asked to mentor again (B2)."""
    rows = queries.past_mentors(db, cohort_id=cohort_id, kickoff_on=kickoff_on)
    return tuple([(row["cohort_id"], row["person_id"]) async for row in rows])


async def past_mentor(db: Db, cohort_id: str, earlier: str, person_id: str) -> PastMentor | None:
    """Return who a mentor of an earlier cohort is, or None where there is none of this id."""
    row = await queries.past_mentor(db, cohort_id=cohort_id, earlier=earlier, person_id=person_id)
    return None if row is None else PastMentor(**row)


async def set_uninvited(db: Db, cohort_id: str, person_id: str, uninvited_at: datetime | None) -> bool:
    """Invite a mentor no more to mentor again, or take that back; return whether that changes anything.

    Raises Refusal where the cohort has no such mentor.
    """
    changes = await queries.set_uninvited(db, cohort_id=cohort_id, person_id=person_id, uninvited_at=uninvited_at)
    if changes is None:
        raise Refusal(f"{cohort_id} has no mentor {person_id}.")
    return bool(changes)


async def is_uninvited(db: Db, cohort_id: str, person_id: str) -> bool | None:
    """Tell whether a mentor asked not to be invited again, or return None where the cohort has no such mentor."""
    uninvited: bool | None = await queries.is_uninvited(db, cohort_id=cohort_id, person_id=person_id)
    return uninvited


async def unfinished_drafts(db: Db, cohort_id: str) -> tuple[CampaignRecipient, ...]:
    """Return everybody who saved a page of an application and has not submitted it, by id."""
    return tuple([CampaignRecipient(**row) async for row in queries.unfinished_drafts(db, cohort_id=cohort_id)])


async def intake_gaps(db: Db, cohort_id: str) -> dict[str, tuple[IntakeAnswer, ...]]:
    """Return which intake answers are missing, by accepted mentee; those who miss none are left out (A35)."""
    gaps = {mentee.id: missing_intake_answers(mentee) for mentee in await mentees(db, cohort_id)}
    return {mentee_id: answers for mentee_id, answers in gaps.items() if answers}


async def emailed_since(
    db: Db, cohort_id: str, since: datetime, *, except_keys: Collection[str]
) -> tuple[EarlierEmail, ...]:
    """Return the emails of a cohort since a moment (program time), but for those with the keys named."""
    rows = queries.emailed_since(db, cohort_id=cohort_id, since=since, except_keys=list(except_keys))
    return tuple([EarlierEmail(**row) async for row in rows])


async def open_proposals(db: Db, cohort_id: str) -> tuple[OpenProposal, ...]:
    """Return the proposals that are neither final nor withdrawn nor declined."""
    return tuple([OpenProposal(**row) async for row in queries.open_proposals(db, cohort_id=cohort_id)])


async def left_without_match(db: Db, cohort_id: str) -> tuple[LeftWithoutMatch, ...]:
    """Return who had not declined a match that is no longer proposed, and has no other one now."""
    return tuple([LeftWithoutMatch(**row) async for row in queries.left_without_match(db, cohort_id=cohort_id)])


async def disputed_proposals(db: Db, cohort_id: str) -> int:
    """Return how many proposals somebody declined or asked about, among those not final."""
    return int(await queries.count_disputed_proposals(db, cohort_id=cohort_id))
