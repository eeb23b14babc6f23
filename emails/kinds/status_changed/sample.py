"""Samples of the status changed email."""

from emails.kinds.status_changed.context import StatusChangedEmail
from emails.samples import SampleCast
from schemas.enums import ApplicationStatus


def samples(cast: SampleCast) -> dict[str, StatusChangedEmail]:
    """Return the emails by what they are."""
    return {
        **{
            f"status changed to {status}": StatusChangedEmail(
                **cast.to_mentor_before, by=cast.cohort.kickoff_day, status=status
            )
            for status in ApplicationStatus
        },
        "status changed to accepted once the matches are made": StatusChangedEmail(
            **cast.to_mentor_before, by=cast.cohort.kickoff_day, status=ApplicationStatus.ACCEPTED, published=True
        ),
        **{
            f"match that is off{', after the invitation' if invited else ''}": StatusChangedEmail(
                **cast.to_mentor_before,
                by=cast.cohort.kickoff_day,
                status=ApplicationStatus.ACCEPTED,
                match_is_off=True,
                calls_off=invited,
            )
            for invited in (False, True)
        },
        "status of a mentee changed": StatusChangedEmail(
            **cast.to_mentee_before, by=cast.cohort.kickoff_day, status=ApplicationStatus.ACCEPTED
        ),
    }
