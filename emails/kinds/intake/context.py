"""Asks a mentee for what their intake lacks: goals, challenges, or what they hope for (A35)."""

from typing import ClassVar

from pydantic import Field

from emails.kinds._base.applicant import DAY, ApplicantEmail, ApplicantFacts, apply_by, is_open
from emails.kinds._base.email import Details
from schemas.applications.people import IntakeAnswer
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class IntakeEmail(ApplicantEmail):
    """Asks a mentee for what their intake lacks: goals, challenges, or what they hope for (A35)."""

    kind: ClassVar[EmailKind] = EmailKind.INTAKE
    takes_minutes: ClassVar[int] = 15

    gaps: tuple[IntakeAnswer, ...] = Field(min_length=1)

    @classmethod
    def details(cls, queued: QueuedEmail, facts: ApplicantFacts) -> Details | None:
        if not facts.gaps:
            return None
        cohort = facts.applicant.cohort
        return {"gaps": facts.gaps, "by": apply_by(cohort) if is_open(cohort, queued) else cohort.kickoff_day - DAY}
