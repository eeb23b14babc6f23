"""Tells both when they meet, with an invitation for their calendars; sent again when the meeting is changed.

It has all that an email before a meeting says, and for a date that is near none other comes before it.
"""

from typing import ClassVar

from domain.safe_text import SafeLine
from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from emails.links import TOPICS_PAGE
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Side


class MeetingAgreedEmail(ParticipantEmail):
    """Tells both ``when`` they meet, and for how long; ``place`` and the mentee's ``question`` may be empty.

    ``changed`` says that they knew of the meeting, as it was before; else ``guidance`` has its topic (A24) and how to
    prepare. The mentor reads the ``goals`` (A33), and a mentee who has named no question is asked for one (A37), on the
    page ``change_url``. ``topics_url`` is where they choose other topics.
    """

    kind: ClassVar[EmailKind] = EmailKind.MEETING_AGREED
    reads: ClassVar[frozenset[str]] = frozenset({"meeting_date"})
    shows: ClassVar[tuple[str, ...]] = ("when", "minutes")
    lists_goals: ClassVar[bool] = True

    when: str
    minutes: int
    place: SafeLine = ""
    question: SafeLine = ""
    goals: tuple[SafeLine, ...] = ()
    changed: bool = False
    change_url: str
    topics_url: str

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        date = facts.known_date(queued)
        return {
            "when": facts.moment_for(date.starts_at, Side(queued.to), facts.written_on(queued)),
            "minutes": date.minutes,
            "place": date.place,
            "question": date.question,
            "goals": facts.goals_for_mentor(queued),
            "changed": date.changed,
            "change_url": f"{facts.page_url}/meetings/{date.milestone_id}/change",
            "topics_url": f"{facts.reminders_url}{TOPICS_PAGE}",
        }
