"""Samples of the reminders paused email."""

from emails.kinds.reminders_paused.context import RemindersPausedEmail
from emails.samples import SITE, TOKEN, SampleCast


def samples(cast: SampleCast) -> dict[str, RemindersPausedEmail]:
    """Return the emails by what they are."""
    return {"reminders paused": RemindersPausedEmail(**cast.to_mentee, url=f"{SITE}/u/{TOKEN}")}
