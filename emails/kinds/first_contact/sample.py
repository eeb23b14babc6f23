"""Samples of the first contact email."""

from emails.kinds.first_contact.context import FirstContactEmail
from emails.samples import SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, FirstContactEmail]:
    """Return the emails by what they are."""
    return {
        "first contact reminder": FirstContactEmail(
            **cast.to_mentor, asks=(cast.ask(MilestoneKind.FIRST_CONTACT, 21),), occurrence=1
        ),
        "first contact asked of the mentee": FirstContactEmail(
            **cast.to_mentee, asks=(cast.ask(MilestoneKind.FIRST_CONTACT, 21),)
        ),
    }
