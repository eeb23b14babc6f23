"""Samples of the meeting agreed email."""

from emails.kinds.meeting_agreed.context import MeetingAgreedEmail
from emails.samples import GOALS, SITE, TOKEN, SampleCast


def samples(cast: SampleCast) -> dict[str, MeetingAgreedEmail]:
    """Return the emails by what they are."""
    when = cast.moment(48, 10)
    urls = {
        "change_url": f"{SITE}/m/{TOKEN}/mile-2019-007/meetings/meeting-1/change",
        "topics_url": f"{SITE}/u/{TOKEN}/topics",
    }
    place, question = "The café <at> the library", "How do I ask for a budget & get it?"
    return {
        "meeting agreed, to the mentor": MeetingAgreedEmail(
            **cast.to_mentor,
            **urls,
            guidance=cast.preparation,
            when=when,
            minutes=45,
            place=place,
            question=question,
            goals=GOALS,
        ),
        "meeting agreed, to the mentee": MeetingAgreedEmail(
            **cast.to_mentee, **urls, guidance=cast.preparation, when=when, minutes=45, place=place, question=question
        ),
        "meeting agreed, without a question": MeetingAgreedEmail(
            **cast.to_mentee, **urls, guidance=cast.preparation, when=when, minutes=30
        ),
        "meeting changed": MeetingAgreedEmail(
            **cast.to_mentee, **urls, when=when, minutes=60, question=question, changed=True
        ),
    }
