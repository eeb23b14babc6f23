"""Samples of the kickoff changed email."""

from emails.kinds.kickoff_changed.context import KickoffChangedEmail
from emails.samples import SampleCast
from schemas.enums import RsvpStatus


def samples(cast: SampleCast) -> dict[str, KickoffChangedEmail]:
    """Return the emails by what they are."""
    return {
        **{
            f"kickoff changed, {status}": KickoffChangedEmail(
                **cast.to_mentor_before, by=cast.day(-4), rsvp_status=status
            )
            for status in (*RsvpStatus, None)
        },
        "kickoff changed, to a mentee": KickoffChangedEmail(**cast.to_mentee_before, by=cast.day(-4)),
    }
