"""The partner's card, who does what next, and the exact end."""

from datetime import date
from typing import ClassVar

from domain.applications.mentee_answers import told_at_intake
from emails.kinds._base.email import Details, Told
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, MilestoneKind, Recipient


class WelcomeEmail(ParticipantEmail):
    """The partner's card, who does what next, and the exact end.

    ``contact_by`` closes the mentor's first task; ``agreement_on`` is the day from which the agreement is asked for.
    """

    kind: ClassVar[EmailKind] = EmailKind.WELCOME
    shows: ClassVar[tuple[str, ...]] = ("contact_by",)

    intake: Told = ()
    contact_by: date
    agreement_on: date | None = None

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        agreement = facts.due.get(MilestoneKind.AGREEMENT)
        return {
            "intake": told_at_intake(facts.pair.intake) if queued.to is Recipient.MENTOR else (),
            "contact_by": facts.due[MilestoneKind.FIRST_CONTACT].closes_on,
            "agreement_on": agreement.opens_on if agreement else None,
        }
