"""Samples of the check in email."""

from emails.guidance import guidance
from emails.kinds.check_in.context import CheckInEmail
from emails.samples import GOALS, SITE, TOKEN, SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, CheckInEmail]:
    """Return the emails by what they are."""
    return {
        "check-in to the mentor with stuck goals": CheckInEmail(
            **cast.to_mentor,
            asks=(cast.ask(MilestoneKind.CHECK_IN, 184),),
            number=2,
            goals=GOALS,
            stuck_goals=GOALS[1:],
            openings=cast.openings,
            openings_url=f"{SITE}/u/{TOKEN}/opportunities",
            guidance=(guidance("stuck"),),
        ),
        "check-in to the mentee with goals beside it": CheckInEmail(
            **cast.to_mentee,
            asks=(cast.ask(MilestoneKind.CHECK_IN, 184), cast.ask(MilestoneKind.GOAL_CHECK_IN, 184)),
            number=2,
        ),
        "check-in reminder": CheckInEmail(
            **cast.to_mentee, asks=(cast.ask(MilestoneKind.CHECK_IN, 184),), number=2, occurrence=2
        ),
    }
