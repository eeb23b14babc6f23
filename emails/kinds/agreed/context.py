"""Tells both that their agreement is final; the link shows its text."""

from datetime import date
from typing import ClassVar

from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class AgreedEmail(ParticipantEmail):
    """Tells both that their agreement is final; the link shows its text."""

    kind: ClassVar[EmailKind] = EmailKind.AGREED

    agreed_on: date

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        return {"agreed_on": facts.written_on(queued)}
