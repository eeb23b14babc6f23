"""Samples of the self assessment email."""

from emails.kinds.self_assessment.context import SelfAssessmentEmail
from emails.samples import SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, SelfAssessmentEmail]:
    """Return the emails by what they are."""
    return {
        **{
            f"self-assessment {number}": SelfAssessmentEmail(
                **cast.to_mentee, asks=(cast.ask(MilestoneKind.SELF_ASSESSMENT, 42),), number=number, occurrence=1
            )
            for number in (1, 2, 3)
        },
        "self-assessment of the mentor": SelfAssessmentEmail(
            **cast.to_mentor, asks=(cast.ask(MilestoneKind.SELF_ASSESSMENT, 42),), number=1
        ),
    }
