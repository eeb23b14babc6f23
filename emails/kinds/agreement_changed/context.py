"""Tells one side that the other wrote a new version of the agreement."""

from typing import ClassVar

from emails.kinds._base.participant import ParticipantEmail
from schemas.enums import EmailKind


class AgreementChangedEmail(ParticipantEmail):
    """Tells one side that the other wrote a new version of the agreement."""

    kind: ClassVar[EmailKind] = EmailKind.AGREEMENT_CHANGED
