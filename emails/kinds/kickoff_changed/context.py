"""Says that the kickoff is elsewhere, or at another time."""

from typing import ClassVar

from emails.kinds._base.applicant import ApplicantEmail, ApplicantFacts
from emails.kinds._base.email import Details
from emails.kinds.kickoff.context import rsvp_by, rsvp_status_of
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, RsvpStatus


class KickoffChangedEmail(ApplicantEmail):
    """Says that the kickoff is elsewhere, or at another time."""

    kind: ClassVar[EmailKind] = EmailKind.KICKOFF_CHANGED
    page: ClassVar[str] = "/kickoff"

    rsvp_status: RsvpStatus | None = None

    @classmethod
    def details(cls, queued: QueuedEmail, facts: ApplicantFacts) -> Details | None:
        return {"rsvp_status": rsvp_status_of(facts), "by": rsvp_by(queued, facts.applicant.cohort)}
