"""Samples of the meeting email."""

from emails.kinds.meeting.context import MeetingEmail
from emails.samples import GOALS, SITE, TOKEN, SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, MeetingEmail]:
    """Return the emails by what they are."""
    urls = {
        "topics_url": f"{SITE}/u/{TOKEN}/topics",
        "find_url": f"{SITE}/m/{TOKEN}/mile-2019-007/meetings/find",
    }
    agreed = {
        "guidance": cast.preparation,
        "asks": (cast.ask(MilestoneKind.MEETING, 60),),
        "meeting_on": cast.day(46),
        "agreed_at": cast.moment(46, 15),
    }
    return {
        "meeting to the mentor": MeetingEmail(
            **cast.to_mentor,
            guidance=cast.preparation,
            **urls,
            asks=(cast.ask(MilestoneKind.MEETING, 60),),
            meeting_on=cast.day(46),
            goals=GOALS,
        ),
        "meeting to the mentee": MeetingEmail(
            **cast.to_mentee,
            guidance=cast.preparation,
            **urls,
            asks=(cast.ask(MilestoneKind.MEETING, 60), cast.ask(MilestoneKind.CHECK_IN, 184)),
            meeting_on=cast.day(46),
        ),
        "agreed meeting to the mentor": MeetingEmail(
            **cast.to_mentor,
            **urls,
            **agreed,
            goals=GOALS,
            place="The café <at> the library",
            question="How do I begin?",
        ),
        "agreed meeting to the mentee": MeetingEmail(**cast.to_mentee, **urls, **agreed),
        "the day after the meeting": MeetingEmail(
            **cast.to_mentee, **urls, **agreed | {"agreed_at": None, "guidance": ()}, after=True, occurrence=1
        ),
    }
