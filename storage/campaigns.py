"""The recipients of campaigns: who may be asked to mentor, who has not submitted, answered or committed."""

from collections.abc import Collection
from datetime import date, datetime

from pydantic import AwareDatetime

from domain.applications.review import missing_intake_answers
from schemas.applications.people import IntakeAnswer, PersonId
from schemas.base import FrozenModel
from schemas.cohort.campaigns import Prospect
from schemas.enums import Commitment, EmailKind, Language, Side, StaffReason
from schemas.errors import Refusal
from storage.cohorts import mentees
from storage.database import Db, queries


class AskedPerson(FrozenModel):
    """Somebody of an earlier cohort who is asked to mentor, and whether they have come to this one since.

    Whoever asked for no more invitations counts as if they had.
    """

    mentorship_id: str
    side: Side
    name: str
    email: str
    language: Language | None
    took_part_in: str
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


async def people_to_ask(db: Db, cohort_id: str, kickoff_on: date, *, sit_out_years: int) -> tuple[Prospect, ...]:
    """Return everybody of an earlier cohort who may be asked to mentor (A18, B2).

    They mentored before, or were mentees, said that they would mentor one day, and attended so many years ago.
    """
    rows = queries.people_to_ask(db, cohort_id=cohort_id, kickoff_on=kickoff_on, sit_out_years=sit_out_years)
    return tuple([Prospect(**dict(row)) async for row in rows])


async def asked_person(db: Db, cohort_id: str, earlier: str, person_id: str) -> AskedPerson | None:
    """Return who somebody of an earlier cohort is, or None where there is nobody of this id."""
    row = await queries.asked_person(db, cohort_id=cohort_id, earlier=earlier, person_id=person_id)
    return None if row is None else AskedPerson(**row)


async def set_uninvited(db: Db, cohort_id: str, person_id: str, uninvited_at: datetime | None) -> bool:
    """Invite somebody no more to mentor, or take that back; return whether that changes anything.

    Raises Refusal where the cohort has nobody of this id.
    """
    changes = await queries.set_uninvited(db, cohort_id=cohort_id, person_id=person_id, uninvited_at=uninvited_at)
    if changes is None:
        raise Refusal(f"{cohort_id} has no participant {person_id}.")
    return bool(changes)


async def uninvited(db: Db, cohort_id: str) -> dict[str, str]:
    """Return the names of a cohort's people who asked not to be invited to mentor, by id."""
    return {row["person_id"]: row["name"] async for row in queries.uninvited(db, cohort_id=cohort_id)}


async def is_uninvited(db: Db, cohort_id: str, person_id: str) -> bool | None:
    """Tell whether somebody asked not to be invited, or return None where the cohort has nobody of this id."""
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
