"""Samples of the follow up email."""

from emails.kinds.follow_up.context import FollowUpEmail
from emails.samples import SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, FollowUpEmail]:
    """Return the emails by what they are."""
    return {
        "follow-up to the mentee": FollowUpEmail(
            **cast.to_mentee, over=True, asks=(cast.ask(MilestoneKind.FOLLOW_UP, 672),), may_mentor_from=2021
        ),
        "follow-up reminder to the mentor": FollowUpEmail(
            **cast.to_mentor, over=True, asks=(cast.ask(MilestoneKind.FOLLOW_UP, 672),), occurrence=1
        ),
    }
