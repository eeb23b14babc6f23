"""Samples of the intake email."""

from emails.kinds.intake.context import IntakeEmail
from emails.samples import SampleCast


def samples(cast: SampleCast) -> dict[str, IntakeEmail]:
    """Return the emails by what they are."""
    return {
        "intake": IntakeEmail(
            **cast.to_mentee_before, by=cast.day(-71), minutes=15, gaps=("goals", "challenges", "hopes")
        ),
        "intake reminder": IntakeEmail(
            **cast.to_mentee_before, by=cast.day(-1), minutes=15, gaps=("hopes",), occurrence=2
        ),
    }
