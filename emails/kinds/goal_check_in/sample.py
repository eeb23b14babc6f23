"""Samples of the goal check in email."""

from emails.kinds.goal_check_in.context import GoalCheckInEmail
from emails.samples import GOALS, SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, GoalCheckInEmail]:
    """Return the emails by what they are."""
    return {
        "goal check-in": GoalCheckInEmail(
            **cast.to_mentee, asks=(cast.ask(MilestoneKind.GOAL_CHECK_IN, 184),), goals=GOALS
        ),
        "goal check-in reminder": GoalCheckInEmail(
            **cast.to_mentee, asks=(cast.ask(MilestoneKind.GOAL_CHECK_IN, 184),), goals=GOALS, occurrence=1
        ),
    }
