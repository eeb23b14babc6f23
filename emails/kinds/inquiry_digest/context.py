"""Brings staff the questions above the limit of emails, all in one (A42)."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from pydantic import Field

from domain.calendar import local_day
from domain.safe_text import SafeLine, text_lines
from emails.kinds._base.email import EmailContext
from emails.kinds.inquiry.context import ANSWER_INQUIRIES_WITHIN
from schemas.applications.applicant import Inquiry
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind


class InquiryInDigest(FrozenModel):
    """One question, line by line, and who asked it."""

    name: SafeLine = ""
    email: str
    lines: tuple[SafeLine, ...] = Field(min_length=1)


class InquiryDigestEmail(EmailContext):
    """Brings staff the questions above the limit of emails, each whole and with its address (A42)."""

    kind: ClassVar[EmailKind] = EmailKind.INQUIRY_DIGEST

    inquiries: tuple[InquiryInDigest, ...] = Field(min_length=1)
    by: date


def inquiry_digest(queued: QueuedEmail, cohort: CohortSettings, inquiries: Sequence[Inquiry]) -> InquiryDigestEmail:
    """Return all that the email needs to know."""
    asked_on = local_day(queued.at, cohort.time_zone)
    return InquiryDigestEmail(
        cohort=cohort,
        written_on=asked_on,
        inquiries=tuple(
            InquiryInDigest(name=inquiry.name, email=inquiry.email, lines=text_lines(inquiry.text))
            for inquiry in inquiries
        ),
        by=asked_on + ANSWER_INQUIRIES_WITHIN,
    )
