"""Asks both whether their agreement still fits, and for feedback in both directions (A36)."""

from typing import Any, ClassVar

from emails.kinds._base.participant import ParticipantEmail
from schemas.enums import EmailKind


class AgreementReviewEmail(ParticipantEmail):
    """Asks both whether their agreement still fits, and for feedback in both directions (A36)."""

    kind: ClassVar[EmailKind] = EmailKind.AGREEMENT_REVIEW

    def placeholders(self) -> dict[str, Any]:
        return super().placeholders() | {"review-months": self.cohort.timeline.agreement_review_every_months}
