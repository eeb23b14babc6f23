"""Brings somebody the answer of staff to what they asked about a proposed match (A23)."""

from typing import ClassVar

from pydantic import Field

from domain.calendar import local_day
from domain.safe_text import SafeLine, text_lines
from emails.kinds._base.applicant import SECOND, ApplicantFacts, MatchEmail
from emails.kinds._base.email import Details
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class QuestionAnsweredEmail(MatchEmail):
    """Brings somebody the answer of staff to what they asked about a proposed match (A23).

    ``is_open`` says that they have not decided about the match yet.
    """

    kind: ClassVar[EmailKind] = EmailKind.QUESTION_ANSWERED
    page: ClassVar[str] = "/match"

    question: tuple[SafeLine, ...]
    answer: tuple[SafeLine, ...] = Field(min_length=1)
    is_open: bool = True

    @classmethod
    def details(cls, queued: QueuedEmail, facts: ApplicantFacts) -> Details | None:
        proposal, reply = facts.proposal, facts.reply
        if proposal is None or reply is None:
            return None
        return {
            "partner": proposal.partner,
            "question": text_lines(reply.question),
            "answer": text_lines(reply.text),
            "is_open": facts.undecided,
            "by": local_day(proposal.answer_by - SECOND, facts.applicant.cohort.time_zone),
        }
