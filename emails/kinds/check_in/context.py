"""Asks about one window of the mentorship; lists the mentee's goals for the mentor (A33)."""

from typing import ClassVar

from pydantic import Field

from domain.safe_text import SafeLine
from emails.guidance import guidance
from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from emails.links import OPPORTUNITIES_PAGE
from schemas.cohort.opportunities import Opportunity
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class CheckInEmail(ParticipantEmail):
    """Asks about one window of the mentorship; lists the mentee's goals for the mentor (A33).

    ``openings`` are what staff draw both sides' attention to, of the kinds that the recipient wants (A16, A40);
    ``openings_url`` is the page where they say so, and which they took up.
    """

    kind: ClassVar[EmailKind] = EmailKind.CHECK_IN
    shows: ClassVar[tuple[str, ...]] = ("number",)
    reads: ClassVar[frozenset[str]] = frozenset({"stuck", "openings"})
    lists_goals: ClassVar[bool] = True

    number: int = Field(ge=1)
    goals: tuple[SafeLine, ...] = ()
    stuck_goals: tuple[SafeLine, ...] = ()
    openings: tuple[Opportunity, ...] = ()
    openings_url: str = ""

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        goals = facts.goals_for_mentor(queued)
        stuck_goals = tuple(goal for number, goal in enumerate(goals, start=1) if number in facts.stuck)
        return {
            "number": facts.first(queued).number,
            "goals": goals,
            "stuck_goals": stuck_goals,
            "openings": facts.openings,
            "openings_url": f"{facts.reminders_url}{OPPORTUNITIES_PAGE}",
            "guidance": (guidance("stuck"),) if stuck_goals else (),
        }
