"""Samples of the involvement email."""

from emails.kinds.involvement.context import InvolvementEmail
from emails.samples import SITE, TOKEN, SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, InvolvementEmail]:
    """Return the emails by what they are."""
    return {
        "involvement": InvolvementEmail(
            **cast.to_mentee,
            asks=(cast.ask(MilestoneKind.INVOLVEMENT, 184),),
            openings=cast.openings[:1],
            openings_url=f"{SITE}/u/{TOKEN}/opportunities",
        ),
        "involvement to the mentor": InvolvementEmail(
            **cast.to_mentor,
            asks=(cast.ask(MilestoneKind.INVOLVEMENT, 184),),
            openings_url=f"{SITE}/u/{TOKEN}/opportunities",
        ),
    }
