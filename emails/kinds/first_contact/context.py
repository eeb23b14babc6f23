"""Reminds of the mentor's first task."""

from typing import ClassVar

from emails.kinds._base.participant import ParticipantEmail
from schemas.enums import EmailKind


class FirstContactEmail(ParticipantEmail):
    """Reminds of the mentor's first task."""

    kind: ClassVar[EmailKind] = EmailKind.FIRST_CONTACT
