"""Samples of the thanks email."""

from emails.kinds.thanks.context import ThanksEmail
from emails.samples import SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, ThanksEmail]:
    """Return the emails by what they are."""
    return {
        "thanks after the first meeting": ThanksEmail(**cast.to_mentee, asks=(cast.ask(MilestoneKind.THANKS, 184),)),
        "thanks at the end": ThanksEmail(**cast.to_mentee, asks=(cast.ask(MilestoneKind.THANKS, 550),), closing=True),
    }
