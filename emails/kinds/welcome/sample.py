"""Samples of the welcome email."""

from emails.kinds.welcome.context import WelcomeEmail
from emails.samples import SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, WelcomeEmail]:
    """Return the emails by what they are."""
    return {
        "welcome to the mentor": WelcomeEmail(
            **cast.to_mentor,
            intake=cast.intake,
            contact_by=cast.day(21),
            agreement_on=cast.day(7),
            asks=(cast.ask(MilestoneKind.FIRST_CONTACT, 21),),
        ),
        "welcome to the mentee": WelcomeEmail(**cast.to_mentee, contact_by=cast.day(21)),
    }
