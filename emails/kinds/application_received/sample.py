"""Samples of the application received email."""

from emails.kinds.application_received.context import ApplicationReceivedEmail
from emails.samples import SampleCast
from schemas.enums import ApplicationStatus


def samples(cast: SampleCast) -> dict[str, ApplicationReceivedEmail]:
    """Return the emails by what they are."""
    return {
        "application received": ApplicationReceivedEmail(
            **cast.to_mentor_before, by=cast.cohort.kickoff_day, status=ApplicationStatus.ACCEPTED
        ),
        "intake received": ApplicationReceivedEmail(
            **cast.to_mentee_before, by=cast.cohort.kickoff_day, status=ApplicationStatus.ACCEPTED
        ),
        "intake received once the matches are made": ApplicationReceivedEmail(
            **cast.to_mentee_before, by=cast.cohort.kickoff_day, status=ApplicationStatus.ACCEPTED, published=True
        ),
        "application received that is not eligible": ApplicationReceivedEmail(
            **cast.to_mentor_before,
            by=cast.cohort.kickoff_day,
            status=ApplicationStatus.INELIGIBLE,
            why="Five years of library work are asked for.",
        ),
        "application received too late": ApplicationReceivedEmail(
            **cast.to_mentor_before, by=cast.cohort.kickoff_day, status=ApplicationStatus.WAITING
        ),
    }
