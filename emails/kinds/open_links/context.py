"""Brings somebody who lost their links all that are open to them."""

from typing import ClassVar

from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class OpenLinksEmail(ParticipantEmail):
    """Brings somebody who lost their links all that are open to them; without ``asks`` none is."""

    kind: ClassVar[EmailKind] = EmailKind.OPEN_LINKS

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        # The pages have their own words: what goes with them was in the emails that asked for them.
        return {"guidance": (), "beside": (), "meeting_beside": None, "openings_beside": ()}
