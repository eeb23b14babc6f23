"""Samples of the match final email."""

from emails.kinds.match_final.context import MatchFinalEmail
from emails.samples import MENTEE, MENTOR, SampleCast


def samples(cast: SampleCast) -> dict[str, MatchFinalEmail]:
    """Return the emails by what they are."""
    return {
        "final match to the mentor": MatchFinalEmail(
            **cast.to_mentor_before,
            by=cast.cohort.kickoff_day,
            partner=MENTEE,
            intake=cast.intake,
            ends_on=cast.ends_on,
        ),
        "final match to the mentee": MatchFinalEmail(
            **cast.to_mentee_before, by=cast.cohort.kickoff_day, partner=MENTOR, ends_on=cast.ends_on
        ),
    }
