"""Samples of the meeting email."""

from emails.kinds.meeting.context import MeetingEmail
from emails.samples import GOALS, SITE, TOKEN, SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, MeetingEmail]:
    """Return the emails by what they are."""
    return {
        "meeting to the mentor": MeetingEmail(
            **cast.to_mentor,
            guidance=cast.preparation,
            topics_url=f"{SITE}/u/{TOKEN}/topics",
            asks=(cast.ask(MilestoneKind.MEETING, 60),),
            meeting_on=cast.day(46),
            goals=GOALS,
        ),
        "meeting to the mentee": MeetingEmail(
            **cast.to_mentee,
            guidance=cast.preparation,
            topics_url=f"{SITE}/u/{TOKEN}/topics",
            asks=(cast.ask(MilestoneKind.MEETING, 60), cast.ask(MilestoneKind.CHECK_IN, 184)),
            meeting_on=cast.day(46),
        ),
    }
