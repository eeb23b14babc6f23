"""Samples of the kickoff email."""

from emails.kinds.kickoff.context import KickoffEmail
from emails.samples import SampleCast
from schemas.enums import RsvpStatus


def samples(cast: SampleCast) -> dict[str, KickoffEmail]:
    """Return the emails by what they are."""
    return {
        "kickoff to the mentor": KickoffEmail(**cast.to_mentor_before, by=cast.day(-4), minutes=2),
        "kickoff reminder to the mentee": KickoffEmail(
            **cast.to_mentee_before, by=cast.day(138), minutes=2, occurrence=1, rsvp_status=RsvpStatus.UNSURE
        ),
    }
