"""Samples of the agreement review email."""

from emails.guidance import guidance
from emails.kinds.agreement_review.context import AgreementReviewEmail
from emails.samples import SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, AgreementReviewEmail]:
    """Return the emails by what they are."""
    return {
        "agreement review": AgreementReviewEmail(
            **cast.to_mentor, asks=(cast.ask(MilestoneKind.AGREEMENT_REVIEW, 184),), guidance=(guidance("feedback"),)
        ),
        "agreement review to the mentee": AgreementReviewEmail(
            **cast.to_mentee, asks=(cast.ask(MilestoneKind.AGREEMENT_REVIEW, 184),), guidance=(guidance("feedback"),)
        ),
    }
