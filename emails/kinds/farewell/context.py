"""Says thank you at the end, whatever it was like, and leads to the certificate."""

from datetime import date
from typing import ClassVar

from domain.calendar import months_after
from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, MilestoneKind, Outcome


class FarewellEmail(ParticipantEmail):
    """Says thank you at the end, whatever it was like, and leads to the certificate; the first ask is its page.

    ``follow_ups`` are the days from which the program asks once more; ``calls_off`` says that calendar files come with
    it, because the pair had agreed to meet later; ``replaced`` that another mentor has taken over.
    """

    kind: ClassVar[EmailKind] = EmailKind.FAREWELL
    reads: ClassVar[frozenset[str]] = frozenset({"outcome", "coming", "replaced"})

    outcome: Outcome
    follow_ups: tuple[date, ...] = ()
    calls_off: bool = False
    replaced: bool = False

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        # The outcome may not be recorded yet; until then the dates tell an early end from a whole mentorship.
        cohort = facts.pair.cohort
        whole = facts.pair.ends_on >= months_after(cohort.kickoff_day, cohort.timeline.months)
        follow_ups = tuple(due.opens_on for due in facts.coming if due.kind is MilestoneKind.FOLLOW_UP)
        return {
            "outcome": facts.outcome or (Outcome.COMPLETED if whole else Outcome.ENDED_EARLY),
            "follow_ups": follow_ups,
            "calls_off": bool(facts.dates_after(queued)),
            "replaced": facts.replaced,
        }
