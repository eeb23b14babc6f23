"""Tells both that a meeting is called off, also in their calendars."""

from typing import ClassVar

from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Side


class MeetingCancelledEmail(ParticipantEmail):
    """Tells both that the meeting that was to be ``when`` is called off; ``by_partner`` says that their partner did it.

    At ``find_url`` they find another date.
    """

    kind: ClassVar[EmailKind] = EmailKind.MEETING_CANCELLED
    reads: ClassVar[frozenset[str]] = frozenset({"meeting_date"})
    shows: ClassVar[tuple[str, ...]] = ("when",)

    when: str
    by_partner: bool
    find_url: str

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        date = facts.known_date(queued)
        return {
            "when": facts.moment_for(date.starts_at, Side(queued.to), facts.written_on(queued)),
            "by_partner": date.side is not Side(queued.to),
            "find_url": facts.find_date_url,
        }
