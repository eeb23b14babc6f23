"""Samples of the meeting agreed email."""

from emails.kinds.meeting_agreed.context import MeetingAgreedEmail
from emails.samples import GOALS, SampleCast


def samples(cast: SampleCast) -> dict[str, MeetingAgreedEmail]:
    """Return the emails by what they are."""
    when = cast.moment(48, 10)
    place, question = "The café <at> the library", "How do I ask for a budget & get it?"
    return {
        "meeting agreed, to the mentor": MeetingAgreedEmail(
            **cast.to_mentor, when=when, minutes=45, place=place, question=question, goals=GOALS
        ),
        "meeting agreed, to the mentee": MeetingAgreedEmail(
            **cast.to_mentee, when=when, minutes=45, place=place, question=question
        ),
        "meeting changed": MeetingAgreedEmail(**cast.to_mentee, when=when, minutes=60, changed=True),
    }
