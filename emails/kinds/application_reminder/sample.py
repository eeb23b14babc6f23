"""Samples of the application reminder email."""

from emails.kinds.application_reminder.context import ApplicationReminderEmail
from emails.samples import SampleCast


def samples(cast: SampleCast) -> dict[str, ApplicationReminderEmail]:
    """Return the emails by what they are."""
    return {
        **{
            f"reminder to submit to a {to['recipient'].side}": ApplicationReminderEmail(
                **to, by=cast.day(-71), minutes=15, occurrence=2
            )
            for to in (cast.to_mentor_before, cast.to_mentee_before)
        },
    }
