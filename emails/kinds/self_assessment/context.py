"""Asks each side how they see themselves: the same questions at the start, halfway and at the end (A13, A15)."""

from typing import ClassVar

from pydantic import Field

from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class SelfAssessmentEmail(ParticipantEmail):
    """Asks each side how they see themselves: the same questions at the start, halfway and at the end (A13, A15)."""

    kind: ClassVar[EmailKind] = EmailKind.SELF_ASSESSMENT

    number: int = Field(ge=1)

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        return {"number": facts.first(queued).number}
