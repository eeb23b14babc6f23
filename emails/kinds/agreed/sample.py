"""Samples of the agreed email."""

from emails.kinds.agreed.context import AgreedEmail
from emails.samples import SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, AgreedEmail]:
    """Return the emails by what they are."""
    return {
        "agreed": AgreedEmail(**cast.to_mentee, asks=(cast.ask(MilestoneKind.AGREEMENT, 42),), agreed_on=cast.day(35)),
        "agreed, to the mentor": AgreedEmail(
            **cast.to_mentor, asks=(cast.ask(MilestoneKind.AGREEMENT, 42),), agreed_on=cast.day(35)
        ),
    }
