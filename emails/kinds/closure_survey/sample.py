"""Samples of the closure survey email."""

from emails.kinds.closure_survey.context import ClosureSurveyEmail
from emails.samples import SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, ClosureSurveyEmail]:
    """Return the emails by what they are."""
    return {
        "closure survey with the last check-in beside it": ClosureSurveyEmail(
            **cast.to_mentor, asks=(cast.ask(MilestoneKind.CLOSURE_SURVEY, 571), cast.ask(MilestoneKind.CHECK_IN, 549))
        ),
        "closure survey reminder": ClosureSurveyEmail(
            **cast.to_mentee, over=True, asks=(cast.ask(MilestoneKind.CLOSURE_SURVEY, 571),), occurrence=2
        ),
    }
