"""Confirms an application and says its status; ``why`` is the requirement it does not meet, if any."""

from typing import ClassVar

from domain.safe_text import SafeLine
from emails.kinds._base.applicant import ApplicantEmail, ApplicantFacts
from emails.kinds._base.email import Details
from schemas.emails.messages import QueuedEmail
from schemas.enums import ApplicationStatus, EmailKind


class ApplicationReceivedEmail(ApplicantEmail):
    """Confirms an application and says its status; ``why`` is the requirement it does not meet, if any.

    ``published`` says that the matches are made.
    """

    kind: ClassVar[EmailKind] = EmailKind.APPLICATION_RECEIVED

    status: ApplicationStatus
    published: bool = False
    why: SafeLine = ""

    @classmethod
    def details(cls, queued: QueuedEmail, facts: ApplicantFacts) -> Details | None:
        applicant = facts.applicant
        if applicant.status is None:
            return None
        return {
            "status": applicant.status,
            "published": applicant.published,
            "why": applicant.why or "",
            "by": applicant.cohort.kickoff_day,
        }
