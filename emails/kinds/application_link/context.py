"""Brings an applicant their personal link; ``open`` says that the application may still be submitted in time."""

from typing import ClassVar

from domain.calendar import local_day
from domain.links import personal_links_end_on
from emails.kinds._base.applicant import ApplicantEmail, ApplicantFacts, apply_by, is_open
from emails.kinds._base.email import Details
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class ApplicationLinkEmail(ApplicantEmail):
    """Brings an applicant their personal link; ``open`` says that the application may still be submitted in time."""

    kind: ClassVar[EmailKind] = EmailKind.APPLICATION_LINK
    takes_minutes: ClassVar[int] = 20
    to_withdrawn: ClassVar[bool] = True

    submitted: bool = False
    open: bool = True

    @classmethod
    def details(cls, queued: QueuedEmail, facts: ApplicantFacts) -> Details | None:
        cohort, submitted = facts.applicant.cohort, facts.applicant.status is not None
        if local_day(queued.at, cohort.time_zone) > personal_links_end_on(cohort):
            return None
        in_time = is_open(cohort, queued)
        return {
            "submitted": submitted,
            "open": in_time,
            "by": cohort.kickoff_day if submitted else apply_by(cohort),
            **({"minutes": 1} if submitted or not in_time else {}),
        }
