"""Brings the mentor the mentee's own words, line by line as they were written (A39)."""

from typing import ClassVar

from pydantic import Field

from domain.safe_text import SafeLine, text_lines
from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class GratitudeEmail(ParticipantEmail):
    """Brings the mentor the mentee's own words, line by line as they were written (A39)."""

    kind: ClassVar[EmailKind] = EmailKind.GRATITUDE
    reads: ClassVar[frozenset[str]] = frozenset({"thanks"})

    lines: tuple[SafeLine, ...] = Field(min_length=1)

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        return {"lines": text_lines(facts.thanks)}
