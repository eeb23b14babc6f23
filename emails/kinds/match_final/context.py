"""Says that a match is final: with whom, and until when the two will be a pair (A23)."""

from datetime import date
from typing import ClassVar

from domain.applications.mentee_answers import told_at_intake
from domain.calendar import local_day
from emails.kinds._base.applicant import ApplicantFacts, MatchEmail, ends_on
from emails.kinds._base.email import Details, Told
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class MatchFinalEmail(MatchEmail):
    """Says that a match is final: with whom, and until when the two will be a pair (A23)."""

    kind: ClassVar[EmailKind] = EmailKind.MATCH_FINAL
    page: ClassVar[str] = "/match"

    intake: Told = ()
    ends_on: date

    @classmethod
    def details(cls, queued: QueuedEmail, facts: ApplicantFacts) -> Details | None:
        # A match that is not final any more when the email leaves is not announced.
        cohort, proposal = facts.applicant.cohort, facts.proposal
        if proposal is None or not proposal.final:
            return None
        # Staff may confirm a match after the kickoff too; no email announces a day that is past.
        begins_on = max(cohort.kickoff_day, local_day(queued.at, cohort.time_zone))
        intake = told_at_intake(proposal.intake)
        return {"partner": proposal.partner, "intake": intake, "by": begins_on, "ends_on": ends_on(cohort)}
