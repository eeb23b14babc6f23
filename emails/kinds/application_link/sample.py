"""Samples of the application link email."""

from emails.kinds.application_link.context import ApplicationLinkEmail
from emails.samples import MENTOR, SampleCast, addressee


def samples(cast: SampleCast) -> dict[str, ApplicationLinkEmail]:
    """Return the emails by what they are."""
    return {
        "link to somebody without a name": ApplicationLinkEmail(
            **cast.to_mentor_before | {"recipient": addressee(MENTOR.model_copy(update={"name": ""}))},
            by=cast.day(-71),
            minutes=20,
        ),
        "link to a participant": ApplicationLinkEmail(**cast.to_mentee_before, by=cast.day(-71), minutes=20),
        "link to somebody who has submitted": ApplicationLinkEmail(
            **cast.to_mentor_before, by=cast.cohort.kickoff_day, submitted=True, occurrence=1
        ),
        "link when applications have closed": ApplicationLinkEmail(
            **cast.to_mentor_before, by=cast.day(-71), open=False
        ),
    }
