"""Samples of the reminders paused email."""

from emails.kinds.reminders_paused.context import RemindersPausedEmail
from emails.samples import SITE, TOKEN, SampleCast


def samples(cast: SampleCast) -> dict[str, RemindersPausedEmail]:
    """Return the emails by what they are."""
    url = f"{SITE}/u/{TOKEN}"
    return {
        "reminders paused": RemindersPausedEmail(**cast.to_mentee, url=url),
        "reminders paused until a day": RemindersPausedEmail(**cast.to_mentee, url=url, come_again_on=cast.day(102)),
        "reminders paused, to the mentor": RemindersPausedEmail(**cast.to_mentor, url=url),
    }
