"""Asks once a year where somebody took part in the association, and shows what is open there (A40)."""

from typing import ClassVar

from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from emails.links import OPPORTUNITIES_PAGE
from schemas.cohort.opportunities import Opportunity
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class InvolvementEmail(ParticipantEmail):
    """Asks once a year where somebody took part in the association, and shows what is open there (A40)."""

    kind: ClassVar[EmailKind] = EmailKind.INVOLVEMENT
    reads: ClassVar[frozenset[str]] = frozenset({"openings"})

    openings: tuple[Opportunity, ...] = ()
    openings_url: str = ""

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        return {
            "openings": tuple(opening for opening in facts.openings if opening.area == "involvement"),
            "openings_url": f"{facts.reminders_url}{OPPORTUNITIES_PAGE}",
        }
