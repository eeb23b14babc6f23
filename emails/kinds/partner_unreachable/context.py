"""Asks one side to tell the other that our emails do not arrive."""

from datetime import date, timedelta
from typing import ClassVar

from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind

ASK_YOUR_PARTNER_WITHIN = timedelta(days=7)


class PartnerUnreachableEmail(ParticipantEmail):
    """Asks one side to tell the other that our emails do not arrive."""

    kind: ClassVar[EmailKind] = EmailKind.PARTNER_UNREACHABLE
    shows: ClassVar[tuple[str, ...]] = ("by",)

    by: date

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        return {"by": facts.written_on(queued) + ASK_YOUR_PARTNER_WITHIN}
