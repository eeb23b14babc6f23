"""Confirms that reminders are paused, with the way back: a mail program may have done it by one click."""

from datetime import date
from typing import ClassVar

from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class RemindersPausedEmail(ParticipantEmail):
    """Confirms that somebody's reminders are paused; ``url`` is the page that takes it back.

    ``come_again_on`` is the day from which they come again by themselves, if there is one.
    """

    kind: ClassVar[EmailKind] = EmailKind.REMINDERS_PAUSED

    url: str
    come_again_on: date | None = None

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        return {"url": facts.reminders_url, "come_again_on": facts.reminders_from}
