"""Samples of the open links email."""

from emails.kinds.open_links.context import OpenLinksEmail
from emails.samples import SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, OpenLinksEmail]:
    """Return the emails by what they are."""
    kinds = (MilestoneKind.CHECK_IN, MilestoneKind.GOAL_CHECK_IN, MilestoneKind.FAREWELL)
    asks = tuple(cast.ask(kind, 184) for kind in kinds)
    return {
        "open links": OpenLinksEmail(**cast.to_mentee, asks=asks),
        "open links, none": OpenLinksEmail(**cast.to_mentor),
    }
