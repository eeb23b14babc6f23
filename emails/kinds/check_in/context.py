"""Asks about one window of the mentorship; lists the mentee's goals for the mentor (A33)."""

from typing import ClassVar

from pydantic import Field, computed_field

from domain.languages import gettext
from domain.safe_text import SafeLine
from emails.guidance import guidance
from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from emails.links import OPPORTUNITIES_PAGE
from schemas.cohort.opportunities import Opportunity
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, WindowStatus
from schemas.translatable import gettext_noop

# What the buttons say, from which the page is opened with that answer chosen.
_SAYS = {
    WindowStatus.MET: gettext_noop("We have met"),
    WindowStatus.PLANNED: gettext_noop("We have a date"),
    WindowStatus.NOT_YET: gettext_noop("We have not met yet"),
}


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

    @computed_field  # type: ignore[prop-decorator]
    @property
    def first_answers(self) -> tuple[tuple[str, str], ...]:
        """Return what the buttons say, and where each leads: to the page with that answer chosen, and not yet saved."""
        return tuple(
            (gettext(words), f"{ask.url}/answer/{status}") for ask in self.asks[:1] for status, words in _SAYS.items()
        )

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
