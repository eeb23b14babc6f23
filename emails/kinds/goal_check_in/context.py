"""Asks the mentee how each goal is going."""

from typing import ClassVar

from domain.safe_text import SafeLine
from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class GoalCheckInEmail(ParticipantEmail):
    """Asks the mentee how each goal is going."""

    kind: ClassVar[EmailKind] = EmailKind.GOAL_CHECK_IN

    goals: tuple[SafeLine, ...] = ()

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        return {"goals": facts.pair.goals}
