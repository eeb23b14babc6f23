"""Answers to a proposed match, by both sides and by staff for them; the same answer again changes nothing."""

from datetime import datetime, timedelta

from domain.applications.emails import applicant_email_request
from domain.languages import gettext
from domain.matching.proposals import ProposalClosed, proposal_closed_reason
from schemas.applications.applicant import ProposalAnswer
from schemas.enums import CohortStage, EmailKind, Side
from schemas.errors import Refusal
from schemas.ids import proposal_subject
from schemas.matching.proposals import ProposedMatch, QuestionReply, SavedAnswer, SideAnswer
from storage.cohorts import cohort_settings, is_archived
from storage.database import Db, queries, transaction
from storage.kickoff import CALLED_OFF
from storage.outbox import enqueue
from storage.proposals import as_match


async def answer(
    db: Db, cohort_id: str, person_id: str, partner_id: str, *, answer: ProposalAnswer, now: datetime
) -> SavedAnswer:
    """Store somebody's answer to the match with a partner; the same again changes nothing.

    Raises ProposalClosed where the proposal takes no answers any more, Refusal where there is no such proposal, and
    where the cohort is archived: nobody would hear of the answer.
    """
    settings = await cohort_settings(db, cohort_id)
    async with transaction(db) as connection:
        if await is_archived(connection, cohort_id):
            raise Refusal(gettext(CALLED_OFF))
        match, side = await _locked(connection, cohort_id, person_id, partner_id)
        # The row is locked: of two commitments at once, the second sees the first and makes the match final.
        if _says(match.of(side), answer) and not match.withdrawn_at:
            return SavedAnswer(changed=False, final=match.final)
        if why := proposal_closed_reason(match, side, settings, now):
            raise ProposalClosed(why)
        return await _keep(connection, cohort_id, match, side, answer=answer, now=now)


async def confirm(db: Db, cohort_id: str, mentor_id: str, mentee_id: str, now: datetime) -> bool:
    """Make a match final on staff's word, and return whether that changed anything.

    Raises Refusal where the pair is not proposed, or somebody of it took back their application.
    """
    async with transaction(db) as connection:
        match, _ = await _locked(connection, cohort_id, mentor_id, mentee_id)
        check_confirmable(match)
        await queries.confirm_proposal(
            connection, cohort_id=cohort_id, mentor_id=mentor_id, mentee_id=mentee_id, now=now
        )
        if not match.final:
            await _enqueue_final_emails(connection, cohort_id, match, now)
        return not match.final


async def decline_for(
    db: Db, cohort_id: str, person_id: str, partner_id: str, *, answer: ProposalAnswer, now: datetime
) -> SavedAnswer:
    """Decline a match on somebody's behalf, also one that is final, until its mentorship is stored.

    Raises Refusal where there is no such proposal, it was withdrawn, or the mentorship has begun.
    """
    async with transaction(db) as connection:
        match, side = await _locked(connection, cohort_id, person_id, partner_id)
        await check_declinable(connection, cohort_id, match)
        if _says(match.of(side), answer) and not match.confirmed_at:
            return SavedAnswer(changed=False, final=False)
        return await _keep(connection, cohort_id, match, side, answer=answer, now=now)


async def reply(
    db: Db, cohort_id: str, mentor_id: str, mentee_id: str, side: Side, *, text: str, now: datetime
) -> QuestionReply:
    """Store what staff answer to the question of one side, and enqueue the email that brings it.

    Raises Refusal where that side has no open question.
    """
    key = {"cohort_id": cohort_id, "mentor_id": mentor_id, "mentee_id": mentee_id}
    async with transaction(db) as connection:
        # The row is locked, so that two answers at once have different numbers.
        match, _ = await _locked(connection, cohort_id, mentor_id, mentee_id)
        question = open_question(match, side)
        number = await queries.count_question_replies(connection, **key) + 1
        about = f"{proposal_subject(mentor_id, mentee_id, match.proposed_at)}-answer-{number}"
        person = mentor_id if side is Side.MENTOR else mentee_id
        email = applicant_email_request(
            cohort_id, person, side, EmailKind.QUESTION_ANSWERED, about, at=now, now=now, automatic=False
        )
        await queries.save_question_reply(
            connection, **key, email_key=email.key, side=side, question=question, text=text, now=now
        )
        await enqueue(connection, email)
    return QuestionReply(
        mentor_id=mentor_id, mentee_id=mentee_id, side=side, question=question, text=text, replied_at=now
    )


async def unsignaled_cohorts(db: Db, stored_for: timedelta) -> tuple[str, ...]:
    """Return the cohorts whose workflows may not know of an answer that was stored so long ago, by id."""
    started = [stage for stage in CohortStage if stage.started]
    rows = queries.unsignaled_proposal_answers(db, started=started, stored_for=stored_for)
    return tuple([row["cohort_id"] async for row in rows])


