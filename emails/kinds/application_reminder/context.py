"""Reminds of an application that was begun and not submitted."""

from typing import ClassVar

from emails.kinds._base.applicant import ApplicantEmail, ApplicantFacts, apply_by, is_open
from emails.kinds._base.email import Details
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class ApplicationReminderEmail(ApplicantEmail):
    """Reminds of an application that was begun and not submitted."""

    kind: ClassVar[EmailKind] = EmailKind.APPLICATION_REMINDER
    takes_minutes: ClassVar[int] = 15

    @classmethod
    def details(cls, queued: QueuedEmail, facts: ApplicantFacts) -> Details | None:
        cohort = facts.applicant.cohort
        if facts.applicant.status is not None or not is_open(cohort, queued):
            return None
        return {"by": apply_by(cohort)}
