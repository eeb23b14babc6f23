"""Says that staff, or the applicant, changed the status of an application."""

from typing import ClassVar

from emails.kinds._base.applicant import ApplicantEmail, ApplicantFacts
from emails.kinds._base.email import Details
from schemas.emails.messages import QueuedEmail
from schemas.enums import ApplicationStatus, EmailKind
from schemas.ids import MATCH_IS_OFF, subject_of


class StatusChangedEmail(ApplicantEmail):
    """Says that staff, or the applicant, changed the status of an application.

    ``published`` says that the matches are made; ``match_is_off`` that the status is as before, and the match that was
    proposed does not come about; ``calls_off`` that calendar files come with it, because an invitation to the kickoff
    went out before.
    """

    kind: ClassVar[EmailKind] = EmailKind.STATUS_CHANGED
    to_withdrawn: ClassVar[bool] = True

    status: ApplicationStatus
    published: bool = False
    match_is_off: bool = False
    calls_off: bool = False

    @classmethod
    def details(cls, queued: QueuedEmail, facts: ApplicantFacts) -> Details | None:
        applicant = facts.applicant
        if applicant.status is None:
            return None
        return {
            "status": applicant.status,
            "published": applicant.published,
            "by": applicant.cohort.kickoff_day,
            "match_is_off": subject_of(queued.key).startswith(MATCH_IS_OFF),
        }