async def last_unsignaled(db: Db, cohort_id: str) -> datetime | None:
    """Return when the last answer was stored that a cohort's workflow may not know of (PostgreSQL's clock), or None."""
    stored_at: datetime | None = await queries.last_unsignaled_answer(db, cohort_id=cohort_id)
    return stored_at


async def set_signaled(db: Db, cohort_id: str, last: datetime) -> None:
    """Record that a cohort's workflow was told of its answers up to the one of this moment."""
    await queries.set_proposal_answers_signaled(db, cohort_id=cohort_id, last=last)


async def reply_by_email(db: Db, key: str) -> QuestionReply | None:
    """Return the answer that an email brings."""
    row = await queries.question_reply(db, email_key=key)
    return QuestionReply(**dict(row)) if row else None


async def replies(db: Db, cohort_id: str) -> tuple[QuestionReply, ...]:
    """Return all answers of staff to questions about the proposals of a cohort, the oldest first."""
    return tuple([QuestionReply(**dict(row)) async for row in queries.question_replies(db, cohort_id=cohort_id)])


def open_question(match: ProposedMatch, side: Side) -> str:
    """Return the question of one side; raises Refusal where there is none, or an answer would reach nobody."""
    person = match.mentor_id if side is Side.MENTOR else match.mentee_id
    if match.withdrawn_at or side in match.gone:
        raise Refusal("This match is not proposed any more, so no answer would reach them. Write to them directly.")
    if not match.of(side).question:
        raise Refusal(f"{person} has no open question about this match.")
    return match.of(side).question


def check_confirmable(match: ProposedMatch) -> None:
    """Raise Refusal where staff cannot make a match final."""
    if match.withdrawn_at:
        raise Refusal(
            f"{match.mentor_id} and {match.mentee_id} are no longer a published match. First publish a run that has "
            "this match."
        )
    if match.gone:
        people = " and ".join(match.mentor_id if side is Side.MENTOR else match.mentee_id for side in match.gone)
        raise Refusal(f"{people} withdrew, so this match can’t be made final.")


async def check_declinable(db: Db, cohort_id: str, match: ProposedMatch) -> None:
    """Raise Refusal where it is too late, or of no use, to decline a match on somebody's behalf."""
    if match.withdrawn_at:
        raise Refusal(f"{match.mentor_id} and {match.mentee_id} are no longer a proposed match.")
    pair = {"mentor_id": match.mentor_id, "mentee_id": match.mentee_id}
    if await queries.mentorship_exists(db, cohort_id=cohort_id, **pair):
        raise Refusal(
            f"The mentorship of {match.mentor_id} and {match.mentee_id} has started. "
            "End it early, or replace the mentor."
        )


async def _locked(db: Db, cohort_id: str, person_id: str, partner_id: str) -> tuple[ProposedMatch, Side]:
    """Return the match of two people, in either order, and the side of the first one; its row stays locked."""
    for side, mentor_id, mentee_id in (
        (Side.MENTOR, person_id, partner_id),
        (Side.MENTEE, partner_id, person_id),
    ):
        key = {"cohort_id": cohort_id, "mentor_id": mentor_id, "mentee_id": mentee_id}
        await queries.lock_proposal(db, **key)
        if row := await queries.proposal(db, **key):
            return as_match(row), side
    raise not_proposed(person_id, partner_id)


async def _keep(
    db: Db, cohort_id: str, match: ProposedMatch, side: Side, *, answer: ProposalAnswer, now: datetime
) -> SavedAnswer:
    key = {"cohort_id": cohort_id, "mentor_id": match.mentor_id, "mentee_id": match.mentee_id}
    await queries.answer_proposal(
        db,
        **key,
        side=side,
        commitment=answer.commitment,
        reason=answer.reason,
        question=answer.question,
        now=now,
    )
    answered = as_match(await queries.proposal(db, **key))
    if answered.final:
        await _enqueue_final_emails(db, cohort_id, answered, now)
    return SavedAnswer(changed=True, final=answered.final)


async def _enqueue_final_emails(db: Db, cohort_id: str, match: ProposedMatch, now: datetime) -> None:
    """Request the emails that a match is final, one to each side, in the transaction that makes it so (decision 12)."""
    kind, about = EmailKind.MATCH_FINAL, proposal_subject(match.mentor_id, match.mentee_id, match.proposed_at)
    for person, side in ((match.mentor_id, Side.MENTOR), (match.mentee_id, Side.MENTEE)):
        order = applicant_email_request(cohort_id, person, side, kind, about, at=now, now=now, automatic=False)
        await enqueue(db, order)


def _says(stored: SideAnswer, answer: ProposalAnswer) -> bool:
    return (stored.commitment, stored.reason, stored.question) == (answer.commitment, answer.reason, answer.question)


def not_proposed(person_id: str, partner_id: str) -> Refusal:
    """Return what to say of two people who are not proposed to each other."""
    return Refusal(f"{person_id} and {partner_id} are not proposed to each other.")
