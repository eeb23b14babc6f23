"""Asks both to write down what they want to reach, and how (A26, A27, A30)."""

from typing import ClassVar

from domain.safe_text import SafeLine
from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class AgreementEmail(ParticipantEmail):
    """Asks both to write down what they want to reach, and how (A26, A27, A30)."""

    kind: ClassVar[EmailKind] = EmailKind.AGREEMENT
    lists_goals: ClassVar[bool] = True

    goals: tuple[SafeLine, ...] = ()

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        return {"goals": facts.pair.goals}
