"""Offers the mentee to send words of thanks (A39): after a first meeting, or ``closing`` the mentorship."""

from typing import ClassVar

from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class ThanksEmail(ParticipantEmail):
    """Offers the mentee to send words of thanks (A39): after a first meeting, or ``closing`` the mentorship."""

    kind: ClassVar[EmailKind] = EmailKind.THANKS

    closing: bool = False

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        return {"closing": facts.first(queued).number > 1}
