"""Samples of the meeting cancelled email."""

from emails.kinds.meeting_cancelled.context import MeetingCancelledEmail
from emails.samples import SITE, TOKEN, SampleCast


def samples(cast: SampleCast) -> dict[str, MeetingCancelledEmail]:
    """Return the emails by what they are."""
    shared = {
        "when": cast.moment(48, 10),
        "find_url": f"{SITE}/m/{TOKEN}/mile-2019-007/meetings/find",
    }
    return {
        "meeting called off, to the mentor": MeetingCancelledEmail(**cast.to_mentor, **shared, by_partner=True),
        "meeting called off, to the mentee": MeetingCancelledEmail(**cast.to_mentee, **shared, by_partner=False),
    }
