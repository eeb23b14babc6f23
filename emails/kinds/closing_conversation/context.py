"""Invites both to a last conversation, and says how it can go well."""

from typing import ClassVar

from emails.kinds._base.participant import ParticipantEmail
from schemas.enums import EmailKind


class ClosingConversationEmail(ParticipantEmail):
    """Invites both to a last conversation, and says how it can go well."""

    kind: ClassVar[EmailKind] = EmailKind.CLOSING_CONVERSATION
