"""Brings somebody who lost their links the one to their own page."""

from typing import ClassVar

from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class OpenLinksEmail(ParticipantEmail):
    """Brings somebody who lost their links the one to their own page, where all their mentorships are."""

    kind: ClassVar[EmailKind] = EmailKind.OPEN_LINKS

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        # Without the mentorship: who has several chooses there.
        return {"page_url": facts.page_url.rpartition("/")[0]}
