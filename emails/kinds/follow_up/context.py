"""Asks how it turned out, months after the end; invites former mentees to mentor one day (A18)."""

from typing import ClassVar

from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient


class FollowUpEmail(ParticipantEmail):
    """Asks how it turned out, months after the end; invites former mentees to mentor one day (A18)."""

    kind: ClassVar[EmailKind] = EmailKind.FOLLOW_UP
    shows: ClassVar[tuple[str, ...]] = ("may_mentor_from",)

    may_mentor_from: int | None = None

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        # A former mentee may mentor from the next class on, or later where the cohort has them sit out (A18).
        cohort = facts.pair.cohort
        from_year = cohort.kickoff_day.year + max(cohort.eligibility.sit_out_years, 1)
        return {"may_mentor_from": from_year if queued.to is Recipient.MENTEE else None}
