"""What staff answer to a question that somebody asked before they commit to a match (A23)."""

from schemas.actor import Actor
from schemas.enums import EmailKind, Recipient
from schemas.matching.proposals import QuestionReply
from schemas.preview import Preview, PreviewedEmail
from services.context import ServiceContext
from services.matching import NamePerson
from services.proposals import ProposalSide, find_proposal
from storage import proposal_answers
from storage.database import transaction


async def asked_question(context: ServiceContext, cohort: str, asked: ProposalSide) -> str:
    """Return the open question of one side; raises UnknownCohort, or Refusal where there is none to answer."""
    match = await find_proposal(context, cohort, asked.mentor, asked.mentee)
    return proposal_answers.open_question(match, asked.side)


async def preview_reply(context: ServiceContext, cohort: str, asked: ProposalSide, name: NamePerson = str) -> Preview:
    """Return what answering a question leads to; raises as ``reply`` does."""
    await asked_question(context, cohort, asked)
    change = f"{name(asked.person)} gets your answer. {name(asked.partner)} does not see it."
    email = PreviewedEmail(to=asked.person, kind=EmailKind.QUESTION_ANSWERED, side=Recipient(asked.side))
    return Preview(changes=(change,), emails=(email,))


async def reply(
    context: ServiceContext, actor: Actor, cohort: str, asked: ProposalSide, *, text: str, note: str | None = None
) -> QuestionReply:
    """Answer the question of one side of a proposal by email, and keep the answer.

    The audit event has who and when, and not the answer. Raises UnknownCohort, or Refusal where the pair is not
    proposed any more or that side has no open question.
    """
    await find_proposal(context, cohort, asked.mentor, asked.mentee)
    async with transaction(context.pool) as db:
        replied = await proposal_answers.reply(
            db, cohort, asked.mentor, asked.mentee, asked.side, text=text, now=context.now(cohort)
        )
        await context.audit_in(db, actor, "question_answered", cohort, **asked.model_dump(mode="json"), note=note)
    return replied


async def question_replies(context: ServiceContext, cohort: str) -> tuple[QuestionReply, ...]:
    """Return all answers to questions about the proposals of a cohort, the oldest first."""
    return await proposal_answers.replies(context.pool, cohort)
