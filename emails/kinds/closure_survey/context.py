"""Asks each side how the mentorship went."""

from typing import ClassVar

from emails.kinds._base.participant import ParticipantEmail
from schemas.enums import EmailKind


class ClosureSurveyEmail(ParticipantEmail):
    """Asks each side how the mentorship went."""

    kind: ClassVar[EmailKind] = EmailKind.CLOSURE_SURVEY
