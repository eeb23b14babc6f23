"""Samples of the meeting proposed email."""

from emails.kinds.meeting_proposed.context import MeetingProposedEmail
from emails.samples import MENTOR, SITE, TOKEN, SampleCast


def samples(cast: SampleCast) -> dict[str, MeetingProposedEmail]:
    """Return the emails by what they are."""
    in_phoenix = MENTOR.model_copy(update={"time_zone": "America/Phoenix"})
    shared = {
        "times": (cast.moment(46, 15), cast.moment(48, 10, partner=in_phoenix)),
        "minutes": 45,
        "url": f"{SITE}/m/{TOKEN}/mile-2019-007/meetings/choose",
    }
    return {
        "times to the mentor": MeetingProposedEmail(**cast.to_mentor, **shared, place="The café <at> the library"),
        "times to the mentee": MeetingProposedEmail(**cast.to_mentee, **shared),
        "reminder of times": MeetingProposedEmail(**cast.to_mentee, **shared, occurrence=1),
        "times to move a meeting": MeetingProposedEmail(**cast.to_mentor, **shared, moves=True),
    }
