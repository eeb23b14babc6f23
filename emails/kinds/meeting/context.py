"""Comes before a meeting: the goals for the mentor (A33), one question to prepare for the mentee (A37)."""

from datetime import date
from typing import ClassVar

from domain.safe_text import SafeLine
from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from emails.links import TOPICS_PAGE
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Side


class MeetingEmail(ParticipantEmail):
    """Comes before a meeting: the goals for the mentor (A33), one question to prepare for the mentee (A37).

    ``meeting_on`` is the agreed day, or about the day where a rhythm was agreed. ``guidance`` holds the topic that is
    suggested (A24), unless the pair wants none (A29), followed by how to prepare; ``topics_url`` is where they choose.
    ``agreed_at`` is the moment in words where the pair agreed on it and it is ahead, ``after`` says that it is not, and
    ``find_url`` is where they find a date.
    """

    kind: ClassVar[EmailKind] = EmailKind.MEETING
    shows: ClassVar[tuple[str, ...]] = ("meeting_on", "agreed_at")
    lists_goals: ClassVar[bool] = True

    meeting_on: date
    agreed_at: str | None = None
    place: SafeLine = ""
    question: SafeLine = ""
    after: bool = False
    find_url: str
    goals: tuple[SafeLine, ...] = ()
    topics_url: str

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        due = facts.first(queued)
        meeting_on, agreed, today = facts.meeting_day(due), facts.agreed(due), facts.written_on(queued)
        after = agreed is not None and today > meeting_on
        ahead = None if after else agreed
        shown: Details = {
            "meeting_on": meeting_on,
            "agreed_at": facts.moment_for(ahead.starts_at, Side(queued.to), today) if ahead else None,
            "place": ahead.place if ahead else "",
            "question": ahead.question if ahead else "",
            "after": after,
            "find_url": facts.find_date_url,
            "goals": facts.goals_for_mentor(queued),
            "topics_url": f"{facts.reminders_url}{TOPICS_PAGE}",
        }
        # How to prepare is of no use the day after.
        return shown | ({"guidance": ()} if after else {})
