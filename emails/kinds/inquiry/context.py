"""Brings staff a question somebody asked before applying (A42)."""

from datetime import date, timedelta
from typing import ClassVar

from pydantic import Field

from domain.calendar import local_day
from domain.safe_text import SafeLine, text_lines
from emails.kinds._base.email import EmailContext
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind

ANSWER_INQUIRIES_WITHIN = timedelta(days=7)


class InquiryEmail(EmailContext):
    """Brings staff a question somebody asked before applying, line by line (A42)."""

    kind: ClassVar[EmailKind] = EmailKind.INQUIRY

    name: SafeLine = ""
    email: str
    lines: tuple[SafeLine, ...] = Field(min_length=1)
    received_on: date
    by: date


def inquiry_email(queued: QueuedEmail, cohort: CohortSettings, *, name: str, email: str, text: str) -> InquiryEmail:
    """Return the email that brings staff a question; a plain reply to it reaches whoever asked."""
    received_on = local_day(queued.at, cohort.time_zone)
    return InquiryEmail(
        cohort=cohort,
        written_on=received_on,
        name=name,
        email=email,
        lines=text_lines(text),
        received_on=received_on,
        by=received_on + ANSWER_INQUIRIES_WITHIN,
    )
