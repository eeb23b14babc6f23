"""Proposes a match: who the partner is, why, and until when the two would be a pair (A23)."""

from datetime import date
from typing import ClassVar

from domain.applications.mentee_answers import told_at_intake
from domain.calendar import local_day
from domain.safe_text import SafeLine
from emails.kinds._base.applicant import SECOND, ApplicantFacts, MatchEmail, ends_on
from emails.kinds._base.email import Details, Told
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind
from schemas.ids import occurrence_of


class ProposalEmail(MatchEmail):
    """Proposes a match: who the partner is, why, and until when the two would be a pair (A23)."""

    kind: ClassVar[EmailKind] = EmailKind.PROPOSAL
    page: ClassVar[str] = "/match"
    takes_minutes: ClassVar[int] = 5

    intake: Told = ()
    shared: tuple[SafeLine, ...] = ()
    ends_on: date

    @classmethod
    def details(cls, queued: QueuedEmail, facts: ApplicantFacts) -> Details | None:
        # A proposal answered meanwhile is not reminded of, and a withdrawn one is not announced.
        applicant, proposal = facts.applicant, facts.proposal
        if proposal is None or proposal.final or (proposal.mine and occurrence_of(queued.key)):
            return None
        return {
            "partner": proposal.partner,
            "intake": told_at_intake(proposal.intake),
            "shared": proposal.shared,
            "by": local_day(proposal.answer_by - SECOND, applicant.cohort.time_zone),
            "ends_on": ends_on(applicant.cohort),
        }
