"""Samples of the involvement email."""

from emails.kinds.involvement.context import InvolvementEmail
from emails.samples import SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, InvolvementEmail]:
    """Return the emails by what they are."""
    return {
        "involvement": InvolvementEmail(
            **cast.to_mentee, asks=(cast.ask(MilestoneKind.INVOLVEMENT, 184),), openings=cast.openings[:1]
        ),
    }
