"""Comes before a meeting: the goals for the mentor (A33), one question to prepare for the mentee (A37)."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from domain.safe_text import SafeLine
from emails.guidance import Guidance
from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from emails.links import TOPICS_PAGE
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class MeetingEmail(ParticipantEmail):
    """Comes before a meeting: the goals for the mentor (A33), one question to prepare for the mentee (A37).

    ``meeting_on`` is the agreed day, or about the day where a rhythm was agreed. ``guidance`` holds the topic that is
    suggested (A24), unless the pair wants none (A29), followed by how to prepare; ``topics_url`` is where they choose.
    """

    kind: ClassVar[EmailKind] = EmailKind.MEETING
    shows: ClassVar[tuple[str, ...]] = ("meeting_on",)
    lists_goals: ClassVar[bool] = True

    meeting_on: date
    goals: tuple[SafeLine, ...] = ()
    guidance: tuple[Guidance, ...] = Field(min_length=1)
    topics_url: str

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        meeting_on = facts.meeting_day(facts.first(queued))
        return {
            "meeting_on": meeting_on,
            "goals": facts.goals_for_mentor(queued),
            "topics_url": f"{facts.reminders_url}{TOPICS_PAGE}",
        }
