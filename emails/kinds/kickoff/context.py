"""Invites to the half-day session, or reminds of it; coming is never a condition (A20)."""

from datetime import date, timedelta
from typing import Any, ClassVar

from domain.calendar import local_day
from emails.kinds._base.applicant import ApplicantEmail, ApplicantFacts
from emails.kinds._base.email import Details
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, RsvpStatus
from schemas.ids import occurrence_of

RSVP_BEFORE = timedelta(days=2)


class KickoffEmail(ApplicantEmail):
    """Invites to the half-day session, or reminds of it; coming is never a condition (A20)."""

    kind: ClassVar[EmailKind] = EmailKind.KICKOFF
    page: ClassVar[str] = "/kickoff"
    takes_minutes: ClassVar[int] = 2

    rsvp_status: RsvpStatus | None = None

    def placeholders(self) -> dict[str, Any]:
        session = self.cohort.session
        return super().placeholders() | ({"session": session.title} if session else {})

    @classmethod
    def details(cls, queued: QueuedEmail, facts: ApplicantFacts) -> Details | None:
        status = rsvp_status_of(facts)
        answered = status is not None and status is not RsvpStatus.UNSURE
        if facts.applicant.cohort.session is None or (occurrence_of(queued.key) and answered):
            return None
        return {"rsvp_status": status, "by": rsvp_by(queued, facts.applicant.cohort)}


def rsvp_status_of(facts: ApplicantFacts) -> RsvpStatus | None:
    """Return what somebody said so far about coming."""
    return facts.applicant.rsvp.status if facts.applicant.rsvp else None


def rsvp_by(queued: QueuedEmail, cohort: CohortSettings) -> date:
    """Return two days before the first half day, or the day of the email where that is past."""
    days = [half.day for half in cohort.session.half_days] if cohort.session else [cohort.kickoff_day]
    return max(min(days) - RSVP_BEFORE, local_day(queued.at, cohort.time_zone))
